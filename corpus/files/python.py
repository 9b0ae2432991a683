"""Python source to its syntax tree, once: the title, the passages and the code graph all look at the same tree.

A tree is shared between callers, so nobody may change it.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from functools import lru_cache

LARGEST = 500_000
"""Characters: a tree may take a thousand times the memory of its text."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    message: str
    line: int
    """1-based; 0 when the parser names none."""


def parse(text: str) -> ast.Module | None:
    """The syntax tree; None when ``text`` is not Python; ``problem`` then says why."""
    outcome = _outcome(text)
    return outcome if isinstance(outcome, ast.Module) else None


def problem(text: str) -> SyntaxProblem | None:
    """What keeps ``text`` from being Python; None when it is."""
    outcome = _outcome(text)
    return outcome if isinstance(outcome, SyntaxProblem) else None


@lru_cache(maxsize=2)
def _outcome(text: str) -> ast.Module | SyntaxProblem:
    if len(text) > LARGEST:
        return SyntaxProblem(f"{len(text):,} characters, above the limit of {LARGEST:,} for code", 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return SyntaxProblem(error.msg, error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        # NUL bytes, lone surrogates, and nesting deeper than the parser's stack.
        return SyntaxProblem(str(error) or "nested too deeply", 0)
