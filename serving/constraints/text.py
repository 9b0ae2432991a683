"""Constraints on plain text: a regular expression, a grammar, one of several choices.

Knows nothing of models beyond their ``Vocabulary``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ...errors import InputError
from .given_schema import unsupported_error
from .grammar import GrammarConstraint, Vocabulary, grammar
from .schema import embed_schema


def regex(vocabulary: Vocabulary, pattern: str) -> GrammarConstraint:
    """The whole reply matches ``pattern``, in the syntax of Rust's ``regex`` (no look-around, no back-references).

    Raises ``InputError``.
    """
    from llguidance import LLMatcher

    return grammar(vocabulary, LLMatcher.grammar_from_regex(_text(pattern, "pattern")))


def lark(vocabulary: Vocabulary, source: str) -> GrammarConstraint:
    """The reply is derived from ``start`` of a Lark grammar, in llguidance's dialect: EBNF rules, terminals as regular
    expressions, ``%ignore``, ``%json {…}``; no priorities, templates or imports. A schema behind ``%json`` is enforced
    or refused like any other. Raises ``InputError``."""
    if len(_text(source, "grammar")) > _LONGEST:
        raise InputError(f"the grammar has {len(source):,} characters, it may have {_LONGEST:,}", fix="make it smaller")
    return lark_with_schemas(vocabulary, _with_schemas(vocabulary, source))


def lark_with_schemas(vocabulary: Vocabulary, source: str) -> GrammarConstraint:
    """``lark`` of a grammar whose schemas have been read (``schema.embedded``)."""
    from llguidance import LLMatcher

    return grammar(vocabulary, LLMatcher.grammar_from_lark(source))


_LONGEST = 500_000
"""Characters of a grammar: with more rules than that can hold the engine computes for minutes, and then gives up."""
_MOST = 60_000
"""Texts to choose from, a rule of the engine's each, of which it takes 65,500."""
_LARK = re.compile(r'"(?:[^"\\\n]|\\.)*"|/(?![/*])(?:[^/\\\n]|\\.)+/|//[^\n]*|(?P<json>%json)\s*')
"""Texts, expressions and comments of a grammar, in which nothing is looked for, and what a schema stands behind."""


def _with_schemas(vocabulary: Vocabulary, source: str) -> str:
    parts, at = [], 0
    while (found := _LARK.search(source, at)) is not None:
        parts.append(source[at : found.end()])
        at = found.end()
        if found["json"]:
            try:
                _, end = json.JSONDecoder().raw_decode(source, at)
            except (ValueError, RecursionError) as error:
                raise InputError(
                    "what follows %json is no JSON", where="grammar", fix="write a schema there"
                ) from error
            written, arrays = embed_schema(vocabulary, source[at:end])
            if arrays:
                raise unsupported_error("uniqueItems", "%json", why="a grammar does not compare items")
            parts.append(written)
            at = end
    return "".join([*parts, source[at:]])


def choice(vocabulary: Vocabulary, options: Sequence[str]) -> GrammarConstraint:
    """The reply is one of ``options``, letter for letter. Raises ``InputError`` when there is none."""
    if isinstance(options, str) or not options or not all(isinstance(option, str) for option in options):
        raise InputError("a choice needs a list of texts", fix='give one or more, for instance ["yes", "no"]')
    if len(options) > _MOST:
        raise InputError(f"there are {len(options):,} texts to choose from, {_MOST:,} may be", fix="give fewer")
    quoted = (json.dumps(option, ensure_ascii=False) for option in dict.fromkeys(options))
    return lark_with_schemas(vocabulary, f"start: {' | '.join(quoted)}")


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"the {name} is empty or no text", fix=f"give the {name} as a string")
    return value
