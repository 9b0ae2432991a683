"""What a language is to the code graph: how its files are read into facts, and how its names are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..facts import Facts
from ..resolution.naming import Naming
from .tests import Tests


def _no_options(text: str) -> Sequence[ProgramOption]:
    return ()


ENVIRONMENT, OPTION, SETTING = "environment variable", "command line option", "setting"


@dataclass(frozen=True, slots=True)
class ProgramOption:
    """Something that whoever runs a program can set."""

    kind: str
    """``ENVIRONMENT``, ``OPTION`` or ``SETTING``."""
    name: str
    """As it is written; a star stands for what is computed."""
    line: int
    note: str = ""
    """Its default, and what else is to be said, a phrase."""


@dataclass(frozen=True, slots=True)
class Language:
    name: str
    family: str
    """Languages of one family see each other's names; no name is ever looked for in another family."""
    read: Callable[[str, str, str], Facts]
    """Facts of a file, from its path in the library, its module's name and its text. Pure; never raises for bad
    text."""
    naming: Naming
    never_run: Callable[[str], Sequence[range]] = lambda text: ()
    """The lines of a text that stand there for type checkers only."""
    options: Callable[[str], Sequence[ProgramOption]] = _no_options
    """What configuration a text reads."""
    definitions_only: bool = False
    """Whether nothing is known of what its files call, import and inherit."""
    exceptions: frozenset[str] = frozenset()
    """Names of the language's own exceptions."""
    tests: Tests | None = None
    """How its tests are told from other code; ``None`` where they are not."""

    @property
    def reads_options(self) -> bool:
        return self.options is not _no_options
