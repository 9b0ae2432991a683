"""What a language is to the code graph: how its files are read into facts, and how its names are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..facts import Facts
from ..resolution.naming import Naming


@dataclass(frozen=True, slots=True)
class Language:
    name: str
    family: str
    """Languages of one family see each other's names; no name is ever looked for in another family."""
    read: Callable[[str, str, str], Facts]
    """Facts of a file, from its path in the library, its module's name and its text. Pure; never raises for bad
    text."""
    naming: Naming
    raises: Callable[[str], Sequence[tuple[str, int]]] = lambda text: ()
    """``(last name of what is raised, line)`` of each statement in a text that raises something, from above."""
    never_run: Callable[[str], Sequence[range]] = lambda text: ()
    """The lines of a text that stand there for type checkers only."""
    exceptions: frozenset[str] = frozenset()
    """Names of the language's own exceptions."""
