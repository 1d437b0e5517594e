"""The pages of docs/law that are made from the data: `law_pages.py write`, and `check` that they are up to date."""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import yaml

from staydown.regimes import helplines, lawful, places, retention, services, statutes
from staydown.regimes.authorities import Authority, authorities
from staydown.regimes.duties import Book, Duty, books
from staydown.regimes.harms import Role
from staydown.regimes.lawful import Feature

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "law"
ROWS = ROOT / "tests" / "law" / "rows.yaml"
MADE = "<!-- Made by tools/law_pages.py from the data of src/staydown/regimes; change the data, then run it. -->"
NO_ADVICE = "**This is not legal advice.** Have somebody who knows your law read it with you before people rely on it."


def page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([MADE, f"# {title}", "", *lines]).rstrip() + "\n"


def table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield _row(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_row, rows)
    yield ""


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in cells) + " |"


def listed(words: Iterable[object], everything: str) -> str:
    return ", ".join(sorted(str(word) for word in words)) or everything


def verified(row: Duty | statutes.Statute | retention.Rule | lawful.Refusal | services.Service | Authority) -> str:
    return "yes" if row.verified else "**no**"


def named(countries: Iterable[str]) -> str:
    return listed((places.name(each) for each in countries), "everywhere")


def time_of(duty: Duty) -> str:
    if duty.within:
        return f"{duty.within}" + (", or the time that the order sets" if duty.stated else "")
    said = f"“{duty.words}”"
    return said + (f"; our target: {duty.target}" if duty.target else "; no clock runs for it")


def duty_page(duty: Duty) -> str:
    return page(
        f"{duty.law}, {duty.article}",
        [
            duty.does,
            "",
            f"Official text: <{duty.source}>",
            "",
            *table(("question", "answer"), _answers(duty)),
            *_to_verify(duty),
            NO_ADVICE + " [All duties](../duties.md)",
        ],
    )


def _answers(duty: Duty) -> Iterator[tuple[str, str]]:
    yield "id", f"`{duty.id}`"
    yield "where", named(duty.countries) if not duty.issuers else "wherever the authority's order arrives"
    yield "for whom", listed((role.value for role in duty.roles), "every role")
    yield "starts with", duty.on.value.replace("_", " ")
    yield "is owed", duty.owes.value.replace("_", " ")
    yield ("at the latest after" if duty.bound == "at_latest" else "at least for"), time_of(duty)
    yield "harms", listed((harm.value for harm in duty.harms), "every one")
    if duty.child:
        yield (
            "a child",
            {"certain": "only where one is concerned", "possible": "where one may be concerned"}[duty.child],
        )
    if duty.flag:
        yield "only with the flag", duty.flag.value.replace("_", " ")
    if duty.capacities:
        yield "reported by", listed((each.value.replace("_", " ") for each in duty.capacities), "")
    if duty.issuers:
        yield "ordered by", listed((f"`{each}`" for each in duty.issuers), "")
    for rule in duty.pauses:
        yield "stands still for", rule.words + (f", once told: {rule.tell}" if rule.tell else "")
    if duty.spares_small:
        yield "not for", "micro and small enterprises"
    yield "in force", f"{duty.since or 'not recorded since when'}{f' until {duty.until}' if duty.until else ''}"
    yield "what was read", duty.read
    yield "verified", verified(duty)


def _to_verify(duty: Duty) -> Iterator[str]:
    if not duty.verified:
        yield f"**To verify before you rely on it:** {duty.to_verify}."
        yield ""


def duties_page() -> str:
    return page("Duties and their clocks", [NO_ADVICE, "", *_by_book(), *_still_to_verify()])


def _by_book() -> Iterator[str]:
    for book in sorted(books(), key=lambda book: (bool(book.countries), book.regime)):
        yield f"## {_regime(book)}"
        yield ""
        heads = ("duty", "starts with", "owed", "time", "verified")
        yield from table(
            heads,
            (
                (
                    f"[{duty.law}, {duty.article}](duties/{duty.id}.md)",
                    duty.on.value.replace("_", " "),
                    duty.owes.value.replace("_", " "),
                    ("at least " if duty.bound == "at_least" else "") + time_of(duty),
                    verified(duty),
                )
                for duty in book.duties
            ),
        )


def _regime(book: Book) -> str:
    return f"{book.regime} (data of {book.version})" if book.countries else "Staydown's own targets, everywhere"


def _still_to_verify() -> Iterator[str]:
    yield "## To verify"
    yield ""
    open_ones = [duty for book in books() for duty in book.duties if not duty.verified]
    yield from table(("duty", "what is left to do"), ((f"`{duty.id}`", duty.to_verify) for duty in open_ones))


def statutes_page() -> str:
    heads = ("article", "fact", "harms", "in force", "penalty", "verified", "what was read or is to verify")
    lines = [NO_ADVICE, "", "An empty answer means that the data has nothing, never that nothing is forbidden.", ""]
    codes: dict[str, list[statutes.Statute]] = {}
    for each in statutes.all_statutes():
        codes.setdefault(f"{places.name(each.country)}: {each.code}", []).append(each)
    for code, rows in codes.items():
        lines += [f"## {code}", "", f"Official text: <{rows[0].source}>", "", *table(heads, map(_statute, rows))]
    return page("Offences, by the day they were committed", lines)


def _statute(each: statutes.Statute) -> tuple[object, ...]:
    harms = listed((harm.value for harm in each.harms), "") + (", with a child only" if each.child else "")
    return (
        each.article,
        each.fact,
        harms,
        _span(each.since, each.until),
        each.penalty,
        verified(each),
        each.to_verify or each.read,
    )


def _span(since: date | None, until: date | None) -> str:
    return f"{since or ''} to {until or ''}" if since or until else "not recorded"


def retention_page() -> str:
    heads = (
        "id",
        "what",
        "time",
        "counted from",
        "then",
        "where, for whom, harms",
        "law",
        "verified",
        "read or to verify",
    )
    return page("How long what is kept is kept", [NO_ADVICE, "", *table(heads, map(_kept, retention.rules()))])


def _kept(rule: retention.Rule) -> tuple[object, ...]:
    where = named(rule.countries), listed((role.value for role in rule.roles), "every role")
    harms = listed((harm.value for harm in rule.harms), "a child" if rule.child else "every harm")
    return (
        f"`{rule.id}`", rule.what.value.replace("_", " "), f"{rule.bound.value.replace('_', ' ')} {rule.keep}", rule.since.value,
        rule.then, "; ".join((*where, harms)), f"[{rule.law}, {rule.article}]({rule.source})", verified(rule),
        rule.to_verify or rule.read,
    )  # fmt: skip


def features_page() -> str:
    lines = [NO_ADVICE, "", "What no row refuses is allowed by this software; whether your law allows it, ask.", ""]
    for feature in Feature:
        lines += [f"## {lawful.features().about[feature].capitalize()} (`{feature.value}`)", "", *_feature(feature)]
    return page("What a deployment may do, by role and country", lines)


def _feature(feature: Feature) -> Iterator[str]:
    rows = [each for each in lawful.features().refusals if each.feature is feature]
    refused = {role for each in rows if not each.countries for role in each.roles}
    yield f"Allowed, where no country says otherwise, to: {listed(set(Role) - refused, 'nobody')}."
    yield ""
    heads = ("not for", "where", "why", "law", "verified", "read or to verify")
    yield from table(heads, map(_refusal, rows))


def _refusal(each: lawful.Refusal) -> tuple[object, ...]:
    law = f"[{each.law}]({each.source}): {each.article}"
    return listed(each.roles, ""), named(each.countries), each.why, law, verified(each), each.to_verify or each.read


def authorities_page() -> str:
    heads = ("authority", "where", "told of", "how", "for whom", "duties", "verified", "read or to verify")
    lines = [
        NO_ADVICE,
        "",
        "Prepared with the decision, for what was found illegal and taken down; an adult whose image was shared decides",
        "herself whether the police should know. How each is sent: [referrals](../referrals.md).",
        "",
        *table(heads, map(_authority, authorities().values())),
    ]
    return page("Who must know", lines)


def _authority(each: Authority) -> tuple[object, ...]:
    told = {"child": "a child's case", "grave": "what threatens a life or somebody's safety"}[each.takes]
    told += ", where no authority of a country is known" if each.instead else ""
    told += ", by its country's providers always" if each.always else ""
    duties = listed((f"[{duty}](duties/{duty}.md)" for duty in each.duties), "nobody is obliged")
    said = each.to_verify or each.read
    return each.name, places.name(each.country), told, each.form, listed(each.roles, ""), duties, verified(each), said


def helplines_page() -> str:
    heads = ("name", "reach", "for", "hours", "languages", "shown to people", "read in", "called on")
    directory = helplines.directory()
    lines = [
        "**Nobody has called these numbers for you. Call each before people see it**, then write the day into",
        "`src/staydown/regimes/data/helplines.yaml` (`verified_on`). A number from memory is never shown to people.",
        "",
    ]
    for country, here in sorted(directory.countries.items()):
        lines += [f"## {places.name(country)}: {here.emergency}", "", *table(heads, map(_line, here.lines))]
    lines += ["## Everywhere", "", *table(heads, map(_line, directory.everywhere))]
    return page("Who people can call", lines)


def _line(line: helplines.Line) -> tuple[object, ...]:
    shown = "yes" if line.shown else "no"
    return (
        line.name,
        line.reach,
        line.kind,
        line.hours,
        line.languages,
        shown,
        line.read or "**memory**",
        line.verified_on or "**nobody yet**",
    )


def services_page() -> str:
    heads = ("id", "name", "for", "where", "text is read in", "what it does", "verified", "read or to verify")
    lines = [
        "Whoever holds a receipt is shown those that fit the age, the country and the harm (`regimes/services.py`), with a text",
        "to copy where one can be pasted. Nothing is sent there by this software.",
        "",
        *table(heads, map(_service, services.services())),
    ]
    return page("Services that reach other places", lines)


def _service(each: services.Service) -> tuple[object, ...]:
    whom = {"any": "every age", "child": "somebody under 18", "adult": "adults only"}[each.whom]
    whom += ", by the person shown or who acts for them" if each.own else ""
    spoken = listed(each.languages, "every language") if each.text else "no text"
    said = each.to_verify or each.read
    return (
        f"`{each.id}`",
        f"[{each.name}]({each.reach})",
        whom,
        named(each.countries),
        spoken,
        each.does,
        verified(each),
        said,
    )


def rows_page() -> str:
    heads = ("row", "requirement", "state", "where it is shown, or what is missing")
    rows = yaml.safe_load(ROWS.read_text(encoding="utf-8"))["rows"]
    lines = [
        "*engine*: the rules decide it, and a test in `tests/law` that is named after the row shows that; what acts on the",
        "answer is another matter, said in the last column. *elsewhere*: another package does it, with tests of its own.",
        "*partly*, *no*: not all of it, or nothing.",
        "",
        *table(heads, ((each["row"], each["what"], each["state"], each["where"]) for each in rows)),
    ]
    return page("What is built and what is not", lines)


def pages() -> dict[Path, str]:
    """Every page with its text."""
    made = {PAGES / "duties" / f"{duty.id}.md": duty_page(duty) for book in books() for duty in book.duties}
    return made | {
        PAGES / "duties.md": duties_page(),
        PAGES / "statutes.md": statutes_page(),
        PAGES / "retention.md": retention_page(),
        PAGES / "features.md": features_page(),
        PAGES / "authorities.md": authorities_page(),
        PAGES / "helplines.md": helplines_page(),
        PAGES / "services.md": services_page(),
        PAGES / "rows.md": rows_page(),
    }


def stale() -> list[Path]:
    """The pages that differ from the data, and those of duties that are no more."""
    made = pages()
    old = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return old + [path for path in (PAGES / "duties").glob("*.md") if path not in made]


def main(command: str) -> str:
    if command == "write":
        for path in stale():
            path.unlink(missing_ok=True)
        for path, text in pages().items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return ""
    if command != "check":
        return "Say write or check."
    return "".join(
        f"{path.relative_to(ROOT)} is not what the data says: python tools/law_pages.py write\n" for path in stale()
    )


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:])) or None)
