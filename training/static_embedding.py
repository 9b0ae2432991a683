"""Distils all-MiniLM-L6-v2 into one vector per word piece: the table of ``evidentia.retrieval.embedders.static``.

    python training/static_embedding.py --data FOLDER [--cache FOLDER] [--epochs N] [--out FILE]

Three steps. (1) Start: the teacher's vector of each piece alone, in its 256 strongest directions, weighted by
a / (a + p), p the piece's frequency (Arora et al., *SIF*, 2017). (2) Learn: the sum of a text's pieces shall point
where the teacher's vector of the text points, and a question shall be nearer to its own paragraph than to the others
of its batch. Pieces that the texts never use keep their start. (3) Write: int8 with one scale per piece.

Texts: sentences, questions and paragraphs of SQuAD 1.1 train (CC BY-SA 4.0), without its last 40 articles, on which the
steps are compared. The teacher's vectors are cached (165,000 short texts, 400 a second on one core), so a second run
costs minutes. Figures go to stdout, the table to ``--out``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import Tensor
from torch.nn import functional as F

from evidentia.corpus.spans import sentences
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.retrieval.embedders.static import DIMENSION, StaticEmbedder, sum_pieces

log = logging.getLogger("static_embedding")
ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "squad"
HELD_OUT = 40
"""Articles at the end that are never learnt from."""
SIF = 1e-3
TEMPERATURE = 0.05
Ids = list[list[int]]


@dataclass(frozen=True)
class Texts:
    paragraphs: list[str]
    questions: list[str]
    owner: list[int]
    """The paragraph of each question."""
    sentences: list[str]


def read(file: Path, articles: slice) -> Texts:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        found = [one for article in json.load(stream)["data"][articles] for one in article["paragraphs"]]
    paragraphs = [one["context"] for one in found]
    asked = {qa["question"]: place for place, one in enumerate(found) for qa in one["qas"]}
    parts = [text[start:end] for text in paragraphs for start, end in sentences(text, 0, len(text))]
    return Texts(paragraphs, list(asked), list(asked.values()), list(dict.fromkeys(parts)))


def taught(cache: Path, name: str, texts: Sequence[str], teacher: MiniLM, step: int = 4096) -> NDArray[np.float16]:
    """The teacher's vectors ``[texts, 384]``, from the cache as far as they are there; a stopped run goes on."""
    key = hashlib.sha256("\0".join([teacher.fingerprint, *texts]).encode()).hexdigest()[:16]
    folder = cache / f"{name}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(texts), step):
        file = folder / f"{start:08d}.npy"
        if not file.exists():
            part = file.with_suffix(".part")
            with part.open("wb") as stream:
                np.save(stream, teacher.encode(texts[start : start + step]).astype(np.float16), allow_pickle=False)
            part.replace(file)
            log.info("%s: %d of %d", name, min(start + step, len(texts)), len(texts))
        parts.append(np.load(file, allow_pickle=False))
    return np.concatenate(parts)


def directions(vectors: NDArray[np.float16], width: int) -> NDArray[np.float32]:
    """``[384, width]``: the orthonormal directions that keep most of the vectors' inner products (not centred)."""
    sample = vectors[: 1 << 16].astype(np.float32)
    _, axes = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(axes[:, ::-1][:, :width])


def start(teacher: MiniLM, pieces: Sequence[str], counts: NDArray[np.int64], axes: NDArray[np.float32]) -> Tensor:
    """``[pieces, width]``: each piece read alone by the teacher, rarer ones longer."""
    alone = teacher.encode([piece.removeprefix("##") for piece in pieces]) @ axes
    return torch.from_numpy(alone * (SIF / (SIF + counts / counts.sum()))[:, None].astype(np.float32))


def bags(ids: Ids) -> tuple[Tensor, Tensor]:
    """Flat ids and where each text starts: what ``F.embedding_bag`` takes."""
    lengths = [len(text) for text in ids]
    flat = [piece for text in ids for piece in text]
    return torch.tensor(flat, dtype=torch.long), torch.tensor(np.cumsum([0, *lengths[:-1]]), dtype=torch.long)


def vectors_of(table: Tensor, ids: Ids) -> Tensor:
    flat, starts = bags(ids)
    return F.normalize(F.embedding_bag(flat, table, starts, mode="sum"), dim=1)


def learn(
    table: Tensor,
    texts: tuple[Ids, Tensor],
    pairs: tuple[Ids, Ids, NDArray[np.int64]],
    *,
    epochs: int,
    contrast: float,
    batch: int = 1024,
    rate: float = 2e-3,
    seed: int = 0,
) -> Tensor:
    """``texts``: ids and the teacher's vectors. ``pairs``: question ids, paragraph ids, owner of each question.
    ``contrast`` weighs the second aim; 0 leaves it out."""
    table = table.clone().requires_grad_()
    ids, aims = texts
    questions, paragraphs, owner = pairs
    draw = np.random.default_rng(seed)
    steps = epochs * (len(ids) // batch)
    optimiser = torch.optim.Adam([table], lr=rate)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.1)
    for number in range(steps):
        rows = draw.integers(0, len(ids), batch)
        loss = 1 - (vectors_of(table, [ids[row] for row in rows]) * F.normalize(aims[rows], dim=1)).sum(1).mean()
        if contrast:
            asked = one_per_paragraph(draw.integers(0, len(questions), batch // 2), owner)
            near = vectors_of(table, [questions[one] for one in asked])
            far = vectors_of(table, [paragraphs[owner[one]] for one in asked])
            loss = loss + contrast * F.cross_entropy(near @ far.T / TEMPERATURE, torch.arange(len(asked)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        plan.step()
        if number % 50 == 0:
            log.info("step %d of %d, loss %.4f", number, steps, loss.item())
    return table.detach()


def one_per_paragraph(asked: NDArray[np.int64], owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """A paragraph must not be its own rival."""
    return asked[np.unique(owner[asked], return_index=True)[1]]


def quantised(table: Tensor) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    values = table.numpy()
    scales = (np.abs(values).max(axis=1) / 127).clip(1e-7).astype(np.float16)
    return np.rint(values / scales[:, None].astype(np.float32)).clip(-127, 127).astype(np.int8), scales


def hits(vector: Any, held: Texts, count: int = 2000) -> dict[str, float]:
    """How often a held-out question's paragraph is among the first 1 and 5 of the held-out articles."""
    asked = np.random.default_rng(0).permutation(len(held.questions))[:count]
    scores = vector([held.questions[one] for one in asked]) @ vector(held.paragraphs).T
    own = scores[np.arange(len(asked)), np.asarray(held.owner)[asked]]
    rank = (scores > own[:, None]).sum(axis=1)
    return {f"hits@{k}": round(float((rank < k).mean()), 4) for k in (1, 5)}


def _student(table: tuple[NDArray[np.int8], NDArray[np.float16]], tokenize: Any, texts: list[str]) -> Any:
    return sum_pieces(table[0], table[1].astype(np.float32), tokenize(texts))


def compared(tables: dict[str, Tensor], tokenize: Any, held: Texts, teacher: MiniLM) -> Iterator[tuple[str, Any]]:
    for name, table in tables.items():
        yield name, hits(partial(_student, quantised(table), tokenize), held)
    yield "teacher", hits(teacher.encode, held)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=Path("static-embedding-cache"))
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--contrast", type=float, default=0.2)
    parser.add_argument("--compare", action="store_true", help="also learn without the second aim, and print all steps")
    parser.add_argument("--out", type=Path, default=ROOT / "retrieval" / "embedders" / "static.safetensors")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    teacher, file = MiniLM(options.cache, few_tokens=0), options.data / "train-1.1.rebuilt.json.gz"
    texts, held = read(file, slice(None, -HELD_OUT)), read(file, slice(-HELD_OUT, None))
    tokenizer = StaticEmbedder(options.cache).tokenizer
    tokenize = lambda many: [one.ids for one in tokenizer.encode_batch_fast(list(many), add_special_tokens=False)]  # noqa: E731
    parts = {"sentences": texts.sentences, "questions": texts.questions}
    aims = np.concatenate([taught(options.cache, name, part, teacher) for name, part in parts.items()])
    axes = directions(aims, DIMENSION)
    ids = tokenize([text for part in parts.values() for text in part])
    counts = np.bincount([piece for text in ids for piece in text], minlength=tokenizer.get_vocab_size())
    tables = {"start": start(teacher, list(map(tokenizer.id_to_token, range(len(counts)))), counts, axes)}
    taught_texts = (ids, torch.from_numpy(aims.astype(np.float32) @ axes))
    pairs = (tokenize(texts.questions), tokenize(texts.paragraphs), np.asarray(texts.owner))
    wanted = {"distilled": 0.0} if options.compare else {}
    for name, contrast in {**wanted, "distilled and contrasted": options.contrast}.items():
        tables[name] = learn(tables["start"], taught_texts, pairs, epochs=options.epochs, contrast=contrast)
    rows, scales = quantised(tables["distilled and contrasted"])
    data = save({"rows": rows, "scales": scales}, {"teacher": teacher.fingerprint})
    options.out.write_bytes(data)
    print(json.dumps(dict(compared(tables, tokenize, held, teacher))))
    print(f"{options.out}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
