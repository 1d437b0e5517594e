"""The database's settings, and what a connection to PostgreSQL then has."""

from pathlib import Path

import psycopg
import pytest

from staydown.site import database
from tests import postgres


def test_another_kind_of_database_is_refused():
    with pytest.raises(database.UnknownDatabase):
        database.from_address("mysql://somebody@127.0.0.1/staydown", Path())


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed on this machine")
def test_a_connection_to_postgresql_finds_few_rows_by_their_index_and_compiles_nothing():
    with postgres.server() as address:
        said = database.from_address(address, Path())
        with psycopg.connect(address, **said["OPTIONS"]) as connection:
            rows = connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN "
                "('jit', 'max_parallel_workers_per_gather', 'random_page_cost')"
            ).fetchall()
    assert dict(rows) == {"jit": "off", "max_parallel_workers_per_gather": "0", "random_page_cost": "1.1"}
