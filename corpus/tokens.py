"""How many tokens a text may cost a language model that we do not know."""

from __future__ import annotations

BYTES_PER_TOKEN = 3
"""Of code and English: the tokenizers of today's models need hardly ever more tokens than that."""


def tokens(text: str) -> int:
    """An upper estimate of how many tokens a text has: no tokenizer of any one client is asked."""
    return -(-len(text.encode(errors="replace")) // BYTES_PER_TOKEN)
