"""The tables of the yearly report (Implementing Regulation (EU) 2024/2835, Annex I); medians; small numbers. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from staydown.regimes.harms import Harm, Tri
from staydown.transparency.vocabulary import OF_ADULTS, OTHER_WORDS, Category, Keyword, category_of

FEWEST = 5  # a smaller number is not shown in public: it could tell of one person
HEAD = ("Applicability", "Service", "Reporting period")
OF_CATEGORY = ("Category of illegal content", 'Description of the sub-category "Other"')
ORDERS = (
    "Number of orders to act against illegal content received",
    "Number of specific items of information included in the total number of orders to act against illegal content",
    "Median time to inform the authority of the receipt of the order to act against illegal content",
    "Median time to give effect to the order to act against illegal content",
    "Number of orders to provide information",
    "Median time to inform the authority of the receipt of the order to provide information",
    "Median time to give effect to the order to provide information",
)
NOTICES = (
    "Number of notices received",
    "Number of notices received from Trusted flaggers",
    "Number of specific items of information included in the total number of notices",
    "Number of specific items of information included in the total number of notices by Trusted Flaggers"
    " (Trusted Flagger notices)",
    "Median time to take action",
    "Median time to take action (Trusted Flagger notices)",
    "Number of actions taken on the basis of the law",
    "Number of actions taken on the basis of the law (Trusted Flagger notices)",
    "Number of actions taken on the basis of the terms and conditions of the service",
    "Number of actions taken on the basis of the terms and conditions of the service (Trusted Flagger notices)",
)
OWN = (
    "Number of measures taken at the provider's own initiative",
    "Number of measures taken after detection with solely automated means",
)
RESTRICTIONS = {
    "Visibility restriction Removal": "DECISION_VISIBILITY_CONTENT_REMOVED",
    "Visibility restriction Disable": "DECISION_VISIBILITY_CONTENT_DISABLED",
    "Visibility restriction Demoted": "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "Visibility restriction Age restricted": "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "Visibility restriction Interaction restricted": "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "Visibility restriction Labelled": "DECISION_VISIBILITY_CONTENT_LABELLED",
    "Visibility restriction Other": "DECISION_VISIBILITY_OTHER",
    "Monetary restriction Suspension": "",
    "Monetary restriction Termination": "",
    "Monetary restriction Other": "",
    "Provision of the service Suspension": "SUSPENSION",  # partial or total, of `decision_provision`
    "Provision of the service Termination": "TERMINATION",
    "Account restriction Suspension": "DECISION_ACCOUNT_SUSPENDED",
    "Account restriction Termination": "DECISION_ACCOUNT_TERMINATED",
}
INDICATORS = ("Section", "Indicator", "Scope", "Value", "Contextual Information")

type Number = int | float | str  # empty: nothing to say, as the median of nothing


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its file's name, its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Number, ...], ...]

    def to_csv(self) -> str:
        """Comma-separated values, RFC 4180."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([self.columns, *self.rows])
        return out.getvalue()


def categories() -> tuple[tuple[Category, Keyword | None], ...]:
    """Every category and sub-category that this software decides about, in the order of the vocabulary."""
    children = [
        (Category.MINORS, each) for each in (Keyword.CSAM, Keyword.CSAM_SYNTHETIC, Keyword.GROOMING, Keyword.OTHER)
    ]
    found = dict.fromkeys([*children, *OF_ADULTS.values()])
    return tuple(sorted(found, key=lambda each: list(Category).index(each[0])))


def named(kind: tuple[Category, Keyword | None]) -> tuple[str, str]:
    """A category as the columns have it, and what its "Other" stands for."""
    category, keyword = kind
    other = next((words for harm, words in OTHER_WORDS.items() if _is_other(harm, kind)), "")
    return f"{category.value}{f' / {keyword.value}' if keyword else ''}", other


def _is_other(harm: Harm, kind: tuple[Category, Keyword | None]) -> bool:
    return kind[1] is Keyword.OTHER and any(
        category_of(harm, minor, synthetic=False) == kind for minor in (Tri.YES, Tri.NO)
    )


def median_hours(times: Sequence[timedelta]) -> Number:
    """The median in hours, to a tenth; empty where there is none."""
    return round(median(each.total_seconds() for each in times) / 3600, 1) if times else ""


def for_everybody(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of one whole as anybody may see them: none of 1 to 4.

    Where one alone is left out, or those that are make fewer than five together, the next smallest goes, too: the whole is
    published, and would give them away (ESS guidelines on statistical disclosure control, secondary suppression).
    """
    small = {name for name, count in counts.items() if 0 < count < FEWEST}
    for _count, name in sorted((count, name) for name, count in counts.items() if count >= FEWEST):
        if not small or (len(small) > 1 and sum(counts[each] for each in small) >= FEWEST):
            break
        small.add(name)
    return {name: None if name in small else count for name, count in counts.items()}


def complaints_of(outcomes: Iterable[str], times: Sequence[timedelta]) -> dict[str, Number]:
    """The scopes of an indicator about complaints. What was reversed in part counts as reversed: our rows say no more."""
    known = list(outcomes)
    return {
        "Total number": len(known),
        "Decisions upheld": known.count("upheld"),
        "Decisions partially reversed": "",
        "Decisions reversed": known.count("reversed"),
        "Median time": median_hours(times),
    }
