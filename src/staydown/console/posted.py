"""What a form of the console posted, read as what it has to be."""

from uuid import UUID

from django.http import Http404, HttpRequest


def id_of(request: HttpRequest, name: str) -> UUID:
    """The id in a posted field; there is no page for what is none."""
    return as_id(request.POST.get(name, ""))


def as_id(text: str) -> UUID:
    """The id that a text is; there is no page for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
