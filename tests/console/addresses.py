"""Every address of the app that somebody of the staff can ask for, read from the URLconf: a new page is in it by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.urls import URLPattern, URLResolver, get_resolver

from staydown.console import urls

NOT_THE_STAFFS = "api/v1/"  # platforms come with keys, and no session


@dataclass(frozen=True, slots=True)
class Address:
    """The name of a page, and one path that leads to it."""

    name: str
    path: str


def patterns() -> Iterator[tuple[str, str]]:
    """(name, route) of every page: `cases/<uuid:case_id>/decide`."""
    yield from _below(get_resolver("staydown.site.app_urls"), "")


def _below(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if route.startswith(NOT_THE_STAFFS):
            continue
        if isinstance(one, URLPattern):
            yield one.name or route, route
        else:
            yield from _below(one, route)


def every(values: Mapping[str, Sequence[object]]) -> Iterator[Address]:
    """Each page with each of the values that its parameters may have: {"case_id": [...], ...}."""
    for name, route in patterns():
        parts = route.split("<")
        parameters = [part.split(">")[0].split(":")[-1] for part in parts[1:]]
        if unknown := set(parameters) - set(values):
            raise AssertionError(f"{route}: say in tests/console/known.py what {', '.join(unknown)} may be")
        for chosen in product(*(values[each] for each in parameters)):
            after = (f"{value}{part.split('>')[1]}" for value, part in zip(chosen, parts[1:], strict=True))
            yield Address(name, f"/{parts[0]}{''.join(after)}")


def ours() -> frozenset[str]:
    """The names of the console's pages."""
    return frozenset(str(each.name) for each in urls.urlpatterns)
