"""Checks of what the evidence holds word for word.

These two checks need no judgement: ``rows_carry`` is for rows of a query, ``holds`` for a few copied words. Whether one
statement carries a sentence is for ``verdict.py``.
"""

from __future__ import annotations

import re

from ...corpus.document import Evidence

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CODE_NAME = re.compile(r"[A-Za-z_]*(?:[._][A-Za-z_]\w*)+|[a-z]+[A-Z]\w*")


def rows_carry(evidence: Evidence, sentence: str) -> bool:
    """True when every name written like code, and every number, stands in the rows or in the query that gave them."""
    known = f"{evidence.quote}\n{evidence.query}"
    names = set(_CODE_NAME.findall(sentence))
    return (
        bool(names)
        and names <= set(_CODE_NAME.findall(known)) | set(re.findall(r"\w+", known))
        and set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(known))
    )


def holds(quote: str, answer: str) -> bool:
    """True when a short answer stands in ``quote`` word for word, whatever the white space."""
    plain = r"\s+".join(map(re.escape, answer.split()))
    return bool(plain) and re.search(rf"(?<!\w){plain}(?!\w)", quote) is not None
