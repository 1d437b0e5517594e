"""The API itself: whose key opens it, what each key may do, how it is described."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.security import HttpBearer

from staydown.platforms import keys, problems
from staydown.platforms.models import ApiKey
from staydown.platforms.problems import Problem, Refused
from staydown.platforms.rules import Scope
from staydown.platforms.schemas import bodies


class Key(HttpBearer):
    """A platform's bearer key. `need` checks what the key may do."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return keys.find(token, timezone.now())


class Documented(NinjaAPI):
    """The API with its problems documented under their own media type."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(*args, **kwargs)
        schema["components"]["schemas"] |= bodies.components()
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, said in operation["responses"].items():
                    if int(status) >= 400 and "content" in said:
                        said["content"] = {problems.MEDIA_TYPE: said["content"]["application/json"]}
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """What programs that were made from the description call it: the same, wherever its code lives."""
        return f"staydown_platforms_api_{operation.view_func.__name__}"


api = Documented(title="Staydown", version="1", docs_url=None, auth=Key(), urls_namespace="api")
problems.install(api)


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """The problems an operation documents: its own, and those every operation has."""
    return dict.fromkeys((400, 401, 403, 422, *statuses), Problem)


def need(request: HttpRequest, scope: Scope) -> ApiKey:
    """The request's key, if it may do this."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]  # ninja sets it
    if scope not in key.scopes:
        raise Refused(HTTPStatus.FORBIDDEN, f"This key lacks the scope {scope.value!r}. Make one that has it.")
    return key
