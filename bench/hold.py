"""How long from a report to the moment the platform has confirmed that the item is hidden (promise P2).

The whole house runs as real processes; people report through the portal's own form, several at once; the times are the
rows' own: the report's `received_at`, the hold order's `confirmed_at`. Writes bench/results/hold.md.
"""

import io
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests import house as houses

REPORTS = 100  # of each kind
WARMING = 8  # not counted: a program's first answers load its pages and words
A_SECOND = 4.0  # reports, whether or not earlier ones are done: 14,400 an hour
AT_ONCE = 8  # people who each send the next as soon as the last is answered: more than two cores can do
RESULT = Path(__file__).parent / "results" / "hold.md"


def picture(seed: int) -> bytes:
    """A texture of its own for each post."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (24, 32, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    small.resize((640, 480), Image.Resampling.BICUBIC).save(buffer, "JPEG")
    return buffer.getvalue()


def post(plaza: str, number: int) -> str:
    """One post by an account of its own; its address."""
    with httpx.Client(follow_redirects=True, timeout=30, trust_env=False) as client:
        client.post(f"{plaza}/sign-in", data={"name": f"person{number}"})
        sent = {"picture": ("a.jpg", picture(number), "image/jpeg")}
        return str(client.post(f"{plaza}/posts", data={"caption": "x"}, files=sent).url)


def report(address: str) -> float:
    """Report a post by its button and a door; seconds until the receipt was shown."""
    with httpx.Client(follow_redirects=True, timeout=30, trust_env=False) as client:
        form = client.post(f"{address}/report")
        once = re.search(r'name="once" value="([^"]+)"', form.text)
        began = time.perf_counter()
        answer = client.post(str(form.url), data={"once": once[1] if once else "", "door": "me"})
        assert 'id="receipt"' in answer.text, answer.status_code
        return time.perf_counter() - began


def holds(house: houses.House) -> list[float]:
    """Milliseconds from report to confirmed hold, of every hold."""
    rows = house.query(
        "SELECT o.confirmed_at, r.received_at FROM platforms_order o JOIN cases_subject s ON s.item_id = o.item_id "
        "JOIN cases_report_subjects rs ON rs.subject_id = s.id JOIN cases_report r ON r.id = rs.report_id "
        "WHERE o.action = 'order.hold' AND o.confirmed_at IS NOT NULL ORDER BY o.confirmed_at"
    )
    return [(_moment(done) - _moment(received)).total_seconds() * 1000 for done, received in rows]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(str(text))


def steadily(addresses: list[str]) -> list[float]:
    """Report each at its own moment, `A_SECOND` a second, however long the others take."""

    def at(number: int) -> float:
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        return report(addresses[number])

    began = time.monotonic()
    with ThreadPoolExecutor(32) as people:
        return list(people.map(at, range(len(addresses))))


def all_at_once(addresses: list[str]) -> list[float]:
    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(people.map(report, addresses))


def measure(send: Callable[[list[str]], list[float]]) -> tuple[list[float], list[float]]:
    """Run it: milliseconds (to the receipt, to the confirmed hold), one for each report."""
    with tempfile.TemporaryDirectory() as folder, houses.running(Path(folder) / "house") as house:
        with ThreadPoolExecutor(4) as people:
            addresses = list(people.map(lambda number: post(house.plaza, number), range(WARMING + REPORTS)))
        steadily(addresses[:WARMING])
        while len(holds(house)) < WARMING:
            time.sleep(0.1)
        shown = [seconds * 1000 for seconds in send(addresses[WARMING:])]
        until = time.monotonic() + 60
        while len(found := holds(house)[WARMING:]) < REPORTS and time.monotonic() < until:
            time.sleep(0.2)
        return shown, found


def main() -> int:
    rows, complete = [], True
    for load, send in (
        (f"{A_SECOND:.0f} reports a second", steadily),
        (f"{AT_ONCE} people without a pause", all_at_once),
    ):
        shown, found = measure(send)
        complete &= len(found) == REPORTS
        for what, times in (("form sent → receipt shown", shown), ("report received → hold confirmed", found)):
            half, most, all_ = np.percentile(times, (50, 99, 100))
            rows.append(f"| {load} | {what} | {len(times)} | {half:.0f} ms | {most:.0f} ms | {all_:.0f} ms |")
    RESULT.write_text(
        f"# From report to hidden\n\nReports through the portal's form; SQLite; all four programs and the reporters "
        f"share one machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}. Written by `make bench`.\n\n"
        "| load | what | times | median | p99 | longest |\n|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    print(RESULT.read_text(encoding="utf-8"))
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
