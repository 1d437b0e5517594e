"""The CyberTipline's interface: what we write is what it takes, and each of its answers is understood."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from itertools import product
from pathlib import Path

import pytest
from lxml import etree

from staydown.authorities.cybertip import client, comparing, connection, reports
from staydown.authorities.cybertip.client import Upload
from staydown.authorities.cybertip.connection import BadConnection, Connection, Contact
from staydown.authorities.cybertip.errors import FiledAlready, NotAccepted, NotLetIn, NotNow, NotThere
from staydown.authorities.cybertip.reports import Disabled, NotInThePast, Tip, TipFile
from staydown.authorities.rules import Environment
from staydown.cli import main
from staydown.regimes.harms import Flag, Harm
from tests.authorities import cybertip_server
from tests.authorities.cybertip_server import LOGIN, SCHEMA, XSD, tipline

NOW = datetime.now(UTC)
PERSON = Contact("Ada", "Lin", "safety@plaza.example")
TIP = Tip(
    harm=Harm.GROOMING,
    at=NOW - timedelta(hours=3),
    addresses=("https://plaza.example/posts/1", "https://plaza.example/posts/2"),
    service="Plaza",
    account="bob",
    words="He asked for pictures \x00 & <threatened>.",
    flags=frozenset({Flag.IMMINENT_DANGER}),
    disabled=Disabled.FOR_A_TIME,
)


@pytest.fixture
def server():
    with tipline() as memory:
        yield memory


def to(server, login: str = LOGIN) -> Connection:
    return Connection(Environment.TEST, server.url, PERSON, login)


def test_whatever_a_case_is_like_its_report_keeps_to_the_schema():
    choices = (list(Harm), [(), (" ", "https://plaza.example/1")], ["", "Plaza"], ["", " ", "b" * 200], ["", "said"])
    flags = [frozenset(), frozenset({Flag.IMMINENT_DANGER})]
    for harm, addresses, service, account, words, flag, disabled in product(*choices, flags, [None, *Disabled]):
        tip = Tip(harm, TIP.at, addresses, service, account, words, flag, disabled)
        SCHEMA.assertValid(etree.fromstring(reports.report(tip, PERSON, NOW)))


def test_the_schema_refuses_what_the_documentation_does():
    def wrong(path: str, said: str) -> bool:
        root = etree.fromstring(reports.report(TIP, PERSON, NOW))
        root.find(path).text = said
        return not SCHEMA.validate(root)

    assert wrong("incidentSummary/incidentType", "Something else")
    assert wrong("incidentSummary/incidentDateTime", "2026-01-01T12:00:00")
    assert wrong("incidentSummary/escalateToHighPriority", " ")
    assert wrong("incidentSummary/escalateToHighPriority", "x" * 3001)
    assert wrong("incidentSummary/reportAnnotations/csamSolicitation", "false")
    assert not wrong("incidentSummary/incidentDateTime", "2026-01-01T12:00:00-07:00")


def test_a_restricted_account_is_not_called_disabled():
    said = [
        etree.fromstring(reports.report(replace(TIP, disabled=each), PERSON, NOW)).find("personOrUserReported")
        for each in (None, *Disabled)
    ]
    assert [each[-1].tag for each in said] == ["espService", *Disabled]


def test_the_smallest_report_is_taken_too(server):
    number = client.submit(to(server), reports.report(Tip(Harm.CSAM, NOW, (), ""), PERSON, NOW))
    assert server.tips[number].state == "open"


def test_words_arrive_as_they_were_written_but_for_what_no_xml_can_hold(server):
    number = client.submit(to(server), reports.report(TIP, PERSON, NOW))
    said = etree.fromstring(server.tips[number].xml).findtext("additionalInfo")
    assert said == "He asked for pictures  & <threatened>."


def test_the_whole_flow_files_a_report_with_its_file(server):
    number = client.submit(to(server), reports.report(TIP, PERSON, NOW))
    content = b"benign bytes " * 100_000
    sent = Upload("a picture.jpg", len(content), md5(content).hexdigest())
    file_number = client.upload(to(server), number, sent, io.BytesIO(content))
    file = TipFile("a picture.jpg", NOW - timedelta(days=1), TIP.addresses[0], True, True, {"SHA1": "0" * 40})
    client.file_info(to(server), reports.file_details(number, file_number, file, NOW))
    client.finish(to(server), number)
    (tip,) = server.of("finished")
    assert list(tip.files.values()) == [content]
    assert set(tip.details) == {file_number}


@pytest.mark.parametrize("at", [NOW + timedelta(minutes=1), datetime(2026, 1, 1)])
def test_a_time_to_come_or_without_its_zone_is_not_sent(at: datetime):
    with pytest.raises(NotInThePast):
        reports.report(Tip(Harm.CSAM, at, (), ""), PERSON, NOW)


def test_what_is_filed_or_taken_back_stays_so(server):
    filed, back = (client.submit(to(server), reports.report(TIP, PERSON, NOW)) for _ in range(2))
    client.finish(to(server), filed)
    client.retract(to(server), back)
    with pytest.raises(FiledAlready):
        client.finish(to(server), filed)
    with pytest.raises(FiledAlready):
        client.retract(to(server), filed)
    with pytest.raises(NotThere):
        client.finish(to(server), back)


@pytest.mark.parametrize(("code", "error"), [("5001", NotThere), ("5101", NotThere), ("5102", FiledAlready)])
def test_a_report_that_is_not_there_was_taken_back_or_is_filed_is_told_by_its_code(server, code: str, error: type):
    number = client.submit(to(server), reports.report(TIP, PERSON, NOW))
    server.faults = [code]
    with pytest.raises(error):
        client.finish(to(server), number)


def test_an_unfiled_report_is_gone_after_a_day(server):
    number = client.submit(to(server), reports.report(TIP, PERSON, NOW))
    server.clock = timedelta(hours=25)
    with pytest.raises(NotThere):
        client.finish(to(server), number)


@pytest.mark.parametrize("fault", ["drop", "502", "429", "1000", "1100", "1110", "1111", "1210", "1300"])
def test_trouble_over_there_is_for_later(server, fault: str):
    server.faults = [fault]
    with pytest.raises(NotNow):
        client.status(to(server))
    client.status(to(server))


def test_it_waits_as_long_as_it_is_told(server):
    server.faults = ["429"]
    with pytest.raises(NotNow) as caught:
        client.status(to(server))
    assert caught.value.seconds == 7


@pytest.mark.parametrize("fault", ["401", "2000", "3000", "3100", "3300"])
def test_a_login_that_is_not_let_in_is_an_operators_matter(server, fault: str):
    server.faults = [fault]
    with pytest.raises(NotLetIn):
        client.status(to(server))
    with pytest.raises(NotLetIn):
        client.status(to(server, "esp:wrong"))


@pytest.mark.parametrize("fault", ["4000", "4100", "4110", "4200", "5002"])
def test_what_is_not_accepted_is_a_persons_matter(server, fault: str):
    server.faults = [fault]
    with pytest.raises(NotAccepted) as caught:
        client.submit(to(server), reports.report(TIP, PERSON, NOW))
    assert caught.value.code == int(fault)


def test_elements_out_of_order_are_refused_over_there(server):
    root = etree.fromstring(reports.report(TIP, PERSON, NOW))
    root.insert(0, root.find("reporter"))
    with pytest.raises(NotAccepted):
        client.submit(to(server), etree.tostring(root))


def test_a_connection_is_named_or_there_is_none():
    assert connection.read("", "") is None
    said = connection.read("test https://esp.example/ispws/", "Ada Lin <a@plaza.example>", "n:p")
    assert said == Connection(
        Environment.TEST, "https://esp.example/ispws", Contact("Ada", "Lin", "a@plaza.example"), "n:p"
    )
    assert "n:p" not in repr(said)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("https://esp.example", "Ada Lin <a@plaza.example>"),
        ("staging https://esp.example", "Ada Lin <a@plaza.example>"),
        ("production", "Ada Lin <a@plaza.example>"),
        ("production http://esp.example/ispws", "Ada Lin <a@plaza.example>"),
        ("production http://127.0.0.1.esp.example/ispws", "Ada Lin <a@plaza.example>"),
        ("production https:///ispws", "Ada Lin <a@plaza.example>"),
        ("test https://esp.example", ""),
        ("test https://esp.example", "a@plaza.example"),
    ],
)
def test_half_a_connection_is_refused_when_the_program_starts(text: str, person: str):
    with pytest.raises(BadConnection):
        connection.read(text, person)


def compared(server, folder: Path, capsys) -> tuple[int, str]:
    (folder / "login").write_text(LOGIN)
    where = ["--at", f"test {server.url}", "--login", str(folder / "login"), "--allow", "http://127.0.0.0/8"]
    done = main(["evidence", "schema", *where])
    return done, capsys.readouterr().out


def test_an_operator_asks_whether_their_schema_takes_what_is_sent_and_nothing_is_reported(
    server, tmp_path: Path, capsys, monkeypatch
):
    assert compared(server, tmp_path, capsys) == (0, "Its schema takes it all.\n")
    changed = XSD.read_text().replace('"incidentDateTimeDescription" type="xs:string" minOccurs="0"', '"new"')
    (tmp_path / "changed.xsd").write_text(changed)
    monkeypatch.setattr(cybertip_server, "XSD", tmp_path / "changed.xsd")
    status, said = compared(server, tmp_path, capsys)
    assert status == 1 and "new" in said and "must not report there" in said
    assert set(server.calls) == {"status", "xsd"}


@pytest.mark.parametrize("said", ["<html/>", "not xml", '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"/>'])
def test_a_schema_that_is_none_or_would_load_another_is_not_used(server, tmp_path: Path, said: str, monkeypatch):
    elsewhere = '<x:include schemaLocation="file:///etc/passwd"/></x:schema>'
    (tmp_path / "odd.xsd").write_text(said.replace('Schema"/>', f'Schema">{elsewhere}'))
    monkeypatch.setattr(cybertip_server, "XSD", tmp_path / "odd.xsd")
    with pytest.raises(comparing.NoSchema):
        comparing.compare(to(server), NOW)
