"""What compressing a model holds in memory at most, counted from its settings before anything is loaded.

Knows nothing of time and disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .recover import BATCH, LENGTH
from .survey import APART, FEW

SPARE = 1_000_000_000
"""Bytes beside the weights, the hidden states and the moments of a matrix: libraries, texts, holes in the heap."""
HEARD = 8
"""Bytes by which a survey holds the scores of one entry of the vocabulary, of both models, for each token."""
STATE, MOMENTS = 4, 3
"""Bytes of a number that learns, and how often its gradient and the optimiser's moments are held beside it."""
SCALES = 2.25
"""Bytes for each weight on the grid of four bits: the whole number, and its share of what its group of 32 learns."""


def to_cut(*, tokens: int, wide: int, width: int, streams: int) -> int:
    """Bytes beside the model: the hidden states of the text, and a layer's moments on their way."""
    return 4 * streams * tokens * wide + 6 * 8 * width * width


def to_survey(vocabulary: int, length: int) -> int:
    """Bytes beside those of cutting, where what the whole model says with one layer cut is compared with what it says
    uncut, in windows of ``length`` tokens."""
    return HEARD * vocabulary * FEW * length // APART


def to_recover(config: Mapping[str, Any], rank: int, *, parameters: int, number: int) -> int:
    """Bytes beside a model of so many ``parameters`` in fp32: the one that teaches, what learns, and what a step holds.

    ``number`` is the bytes of a number in which this machine multiplies. Counted is the larger of the two ways to
    learn, since settings do not tell whether a model lies on the grid: changes of low rank hold more of each token.
    """
    wide, width = int(config["hidden_size"]), int(config["intermediate_size"])
    layers, vocabulary = int(config["num_hidden_layers"]), int(config["vocab_size"])
    matrices = parameters - wide * vocabulary
    learning = layers * rank * (8 * wide + 3 * (wide + width))
    # of a token: what is held until the gradient has come back, as measured in models of several widths
    token = 2 * (number + 4) * vocabulary + layers * 8 * ((number + 5) * wide + number * width)
    held = number * parameters + SCALES * matrices + STATE * (1 + MOMENTS) * learning + BATCH * LENGTH * token
    return int(max(4 * parameters, held))  # the one that teaches is loaded in fp32
