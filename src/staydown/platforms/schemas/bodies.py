"""The bodies that are read by us and not by ninja, as JSON Schema."""

from typing import Any

from pydantic import BaseModel

from staydown.platforms.schemas.checks import CheckIn, HashesIn

PLACE = "#/components/schemas/{model}"


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a body that is read by us and not by ninja; the models in it are among `components`."""
    schema = model.model_json_schema(ref_template=PLACE)
    return {name: said for name, said in schema.items() if name != "$defs"}


def components() -> dict[str, Any]:
    """{name: JSON Schema} of the models in those bodies."""
    return {
        name: said
        for model in (CheckIn, HashesIn)
        for name, said in model.model_json_schema(ref_template=PLACE)["$defs"].items()
    }
