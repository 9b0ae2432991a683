"""Trains the ranker for languages that the reader does not know: which sentence of a paragraph answers a question?

    python training/multilingual.py --out runs/multilingual [--questions 40000] [--steps 900]

Questions, paragraphs and articles held out are those of SQuAD's train split: English, since question and sentence are
read by their multilingual vectors alone. Each question is trained on with the sentences of its paragraph, with those
that answer other questions of the step (half of them the nearest by cosine), and with "none of them", whose score is 0:
so scores are log-odds against that. Ten minutes on one core, four of them for the vectors.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from evidentia.corpus.spans import sentences
from evidentia.evaluation.squad import FOLDER, TRAIN, Article, read_articles, split_articles
from evidentia.retrieval.embedders.multilingual import DIMENSION, open_multilingual
from evidentia.retrieval.reader.multilingual import SCALES
from evidentia.settings import Settings

HIDDEN, DROPOUT = 256, 0.1
LEARNING_RATE, DECAY, BATCH = 2e-3, 0.05, 128
SENTENCES, FURTHER = 10, 6
"""Of the paragraph, around the one that answers; of other questions."""
UNANSWERED = 0.15
"""Share of the questions whose answer is withheld."""
CHARS = 600
HELD_QUESTIONS = 3_000
REPORT = 100


class Head(nn.Module):
    """The network of ``retrieval/reader/multilingual.py``."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(3 * DIMENSION + 1, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)
        self.cosine = nn.Parameter(torch.tensor(8.0))
        self.dropout = nn.Dropout(DROPOUT)
        with torch.no_grad():
            self.out.bias.fill_(-4.0)

    def forward(self, question: Tensor, statements: Tensor) -> Tensor:
        """``[questions, 512]`` and ``[questions, statements, 512]`` to log-odds ``[questions, statements]``."""
        asked = question[:, None].expand_as(statements)
        cosines = (asked * statements).sum(-1, keepdim=True)
        parts = (asked * statements, asked, statements, cosines)
        read = torch.cat([part * scale for part, scale in zip(parts, SCALES, strict=True)], -1)
        inner = F.gelu(self.inner(self.dropout(read)))
        odds: Tensor = (self.out(self.dropout(inner)) + self.cosine * cosines).squeeze(-1)
        return odds


@dataclass(frozen=True, slots=True)
class Rows:
    """Questions as numbers of texts: of the question ``[n]``, of its paragraph's sentences ``[n, SENTENCES]`` with
    whether there are so many, and the place of the one that answers ``[n]``."""

    asked: Tensor
    sentences: Tensor
    filled: Tensor
    right: Tensor


def gather(articles: list[Article], most: int, numbers: dict[str, int]) -> Rows:
    """At most ``most`` questions in an order of their own; ``numbers`` gets what texts are new."""
    found = []
    for paragraph in (paragraph for article in articles for paragraph in article["paragraphs"]):
        text = paragraph["context"]
        places = list(sentences(text, 0, len(text), "section"))
        for asked in paragraph["qas"]:
            start = text.find(asked["answers"][0]["text"])
            start = asked["answers"][0].get("answer_start", start)
            right = next((at for at, (first, last) in enumerate(places) if first <= start < last), None)
            if right is not None and len(places) > 1:
                low = max(0, min(right - SENTENCES // 2, len(places) - SENTENCES))
                near = [text[slice(*place)] for place in places[low : low + SENTENCES]]
                found.append((asked["question"], near, right - low))
    Random(0).shuffle(found)
    found = found[:most]

    def number(text: str) -> int:
        return numbers.setdefault(text[:CHARS], len(numbers))

    rows = [[number(one) for one in near] for _, near, _ in found]
    filled = torch.tensor([[place < len(row) for place in range(SENTENCES)] for row in rows])
    padded = torch.tensor([row + [0] * (SENTENCES - len(row)) for row in rows])
    asked_numbers = torch.tensor([number(question) for question, _, _ in found])
    return Rows(asked_numbers, padded, filled, torch.tensor([right for _, _, right in found]))


def scores(head: Head, vectors: Tensor, rows: Rows, picked: Tensor, *, withhold: bool) -> tuple[Tensor, Tensor]:
    """Log-odds ``[questions, 1 + SENTENCES + FURTHER]``, first that of none, and which of them is right."""
    question = vectors[rows.asked[picked]]
    right = rows.sentences[picked, rows.right[picked]]
    near = question @ vectors[right].T
    near[right[:, None] == right[None, :]] = -torch.inf
    hard = near.topk(FURTHER // 2, 1).indices
    drawn = torch.randint(0, len(picked), (len(picked), FURTHER - FURTHER // 2))
    further = right[torch.cat([hard, drawn], 1)]
    statements = torch.cat([rows.sentences[picked], further], 1)
    filled = torch.cat([rows.filled[picked], further != right[:, None]], 1)
    wanted = rows.right[picked] + 1
    if withhold:
        none = torch.rand(len(picked)) < UNANSWERED
        filled[torch.where(none)[0], rows.right[picked][none]] = False
        wanted = torch.where(none, 0, wanted)
    odds = head(question, vectors[statements]).masked_fill(~filled, -1e4)
    return torch.cat([torch.zeros(len(odds), 1), odds], 1), wanted


def report(head: Head, vectors: Tensor, rows: Rows) -> str:
    head.eval()
    first = within = 0
    with torch.no_grad():
        for picked in torch.arange(len(rows.asked)).split(BATCH):
            odds, wanted = scores(head, vectors, rows, picked, withhold=False)
            first += int((odds[:, 1:].argmax(1) == wanted - 1).sum())
            within += int((odds[:, 1 : 1 + SENTENCES].argmax(1) == wanted - 1).sum())
    head.train()
    return f"right first of all {first / len(rows.asked):.3f}, of its paragraph {within / len(rows.asked):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=40_000)
    parser.add_argument("--steps", type=int, default=900)
    options = parser.parse_args()
    torch.manual_seed(0)
    numbers: dict[str, int] = {}
    trained, held = split_articles(read_articles(FOLDER / TRAIN))
    rows, held_rows = gather(trained, options.questions, numbers), gather(held, HELD_QUESTIONS, numbers)
    vectors = torch.from_numpy(open_multilingual(Settings.from_env().cache).encode(list(numbers)))
    head = Head()
    optimiser = torch.optim.AdamW(head.parameters(), LEARNING_RATE, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=options.steps)
    order = torch.randperm(len(rows.asked)).split(BATCH)
    for step in range(options.steps):
        odds, wanted = scores(head, vectors, rows, order[step % len(order)], withhold=True)
        loss = F.cross_entropy(odds, wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        rate.step()
        if (step + 1) % REPORT == 0:
            print(f"{step + 1}: loss {loss.item():.3f}, {report(head, vectors, held_rows)}", flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.half().contiguous() for name, value in head.state_dict().items()}
    save_file(tensors, options.out / "multilingual.safetensors")


if __name__ == "__main__":
    main()
