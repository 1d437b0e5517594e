"""Checks the timeline of the clocks of a case or of an authority's order, from within the file:

    python3 -I timeline.zip --key <the journal's public key, 64 hex digits>

It needs Python 3.9 or later and nothing else. Exit code 0: everything fits. It checks that every entry is in the journal's tree
(RFC 9162), that the tree's head is signed with the journal's key (Ed25519, RFC 8032), and that each clock starts, stands still
and ends when its entries say; then it prints the clocks.

It cannot check: that the key is the deployment's, unless you give it; that the server's clock was right, beyond time-stamps;
that a deadline is what its article says (the article is named: read it); and that nothing else happened in the case.
"""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from package import Wrong, check_custody  # what checks packages of evidence checks these entries, too


def read(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def moments(entries: dict[int, dict[str, Any]], index: int) -> list[datetime]:
    """When an entry was written, and when what it tells of happened, where it says so: served, effect."""
    if index not in entries:
        raise Wrong(f"entry {index} is missing")
    facts = entries[index]["facts"] or {}
    return [read(text) for text in (entries[index]["at"], facts.get("served"), facts.get("effect")) if text]


def stood_still(clock: dict[str, Any], entries: dict[int, dict[str, Any]]) -> list[str]:
    lines = []
    for each in clock.get("stood_still", ()):
        for name, act in (("since", "authority_order.paused"), ("until", "authority_order.goes_on")):
            index = each[f"{name}_entry"]
            if each[name] and (read(each[name]) not in moments(entries, index) or entries[index]["act"] != act):
                raise Wrong(f"the clock {clock['duty']} does not stand still when entry {index} was written")
        until = f"to {read(each['until']):%Y-%m-%d %H:%M:%S} UTC" if each["until"] else "and still does"
        lines.append(f"  it stood still from {read(each['since']):%Y-%m-%d %H:%M:%S} {until}: {each['reason']}")
    return lines


def check(said: dict[str, Any], key: str) -> list[str]:
    """The lines to print, once everything fits."""
    check_custody(said["journal"], key)
    entries = {each["index"]: each for each in said["journal"]["entries"]}
    lines = []
    for clock in said["clocks"]:
        start, due = read(clock["started_at"]), read(clock["due_at"])
        if start not in moments(entries, clock["start_entry"]):
            raise Wrong(f"the clock {clock['duty']} does not start when entry {clock['start_entry']} was written")
        state = "RUNNING when this was made"
        if clock["ended_at"]:
            end = read(clock["ended_at"])
            if end not in moments(entries, clock["end_entry"]):
                raise Wrong(f"the clock {clock['duty']} does not end when entry {clock['end_entry']} was written")
            state = f"ended {end:%Y-%m-%d %H:%M:%S} UTC, {'IN TIME' if end <= due else 'LATE'}"
            state += f" ({entries[clock['end_entry']]['act']})"
        lines.append(
            f"{clock['law']}, {clock['article']}: {start:%Y-%m-%d %H:%M:%S} to {due:%Y-%m-%d %H:%M:%S} UTC; {state}"
        )
        lines += stood_still(clock, entries)
    return lines


def main(words: list[str]) -> int:
    asked = dict(zip(words[::2], words[1::2]))
    if len(words) % 2 or set(asked) - {"--key"}:
        print(__doc__)
        return 2
    try:
        with zipfile.ZipFile(Path(sys.argv[0]).resolve()) as file:
            said = json.loads(file.read("timeline.json"))
        lines = check(said, asked.get("--key", "").lower())
    except Wrong as wrong:
        print(f"REFUSED: {wrong}.")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        print(f"REFUSED: the file cannot be read ({type(error).__name__}: {error}).")
        return 1
    what = "Order" if "order" in said else "Case"
    print(f"{what} {said['reference']}: {len(said['journal']['entries'])} entries are as they were written.")
    print("\n".join(lines))
    if "--key" not in asked:
        print(f"NOT CHECKED: whose key this is: {said['journal']['journal_public']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
