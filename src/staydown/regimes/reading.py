"""Data files → checked rows, or an error that names the file, the row and what is wrong there."""

from importlib import resources
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator


class BadData(ValueError):
    """A data file of the law says something that cannot be; nothing is decided by it until it is put right."""


class Row(BaseModel):
    """One row of a data file: it never changes, and a field nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Row):
    """A row that somebody can check: the article, the official text's address, and what was really read of it.

    `verified` is true where the text itself, or a faithful copy, was read; else `to_verify` says what is left to do,
    and operators see that.
    """

    article: str
    source: str
    read: str
    verified: bool
    to_verify: str = ""

    @model_validator(mode="after")
    def _says_what_to_verify(self) -> Self:
        if not self.source.startswith("https://"):
            raise ValueError("source must be the https:// address of the text")
        if self.verified == bool(self.to_verify):
            raise ValueError("say in to_verify what is left to check, exactly where verified is false")
        return self


class _Once(yaml.SafeLoader):
    """YAML in which a key given twice is an error instead of a silent choice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(problem=f"{', '.join(sorted(twice))} twice{node.start_mark}")
        return super().construct_mapping(node, deep)


def parse[T: BaseModel](name: str, text: str, model: type[T]) -> T:
    """The text of a data file as `model`. Raises `BadData`; `name` is what the error calls the file."""
    try:
        data = yaml.load(text, _Once)  # noqa: S506  # a SafeLoader
        if not isinstance(data, dict):
            raise BadData(f"{name} must name its fields: version, and what follows.")
        return model.model_validate(data)
    except yaml.YAMLError as error:
        raise BadData(f"{name} cannot be read as YAML: {error}") from error
    except ValidationError as error:
        said = (f"  {'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors())
        raise BadData("\n".join([f"{name} cannot be used:", *said])) from error


def read[T: BaseModel](name: str, model: type[T]) -> T:
    """One file of `data/`, for example `read("statutes.yaml", Statutes)`."""
    return parse(name, resources.files("staydown.regimes").joinpath("data", name).read_text(encoding="utf-8"), model)


def names(folder: str) -> list[str]:
    """The YAML files of one folder in `data/`, in order, as `read` wants them."""
    found = resources.files("staydown.regimes").joinpath("data", folder).iterdir()
    return sorted(f"{folder}/{each.name}" for each in found if each.name.endswith(".yaml"))
