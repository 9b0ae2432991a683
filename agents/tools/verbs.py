"""The verbs of the code graph, each once."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import NotFoundError
from ...graphs.code import verbs as code
from .base import Verb
from .say import defined, described, listed

_ENTRIES = (
    Verb(
        name="callers",
        description="Who calls it.",
        run=code.callers,
        say=listed,
        asks="asks for the callers of {name}",
        forms=(
            "{who} (?:calls?|invokes?) {name}",
            "(?:list |show )?(?:all )?(?:the )?callers of {name}",
            "where is {name} called(?: from)?",
        ),
        says="is called by {}",
        nothing="is called by nothing that is known",
    ),
    Verb(
        name="callees",
        description="What it calls.",
        run=code.callees,
        say=listed,
        asks="asks for the callees of {name}",
        forms=(
            "(?:what|{who}) (?:functions? |methods? )?(?:does|do|is) {name} (?:call|calling|invoke)s?",
            "(?:list |show )?(?:the )?callees of {name}",
            "{who} (?:is|are) called (?:by|from|in) {name}",
        ),
        says="calls {} of this library's symbols",
        nothing="calls nothing of this library",
    ),
    Verb(
        name="definition",
        description="Where it is defined.",
        run=code.definition,
        say=defined,
        asks="asks for the definition of {name}",
        forms=(
            "where is {name} (?:defined|declared|implemented)",
            "(?:show |find )?(?:me )?(?:the )?(?:definition|signature|source) of {name}",
        ),
    ),
    Verb(
        name="describe",
        description="What it is for, in the words of its documentation.",
        run=code.definition,
        say=described,
        asks="asks what {name} does",
        forms=(
            "what (?:does|do) {name} do",
            "what is {name}",
            "(?:explain|describe) {name}",
        ),
    ),
    Verb(
        name="subclasses",
        description="Which classes inherit from it.",
        run=code.subclasses,
        say=listed,
        asks="asks for the subclasses of {name}",
        forms=(
            "{who} (?:subclass|inherit|derive|extend)(?:es|s)?(?: from)? {name}",
            "(?:what|which) are (?:the )?(?:subclasses|children) of {name}",
            "(?:list |show )?(?:all )?(?:the )?subclasses of {name}",
        ),
        says="has these subclasses, {} in all",
        nothing="has no subclass that is known",
    ),
    Verb(
        name="superclasses",
        description="What it inherits from.",
        run=code.superclasses,
        say=listed,
        asks="asks for the superclasses of {name}",
        forms=(
            "(?:what|which classes?) does {name} (?:inherit|derive)(?: from)?",
            "(?:what|which) are (?:the )?(?:superclasses|base classes|bases|parents) of {name}",
            "(?:list |show )?(?:all )?(?:the )?(?:superclasses|base classes|bases|parents) of {name}",
        ),
        says="has these superclasses, {} in all",
        nothing="has no superclass that is known",
    ),
    Verb(
        name="references",
        description="Where it is used.",
        run=code.references,
        say=listed,
        asks="asks for the references of {name}",
        forms=(
            "where is {name} (?:used|referenced)",
            "{who} (?:uses?|references?) {name}",
            "(?:list |show )?(?:all )?(?:the )?(?:references|usages|uses) (?:to|of) {name}",
        ),
        says="is used by {}",
        nothing="is used by nothing that is known",
    ),
    Verb(
        name="members",
        description="What a module or class defines.",
        run=code.members,
        say=listed,
        asks="asks for the members of {name}",
        forms=(
            "(?:what|which) (?:methods|members|attributes|fields|functions) does {name} (?:have|define|provide)",
            "(?:what|which) are (?:the )?(?:methods|members|attributes|fields) of {name}",
            "(?:list |show )?(?:all )?(?:the )?(?:methods|members|attributes|fields) of {name}",
        ),
        says="has {} members",
        nothing="has no members",
    ),
    Verb(
        name="overrides",
        description="Which methods replace it.",
        run=code.overrides,
        say=listed,
        asks="asks for the overrides of {name}",
        forms=(
            "{who} overrides? {name}",
            "where is {name} overridden",
            "(?:list |show )?(?:all )?(?:the )?(?:overrides|overriding methods) of {name}",
        ),
        says="is overridden by {}",
        nothing="is overridden by nothing that is known",
    ),
)

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in _ENTRIES}


def verb_named(name: str) -> Verb:
    """Raises ``NotFoundError`` with the names that there are."""
    if name not in VERBS:
        raise NotFoundError("there is no such verb", where=name, fix=f"use one of: {', '.join(VERBS)}")
    return VERBS[name]
