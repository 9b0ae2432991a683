"""Multi-hop retrieval on 2WikiMultiHopQA (6,119 passages) and MuSiQue (1,890), without a language model.

Printed: recall@5 of the gold documents by dense, lexical, fused and multihop search in one run, multihop also without
each of its parts. 2Wiki is shown in halves: the weights were chosen on the even questions, the odd ones were only
measured; MuSiQue was only measured. A document counts once, at its best passage. Times are without the embedding of
the question, which all share.

Gold on 2Wiki are the documents titled like the subjects of a question's evidence. A first subject that no title equals
is taken for the longest title in the question that is not gold already; questions that still lack one are left out and
counted.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from common import SHARED, arguments, report
from numpy.typing import NDArray

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.corpus.phrases.names import normal, title_forms
from evidentia.retrieval import open_retriever
from evidentia.retrieval.base import Embedder, Retriever
from evidentia.retrieval.multihop.retriever import MultihopRetriever
from evidentia.retrieval.multihop.start import WalkWeights

DEPTH = 5
PARTS = {
    "without facts": WalkWeights(fact=0.0),
    "without nearness": WalkWeights(near=0.0),
    "without phrases of the question": WalkWeights(asked=0.0),
    "without dense passages": WalkWeights(passage=0.0),
    "title edges like others": WalkWeights(named=1.0),
    "without synonym edges": WalkWeights(synonym=0.0),
}

Page = tuple[str, str]
"""Title, text."""
Question = tuple[str, list[set[int]]]
"""The question; for each document that is gold, the numbers of the pages that may stand for it."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "2wikimultihop")
    parser.add_argument("--musique", type=Path, default=SHARED / "musique")
    parser.add_argument("--library", type=Path, help="a library of the 2Wiki pages that was made before (NNNNN.md)")
    parser.add_argument("--musique-library", type=Path, help="the same for MuSiQue")
    parser.add_argument("--questions", type=int, default=1000, help="of each set, at most")
    options = parser.parse_args()
    pages, questions, unclear = load_2wiki(options.data)
    songs, hard = load_musique(options.musique)
    halves = {"2wiki tuned": questions[::2], "2wiki held out": questions[1::2]}
    halves = {name: half[: options.questions // 2] for name, half in halves.items()}
    metrics: dict[str, object] = {"2wiki_questions_left_out": unclear}
    with tempfile.TemporaryDirectory() as folder:
        wiki = opened(options.library, pages, Path(folder, "2wiki"))
        other = opened(options.musique_library, songs, Path(folder, "musique"))
        with wiki, other:
            sets = [(name, wiki, half) for name, half in halves.items()]
            sets.append(("musique", other, hard[: options.questions]))
            rows = [measure(name, sets, metrics) for name in ("dense", "lexical", "fused", "multihop", *PARTS)]
    columns = ("retriever", *(f"{name}, recall@{DEPTH}" for name, *_ in sets), "ms a question on 2wiki")
    report(options.json, f"Multi-hop retrieval ({unclear} of the 2Wiki questions left out)", columns, rows, metrics)


def load_2wiki(data: Path) -> tuple[list[Page], list[Question], int]:
    """Pages, questions with gold, and how many questions have no clear gold."""
    pages = [(page["title"], page["text"]) for page in json.loads((data / "corpus.json").read_text())]
    titled: dict[str, set[int]] = {}
    for number, (title, _) in enumerate(pages):
        for form in title_forms(title):
            titled.setdefault(form, set()).add(number)
    entries = json.loads((data / "questions.json").read_text())
    found = [(entry["question"], _gold(entry, titled, pages)) for entry in entries]
    clear = [(question, gold) for question, gold in found if gold is not None]
    return pages, clear, len(found) - len(clear)


def _gold(entry: dict[str, object], titled: dict[str, set[int]], pages: Sequence[Page]) -> list[set[int]] | None:
    evidence = entry["evidence"]
    assert isinstance(evidence, list)
    subjects, objects = dict.fromkeys(triple[0] for triple in evidence), {normal(triple[2]) for triple in evidence}
    gold = [_titled(subject, titled, pages) for subject in subjects]
    for place, subject in enumerate(subjects):
        if not gold[place] and normal(subject) not in objects:
            gold[place] = _in_question(str(entry["question"]), titled, set().union(*gold))
    return gold if all(gold) else None


def _titled(subject: str, titled: dict[str, set[int]], pages: Sequence[Page]) -> set[int]:
    alike = titled.get(normal(subject), set())
    return {number for number in alike if pages[number][0] == subject} or alike


def _in_question(question: str, titled: dict[str, set[int]], taken: set[int]) -> set[int]:
    asked = f" {normal(question)} "
    inside = [form for form in titled if (f" {form} " in asked or f" {form}s " in asked) and not titled[form] & taken]
    return titled[max(inside, key=len)] if inside else set()


def load_musique(data: Path) -> tuple[list[Page], list[Question]]:
    pages = [(page["title"], page["text"]) for page in json.loads((data / "train_corpus.json").read_text())]
    number = {page: at for at, page in enumerate(pages)}
    questions = []
    for entry in json.loads((data / "qa_train100.json").read_text()):
        gold = [part for part in entry["paragraphs"] if part["is_supporting"]]
        questions.append((entry["question"], [{number[part["title"], part["paragraph_text"]]} for part in gold]))
    return pages, questions


class Kept:
    """An embedder that embeds each question once, whoever asks."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self._embedder = embedder
        self._vectors: dict[tuple[str, ...], NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        key = tuple(texts)
        if key not in self._vectors:
            self._vectors[key] = self._embedder.encode(texts, progress)
        return self._vectors[key]


def opened(made: Path | None, pages: Sequence[Page], folder: Path) -> Library:
    """The library ``made`` before, or a new one below ``folder``; each question is embedded once."""
    if made is None:
        make_library(pages, folder).close()
    library = Library(made or folder / "library", create=False)
    return Library(library.store.folder, create=False, embedder=Kept(library.embedder()))


def make_library(pages: Sequence[Page], folder: Path) -> Library:
    source = folder / "pages"
    source.mkdir(parents=True)
    for number, (title, text) in enumerate(pages):
        (source / f"{number:05d}.md").write_text(f"# {title}\n\n{text}\n")
    library = Library(folder / "library")
    library.add(source)
    return library


def measure(name: str, sets: Sequence[tuple[str, Library, list[Question]]], metrics: dict[str, object]) -> list[object]:
    row: list[object] = [name]
    pace = 0.0
    for place, (data, library, questions) in enumerate(sets):
        found = _retriever(name, library)
        for question, _ in questions:
            library.embedder().encode([question])
        found.search("warm", DEPTH)
        started = time.perf_counter()
        recalls = [_recall(documents(found.search(question, 4 * DEPTH)), gold) for question, gold in questions]
        if place == 0:
            pace = 1000 * (time.perf_counter() - started) / len(questions)
        row.append(sum(recalls) / len(recalls))
        metrics[f"{data}_{name}_recall@{DEPTH}".replace(" ", "_")] = row[-1]
    metrics[f"2wiki_{name}_ms".replace(" ", "_")] = pace
    return [*row, f"{pace:.0f}"]


def _retriever(name: str, library: Library) -> Retriever:
    if name in PARTS:
        return MultihopRetriever(library.store, library.embedder, weights=PARTS[name])
    return open_retriever(name, library.store, library.embedder, library.model)


def documents(hits: Sequence[Evidence]) -> list[int]:
    """Numbers of the pages, each once, in order."""
    return list(dict.fromkeys(int(Path(hit.span.document).stem) for hit in hits if hit.span))


def _recall(found: Sequence[int], gold: Sequence[set[int]]) -> float:
    top = set(found[:DEPTH])
    return sum(not top.isdisjoint(pages) for pages in gold) / len(gold)


if __name__ == "__main__":
    main()
