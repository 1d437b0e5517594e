"""What the declaration of a setting says: its name, default and meaning, and the programs that may see it."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Program(StrEnum):
    PORTAL = "portal"
    APP = "app"
    WORKER = "worker"


ALL = frozenset(Program)
STAFFED = frozenset({Program.APP, Program.WORKER})


class MissingSetting(RuntimeError):
    """A required setting is not given. `staydown init` writes all of them; `staydown doctor` says which is missing."""


@dataclass(frozen=True, slots=True)
class Option:
    """One environment variable `STAYDOWN_<name>`, or `STAYDOWN_<name>_FILE` with the path of a file holding it."""

    name: str
    about: str
    default: str | None = None  # None: required
    programs: frozenset[Program] = ALL
    secret: bool = False

    @property
    def variable(self) -> str:
        return f"STAYDOWN_{self.name}"

    def read(self, environ: os._Environ[str] | dict[str, str] = os.environ) -> str:
        """The value as text. Raises `MissingSetting` for a required one that is not there."""
        if path := environ.get(f"{self.variable}_FILE"):
            return Path(path).read_text(encoding="utf-8").strip()
        value = environ.get(self.variable, self.default)
        if value is None:
            raise MissingSetting(f"{self.variable} is not set: {self.about}")
        return value
