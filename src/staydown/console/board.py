"""The board: each figure as bars with its table beside it, and as CSV."""

import csv
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from staydown.cases import seeing
from staydown.console import figures
from staydown.console.figures import Figure, Said
from staydown.console.views import staff_of
from staydown.people import exposures
from staydown.people.models import Staff

WIDEST, BAR, STEP = 300, 12, 18  # pixels of the longest bar, of each bar's height, from one to the next


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it counts, how much, and where its bar is."""

    label: Said
    value: int | None
    width: int
    top: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its bars."""

    figure: Figure
    bars: list[Bar]

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything but noughts, of which the table says enough."""
        return any(bar.value for bar in self.bars)

    @property
    def height(self) -> int:
        return STEP * len(self.bars)


def chart(figure: Figure, staff: Staff, now: datetime) -> Chart:
    """A figure, of the cases that this person may know of."""
    rows = figure.count(seeing.visible(staff), now)
    most = max((value or 0 for _label, value in rows), default=0) or 1
    bars = [Bar(label, value, round(WIDEST * (value or 0) / most), STEP * at) for at, (label, value) in enumerate(rows)]
    return Chart(figure, bars)


@require_safe
@login_required
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Every figure."""
    staff, now = staff_of(request), timezone.now()
    away = exposures.all_away(now) if staff.may_see_child_safety() else []  # it tells what they looked at
    charts = [chart(figure, staff, now) for figure in figures.of(staff)]
    return render(request, "console/board.html", {"charts": charts, "away": away, "widest": WIDEST, "bar": BAR})


@require_safe
@login_required
@never_cache
def table(request: HttpRequest, name: str) -> HttpResponse:
    """One figure as CSV; what is withheld is empty."""
    figure = figures.BY_NAME.get(name)
    if figure is None or figure not in figures.of(staff_of(request)):
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(answer)
    writer.writerow([figure.title, figure.unit])
    writer.writerows(
        (label, "" if value is None else value)
        for label, value in figure.count(seeing.visible(staff_of(request)), timezone.now())
    )
    return answer
