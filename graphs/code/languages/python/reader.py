"""Facts of a Python file, from its text, by Python's own parser."""

from __future__ import annotations

import ast
import warnings

from .....corpus.files.python import LARGEST
from ...facts import MODULE, TOO_ENTANGLED, Facts, SymbolFact
from ...left_out import say_left_out
from ...work_limit import Entangled
from .broken import whole_part
from .walker import Walker


def parse(text: str) -> ast.Module:
    """Raises what ``ast.parse`` raises; its warnings about the text are the author's business, not ours."""
    if len(text) > LARGEST:
        raise ValueError(f"{len(text):,} characters, above the limit of {LARGEST:,} for code")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parse_part(text: str) -> ast.Module:
    """The tree of what parses. Raises as ``parse`` does where nothing can be had."""
    try:
        return parse(text)
    except SyntaxError:
        if (part := whole_part(text, parse)) is None:
            raise
        return part[0]


def read_facts(module: str, text: str, *, package: bool = False) -> Facts:
    """Facts of the module called ``module``; ``package`` for an ``__init__.py``. Never raises for bad source text: of
    one with syntax errors what parses is read, and the error says which lines are left out."""
    end = text.count("\n") + 1
    try:
        try:
            return Walker(module, package, ":=" in text).walk(parse(text), end)
        except SyntaxError as error:
            reason, line = error.msg, error.lineno or 1
            if (part := whole_part(text, parse)) is not None:
                facts = Walker(module, package, ":=" in text).walk(part[0], end)
                facts.error, facts.error_line = reason + say_left_out(part[1]), line
                return facts
    except (RecursionError, MemoryError):
        reason, line = "nested too deeply", 1
    except ValueError as error:
        reason, line = str(error), 1
    except Entangled:
        reason, line = TOO_ENTANGLED, 1
    return Facts([SymbolFact(MODULE, "", 1, end)], error=reason, error_line=line)
