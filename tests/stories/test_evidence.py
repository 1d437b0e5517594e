"""What is taken down is sealed first, two people release it in the console, and two custodians open it elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from staydown.site import custodians
from tests import house as houses
from tests.pictures import jpeg, photograph
from tests.stories.conftest import DESK, PHONE, Eyes, somebody
from tests.stories.test_first_journey import eventually, publish, report_in_two_clicks, sign_in

WHY = "Request 17/2026 of the public prosecutor"
SEALED = "SELECT kind FROM evidence_evidence WHERE state = 'sealed'"


def test_evidence_survives_the_takedown_and_opens_for_two_custodians_only(browser: Browser, tmp_path: Path, eyes: Eyes):
    keys = tmp_path / "custodians"
    with houses.running(tmp_path / "house", also=custodians.named(keys)) as house:
        picture = jpeg(photograph("coffee"))
        post = publish(somebody(browser, DESK).new_page(), house, "arno", picture, "look at this")
        report_in_two_clicks(somebody(browser, PHONE).new_page(), post, "an intimate image of me")
        eventually(lambda: {kind for (kind,) in house.query(SEALED)} >= {"item", "page"})

        tomas = sign_in(browser, house, "tomas")
        tomas.get_by_role("link", name="Evidence").click()
        expect(tomas.get_by_text("original of a post: sealed")).to_be_visible()
        tomas.get_by_label("Who asks for it").fill(WHY)
        tomas.get_by_role("button", name="Propose to release it").click()
        expect(tomas.get_by_text("somebody else has to agree")).to_be_visible()
        expect(tomas.get_by_role("button", name=re.compile("^I agree"))).to_have_count(0)
        eyes.look(tomas, "console-evidence-proposed")

        mina = sign_in(browser, house, "mina")
        mina.goto(f"{house.console}/evidence")
        expect(mina.get_by_text(WHY)).to_be_visible()
        eyes.look(mina, "console-evidence")
        mina.get_by_role("button", name=re.compile("^I agree")).click()
        said = mina.locator("code").inner_text()

        package = tmp_path / "case.tar"
        packed = house.staydown(*said.split()[1:], "--to", str(package))
        assert packed.returncode == 0, packed.stdout + packed.stderr
    opened = _open(package, tmp_path / "opened", keys / "bea.key", keys / "dan.key")
    assert WHY in opened.stdout, opened.stderr
    assert [path.read_bytes() for path in (tmp_path / "opened").glob("*.jpg")] == [picture]
    assert any(b"look at this" in path.read_bytes() for path in (tmp_path / "opened").glob("*.warc"))
    assert _open(package, tmp_path / "alone", keys / "bea.key").returncode == 2


def _open(package: Path, to: Path, *identities: Path) -> subprocess.CompletedProcess[str]:
    """As custodians do, on a machine without the house."""
    named = [word for path in identities for word in ("--identity", str(path))]
    command = [sys.executable, "-m", "staydown.cli", "evidence", "open", str(package), *named, "--to", str(to)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
