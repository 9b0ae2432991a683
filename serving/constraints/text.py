"""Constraints on plain text: a regular expression, a grammar, one of several choices.

Knows nothing of models beyond their ``Vocabulary``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...errors import InputError
from .engine import Grammar, Vocabulary, grammar


def regex(vocabulary: Vocabulary, pattern: str) -> Grammar:
    """The whole reply matches ``pattern``, in the syntax of Rust's ``regex`` (no look-around, no back-references).

    Raises ``InputError``.
    """
    from llguidance import LLMatcher

    return grammar(vocabulary, LLMatcher.grammar_from_regex(_text(pattern, "pattern")))


def lark(vocabulary: Vocabulary, source: str) -> Grammar:
    """The reply is derived from ``start`` of a Lark grammar, in llguidance's dialect: EBNF rules, terminals as regular
    expressions, ``%ignore``, ``%json {…}``; no priorities, templates or imports. Raises ``InputError``."""
    from llguidance import LLMatcher

    return grammar(vocabulary, LLMatcher.grammar_from_lark(_text(source, "grammar")))


def choice(vocabulary: Vocabulary, options: Sequence[str]) -> Grammar:
    """The reply is one of ``options``, letter for letter. Raises ``InputError`` when there is none."""
    if isinstance(options, str) or not options or not all(isinstance(option, str) for option in options):
        raise InputError("a choice needs a list of texts", fix='give one or more, for instance ["yes", "no"]')
    quoted = (json.dumps(option, ensure_ascii=False) for option in dict.fromkeys(options))
    return lark(vocabulary, f"start: {' | '.join(quoted)}")


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"the {name} is empty or no text", fix=f"give the {name} as a string")
    return value
