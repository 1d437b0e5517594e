"""What this deployment publishes once a year about what it did: for anybody, and about nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from staydown.portal.help import COUNTRIES
from staydown.portal.questions import KINDS
from staydown.regimes import places
from staydown.transparency.models import Yearly

OTHERS = {
    "UNSPECIFIED": _("Something else"),
    "median": _("Hours until half of the reports were answered by a person"),
    "law": _("Because of the law"),
    "rules": _("Because of the platform’s rules"),
    "own": _("Of these found by nobody’s report, such as copies"),
    "upheld": _("The decision stands"),
    "reversed": _("The decision was changed, all or part of it"),
    "": _("Not answered yet"),
    "act": _("To take something down"),
    "tell": _("To tell or to keep something"),
    "acknowledged": _("Hours until half of the authorities were told that their order arrived"),
    "effected": _("Hours until half of what they ordered was done"),
}
GROUPS = {
    "reports": _("Reports received"),
    "hours": _("How long it took"),
    "restrictions": _("What was taken down or restricted"),
    "complaints": _("Complaints against decisions"),
    "orders": _("Orders of authorities"),
    "order_harms": _("What authorities’ orders were about"),
    "order_hours": _("How long authorities’ orders took"),
    "order_countries": _("Where authorities’ orders came from"),
}


def _country(code: str) -> str:
    return str(COUNTRIES.get(code) or places.name(code))


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """The last version of each year, the newest year first."""
    rows = Yearly.objects.order_by("-year", "-version")
    newest = {row.year: row for row in reversed(rows)}
    labels = {harm.value: text for harm, text in KINDS.items()} | OTHERS
    years = [
        (
            row,
            [
                (title, [(labels.get(name) or _country(name), count) for name, count in row.figures[key].items()])
                for key, title in GROUPS.items()
                if row.figures.get(key)  # an older version lacks what was not counted yet
            ],
        )
        for _year, row in sorted(newest.items(), reverse=True)
    ]
    return render(request, "portal/published.html", {"years": years})
