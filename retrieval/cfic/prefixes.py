"""The shortest prefixes that tell sentences apart: a trie over their tokens, kept as the tree a session can score.

Pure: knows nothing of models and text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

END = -1
"""In place of a token: the sentence ends here, where another one goes on."""


@dataclass(frozen=True, slots=True)
class Trie:
    tokens: list[int]
    """The token of each inner node, breadth first."""
    parents: list[int]
    """Its parent node, -1 for the root."""
    prefixes: dict[int, list[tuple[int, int]]]
    """For each sentence its prefix as ``(node before, token)``. Of sentences that read alike the first stands for all;
    those without tokens are left out."""


def build(sequences: Sequence[Sequence[int]], whole: bool = False) -> Trie:
    """Builds the trie of the sentences' prefixes. ``whole``: the prefixes are the sentences with their ends, for
    comparison."""
    firsts = {tuple(sequence): at for at, sequence in reversed(list(enumerate(sequences))) if sequence}
    trie = Trie([], [], {at: [] for at in sorted(firsts.values())})
    waiting = [(-1, 0, list(trie.prefixes))]
    for node, depth, members in waiting:
        parts: dict[int, list[int]] = {}
        for member in members:
            sequence = sequences[member]
            parts.setdefault(sequence[depth] if depth < len(sequence) else END, []).append(member)
        for token, part in parts.items():
            for member in part:
                trie.prefixes[member].append((node, token))
            if token != END and (len(part) > 1 or whole):
                trie.tokens.append(token)
                trie.parents.append(node)
                waiting.append((len(trie.tokens) - 1, depth + 1, part))
    return trie
