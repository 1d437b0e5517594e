"""The clocks of a case, proved by the signed journal, checked by the file's own script; and drafts with a deployment's facts."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as now_set

from staydown.authorities import actions
from staydown.authorities.models import Referral
from staydown.authority_orders.actions import executing, receiving
from staydown.authority_orders.actions.receiving import Order, Sender
from staydown.authority_orders.rules import Kind as OrderKind
from staydown.authority_orders.rules import Said
from staydown.cli import main
from staydown.journal import tasks as journal
from staydown.platforms.actions.ordering import confirm
from staydown.platforms.rules import Outcome
from staydown.regimes.duties import duty
from staydown.regimes.harms import Harm, Role, Tri
from staydown.transparency import order_clocks, pages, timelines
from tests import people
from tests.authorities.light import WORDS, decided
from tests.desk.outside import SAID, admitted, team
from tests.vault.evidence.light import posted

pytestmark = pytest.mark.django_db


def checked(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(path), *words], capture_output=True, text=True, check=False)


def rewritten(path: Path, change) -> Path:
    """The same file with another timeline.json."""
    made = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(made, "w") as into:
        for name in file.namelist():
            data = file.read(name)
            if name == "timeline.json":
                said = json.loads(data)
                change(said)
                data = json.dumps(said).encode()
            into.writestr(name, data)
    return made


def test_a_strangers_python_checks_every_clock_of_a_case(tmp_path: Path):
    case = decided(people.plaza())
    referral = Referral.objects.get()
    actions.approve(referral, WORDS, people.staff("ida"), people.NOW)
    actions.sent_by_hand(referral, "PH-1", people.staff("jo"), people.later(hours=30))
    journal.sign_head()
    path, key = tmp_path / "timeline.zip", now_set.JOURNAL_PUBLIC.hex()
    assert main(["transparency", "timeline", case.reference, "--to", str(path)]) == 0
    told = checked(path, "--key", key)
    assert told.returncode == 0, told.stdout
    assert "IN TIME" in told.stdout
    late = duty("eu_dsa_18_refer")
    assert f"{late.law}, {late.article}: 2026-11-21 12:00:00 to 2026-11-22 12:00:00 UTC" in told.stdout
    assert "2026-11-22 18:00:00 UTC, LATE" in told.stdout
    assert "NOT CHECKED" in checked(path).stdout
    assert checked(path, "--key", "00" * 32).returncode == 1
    later = rewritten(path, lambda said: said["clocks"][0].update(ended_at="2026-11-21T12:00:01+00:00"))
    assert "does not end when entry" in checked(later).stdout
    forged = rewritten(path, lambda said: said["journal"]["entries"][0].update(at="2026-11-20T12:00:00.000000Z"))
    assert checked(forged).returncode == 1
    assert WORDS not in path.read_bytes().decode(errors="ignore")


def test_a_clock_that_runs_is_said_to_run(tmp_path: Path):
    case = people.reported(posted(people.plaza(), "post-1"), harm=Harm.NCII, minor=Tri.NO).case
    journal.sign_head()
    found = timelines.write(case, tmp_path / "timeline.zip", people.NOW)
    assert found and all(each.ended_at == "" for each in found)
    assert "RUNNING" in checked(tmp_path / "timeline.zip").stdout


def test_an_orders_clocks_their_pause_and_what_met_them_are_proved_by_a_file_that_tells_nothing_else_of_its_case(
    tmp_path: Path, settings
):
    platform, mina = people.plaza(), team()[0]
    post = posted(platform, "post-1")
    people.reported(post, harm=Harm.CSAM, minor=Tri.YES)
    lacking = Order(OrderKind.REMOVAL, Said(**SAID), harm=Harm.CSAM, minor=Tri.YES)
    row = receiving.receive(lacking, Sender(admitted(issuer="fr_ofac")), people.NOW)
    row = receiving.complete(row, Said(**SAID, places=(post.url,)), "test", people.later(hours=30))
    executing.execute(row, "An authority ordered it removed.", mina, people.later(hours=50))
    for order in platform.orders.all():
        confirm(order, Outcome.APPLIED, people.later(hours=51))
    executing.look(row, people.later(hours=51, minutes=1))
    (notice,) = row.notices.all()
    executing.uploader_told(notice, people.later(hours=60))
    journal.sign_head()
    path, key = tmp_path / "order.zip", now_set.JOURNAL_PUBLIC.hex()
    assert main(["transparency", "timeline", row.reference, "--order", "--to", str(path)]) == 0
    told = checked(path, "--key", key)
    assert told.returncode == 0, told.stdout
    law = duty("fr_lcen_6_1")
    assert f"Order {row.reference}" in told.stdout
    carried_out = (
        f"{law.law}, {law.article}: 2026-11-21 12:00:00 to 2026-11-23 18:00:00 UTC; ended 2026-11-23 15:00:00 UTC"
    )
    assert f"{carried_out}, IN TIME (authority_order.effect)" in told.stdout
    assert "stood still from 2026-11-21 12:00:00 to 2026-11-22 18:00:00 UTC: manifest_error" in told.stdout
    assert "ended 2026-11-23 15:01:00 UTC, IN TIME (authority_order.answered)" in told.stdout
    assert "ended 2026-11-24 00:00:00 UTC, LATE (authority_order.uploader_told)" in told.stdout
    said = json.loads(zipfile.ZipFile(path).read("timeline.json"))
    assert {each["about"] for each in said["journal"]["entries"]} == {order_clocks.about(row)}
    longer = rewritten(path, lambda said: said["clocks"][0]["stood_still"][0].update(until="2026-11-23T12:00:00+00:00"))
    assert "does not stand still when entry" in checked(longer).stdout
    whole = timelines.write(row.report.case, tmp_path / "case.zip", people.later(hours=61))
    assert {"fr_lcen_6_1", "eu_dsa_9_reply", "eu_dsa_16_decide"} <= {each.duty for each in whole}
    assert checked(tmp_path / "case.zip").returncode == 0
    assert main(["transparency", "timeline", "AAAAAA", "--order", "--to", str(tmp_path / "none.zip")]) == 2


def test_what_was_never_completed_has_a_clock_that_stands_still_until_it_is_refused(tmp_path: Path):
    lacking = Order(OrderKind.REMOVAL, Said(**SAID), harm=Harm.CSAM, minor=Tri.YES)
    row = receiving.receive(lacking, Sender(admitted(issuer="fr_ofac")), people.NOW)
    journal.sign_head()
    clock = timelines.write_order(row, tmp_path / "before.zip", people.later(hours=1))[0]
    assert (clock.duty, clock.ended_at, clock.stood_still[0].until) == ("fr_lcen_6_1", "", "")
    assert "and still does: manifest_error" in checked(tmp_path / "before.zip").stdout
    executing.refuse(row, "It names no address.", team()[0], people.later(hours=2))
    journal.sign_head()
    timelines.write_order(row, tmp_path / "after.zip", people.later(hours=3))
    assert "IN TIME (authority_order.refused)" in checked(tmp_path / "after.zip").stdout


def test_drafts_are_filled_with_what_this_deployment_is(settings, tmp_path: Path):
    people.plaza()
    settings.COUNTRY, settings.CONTACT = "BE", "law@plaza.example"
    assert main(["transparency", "pages", "--to", str(tmp_path / "drafts")]) == 0
    texts = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "drafts").iterdir()}
    assert set(texts) == set(pages.NAMES)
    assessment = texts["impact-assessment.md"]
    for said in ("platform in Belgium", "law@plaza.example", "Plaza", "nothing is sealed", "TO DO"):
        assert said in assessment
    assert "2258A" not in assessment
    assert "$" not in "".join(texts.values())


def test_drafts_name_what_the_law_forbids_to_the_role(settings):
    settings.ROLE, settings.SERVES = Role.SUPPORT_NGO.value, frozenset({"US"})
    text = pages.drafts()["impact-assessment.md"]
    assert "receive images or films of what is reported" in text
    assert "support ngo in France, United States" in text
