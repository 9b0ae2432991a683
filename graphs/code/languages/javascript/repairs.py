"""What makes a file of TypeScript a text that its grammar reads, where it does not.

Each gives a text of the same length. It is only used where fewer syntax errors are left.
"""

from __future__ import annotations

import re

_SIGNATURE = re.compile(
    r"(?m)(?<=[\w>\])}])([ \t]*\r?\n(?:[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)?[ \t]*\r?\n)*[ \t]*)"
    r"[ \t](?=<[\sA-Za-z])"
)
_VARIANCE = re.compile(r"(?m)((?:^|[<,])[ \t]*)(?:in[ \t]+out|in|out)(?=[ \t]+[A-Z_$][\w$]*[ \t]*(?:extends\b|[,>=]))")
_TYPE_IMPORT = re.compile(r"\btypeof import\(\s*(?:'[^'\n]*'|\"[^\"\n]*\")\s*\)")


def signatures(text: str) -> str:
    """A semicolon stands before a call signature of a type that begins with ``<``, after one that has none."""
    return _SIGNATURE.sub(lambda found: f"{found[1]};", text)


def variance(text: str) -> str:
    """``in`` and ``out`` before a type's parameters are taken out."""
    return _VARIANCE.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), text)


def type_imports(text: str) -> str:
    """``any`` stands for ``typeof import('x')``."""
    return _TYPE_IMPORT.sub(lambda found: "any".ljust(len(found[0])), text)
