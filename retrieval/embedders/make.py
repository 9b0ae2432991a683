"""A faster embedder from the packaged one: everything between the command and the cut.

Texts are cut into passages as a library's are, and what is embedded for them is calibrated and distilled on.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...corpus.document import Document
from ...corpus.spans import sentences, split
from ...corpus.spans.embedding_texts import embedding_texts
from ...errors import InputError
from . import folder, minilm, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 1536
CALIBRATED = 150_000
"""Tokens that the cut is fitted on, where there are so many."""
MULTIPLE = 64
HELD_OUT = 16
"""Every sixteenth text is measured on."""
BATCH_TOKENS = 3072

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class EmbedderPlan:
    width: int
    bytes: int
    minutes: float
    """Of the processor's time, about."""


@dataclass(frozen=True, slots=True)
class MadeEmbedder:
    path: Path
    cosine: float
    least: float
    """How near its vectors are to the packaged embedder's on texts that were held out: on average, and at least."""


def width_of(keep: float) -> int:
    return max(MULTIPLE, round(keep * WIDTH / MULTIPLE) * MULTIPLE)


def plan(keep: float, minutes: float) -> EmbedderPlan:
    width = width_of(keep)
    parameters = 11_920_512 + 6 * (4 * 384 * 384 + 2 * 384 * width)
    return EmbedderPlan(width, 4 * parameters, minutes + 2)


def make(
    name: str, texts: Sequence[str], keep: float, minutes: float, cache: Path,
    *, progress: Progress = lambda stage, done, total: None,
) -> MadeEmbedder:  # fmt: skip
    """The new embedder, called ``name``: of each feed-forward a share ``keep`` of the channels, distilled for so many
    ``minutes``. Raises ``InputError`` for a name that is taken or too little text."""
    import torch

    from .bert_torch import TorchBert
    from .compress import narrow
    from .distil import Student, distil

    width = width_of(keep)
    if width >= WIDTH:
        raise InputError("this would cut nothing", where=f"{keep:g}", fix="keep less")
    tokenizer = minilm.MiniLM(cache).tokenizer
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(_texts(texts)))]
    random.Random(0).shuffle(ids)  # noqa: S311
    held, learnt = ids[::HELD_OUT][:256], [one for at, one in enumerate(ids) if at % HELD_OUT]
    tensors = dict(weights.tensors(weights.published_file(minilm.MODEL, cache)))
    layers = 1 + max(int(key.split(".")[2]) for key in tensors if key.startswith("encoder.layer."))
    made, errors = narrow(tensors, _first(learnt, CALIBRATED), [width] * layers, progress)
    device = torch.device("cpu")
    whole = TorchBert(tensors, device, torch.float32)
    if minutes:
        student = Student(TorchBert(made, device, torch.float32))

        def report(step: int, spent: float, apart: float, turned: float) -> None:
            progress("distil", round(60 * spent), round(60 * minutes))

        distil(whole, student, _batches(learnt), minutes, kept=range(layers), told=report)
        made |= student.tensors()
    near = (_vectors(whole, held) * _vectors(TorchBert(made, device, torch.float32), held)).sum(1)
    cosine, least = float(near.mean()), float(near.min())
    facts: dict[str, Any] = {
        "source": minilm.MiniLM.fingerprint,
        "width": width,
        "minutes": minutes,
        "text": hashlib.sha256("\0".join(texts).encode()).hexdigest(),
        "error_by_layer": [round(error, 4) for error in errors],
        "cosine": round(cosine, 5),
        "least_cosine": round(least, 5),
    }
    return MadeEmbedder(folder.write(name, cache, made, facts), cosine, least)


def _texts(texts: Sequence[str]) -> Iterator[str]:
    """What a library would embed for them, and single sentences, which are as short as questions."""
    for number, text in enumerate(texts):
        document = Document(str(number), str(number), text, "text/plain", "")
        for at, passage in enumerate(split(document)):
            yield from embedding_texts(document, passage)
            if at % 4 == 0:
                yield from (text[start:end] for start, end in sentences(text, passage.start, passage.end))


def _first(ids: Sequence[list[int]], tokens: int) -> list[list[int]]:
    found, held = [], 0
    for one in ids:
        if held >= tokens:
            break
        found.append(one)
        held += len(one)
    return found


def _batches(ids: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """Batches of texts of like length, without end."""
    while True:
        for rows in minilm.batches([len(one) for one in ids], BATCH_TOKENS):
            yield [ids[row] for row in rows]


def _vectors(bert: Any, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    found = np.zeros((len(ids), minilm.MiniLM.dimension), np.float32)
    for rows in minilm.batches([len(one) for one in ids], BATCH_TOKENS):
        found[rows] = bert.mean_vectors([ids[row] for row in rows])
    return found
