"""What the resolver must be told of a family of languages: how imports are followed, and which names are its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .values import Meaning, Unit

if TYPE_CHECKING:
    from .program import Program


@dataclass(frozen=True, slots=True)
class Naming:
    """How the resolver finds the names of one family of languages. All functions are pure."""

    source: Callable[[Program, Unit, str], tuple[Unit | None, bool]]
    """The import rule: the file that a path means which this file imports, and whether that is proven. Of a package of
    several files any one, which sees the others' names."""
    builtins: frozenset[str] = frozenset()
    """Names that mean the language's own where nothing else has them."""
    common: frozenset[str] = frozenset()
    """Members of the language's own types: on an unknown object they say nothing about the library."""
    is_plain: Callable[[str], bool] = lambda base: base == "object"
    """Whether a base outside the library brings no members of interest."""
    has_member: Callable[[str, str], bool] = lambda base, name: False
    """Whether a class of the language's own has a member; the class as an import writes it."""
    importing: frozenset[str] = frozenset()
    """What imports a module by a text: functions of the language's own, and others by where they come from."""
    invoked: str = "__call__"
    """The method that runs when an object is called as a function."""
    calling: frozenset[str] = frozenset()
    """Methods of functions that call them."""
    by_text: frozenset[str] = frozenset()
    """Forms of expressions (see ``expressions``) of which a call may mean any name, since it is a text that is called
    or looked up."""
    constructors: tuple[str, ...] = ()
    """Names of the methods that run when an object is made; a full stop stands for the name of the class."""
    beside: Callable[[Program, Unit], Sequence[Unit]] = lambda program, unit: ()
    """Files whose names this one sees without an import."""
    elsewhere: Callable[[Program, Unit, str], Sequence[Unit]] = lambda program, unit, name: ()
    """Files that may define a name which this one sees without an import, in languages that look names up in all that
    is loaded. Where there are several, none is sure."""
    reopened: bool = False
    """Whether classes of one path are one class, in whatever files they are opened; and whether their own methods and
    those of their objects are told apart, by the flag ``singleton``."""
    implicit: bool = False
    """Whether a bare name may be a method of the object that the code runs on."""
    missing: Callable[[Program, Unit, str], Meaning | None] = lambda program, unit, name: None
    """What a name means as an attribute of a file that does not define it."""
    whole: str = ""
    """The name by which an import means all that a file exports."""
    packages: bool = False
    """Whether files have dotted names by which they are imported, and lie in packages."""
    grouped: bool = False
    """Whether the path of an import means a package of several files."""
    same: frozenset[str] = frozenset()
    """Methods that give the object itself, or what it only wraps, where the library has none of that name."""
    structural: bool = False
    """Whether a class implements each interface whose methods it has."""
    shared: bool = False
    """Whether a function that no scope explains may be one that any other file defines."""
    overloads: bool = False
    """Whether several functions of one name are told apart by the number of their arguments."""
