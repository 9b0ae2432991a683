"""Short questions to code (CoSQA): mean reciprocal rank of the gold function among 6,267.

    python benchmarks/cosqa.py [--library FOLDER] [--questions 500]

Dense, lexical and fused search side by side, over the code alone as it stands in the files. The weight that words have
in fusion where the hits are code was chosen on the first half of the questions; ``second half`` is the figure that
counts. Huang et al., CoSQA: 20,000+ Web Queries for Code Search and Question Answering, 2021.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from evidentia import Library
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import machine
from evidentia.retrieval import fusion
from evidentia.retrieval.dense.retriever import DenseRetriever
from evidentia.retrieval.lexical import LexicalRetriever

DATA = DATA / "cosqa"
DEPTH = 100


def fill(folder: Path) -> None:
    """One file for each function."""
    for code, number in json.loads((DATA / "code_idx_map.txt").read_text("utf-8")).items():
        part = folder / f"{number % 100:02d}"
        part.mkdir(parents=True, exist_ok=True)
        (part / f"{number}.py").write_text(code, encoding="utf-8")


def reciprocal(names: Sequence[str], gold: str) -> float:
    """1 / rank of the gold file, each file counted once."""
    ranked = list(dict.fromkeys(Path(name).stem for name in names))
    return 1 / (1 + ranked.index(gold)) if gold in ranked else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, help="where the library is kept")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--weights", type=float, nargs="*", default=[], help="other weights of words to try")
    options = parser.parse_args()
    asked = json.loads((DATA / "cosqa-retrieval-dev-500.json").read_text("utf-8"))[: options.questions]
    with TemporaryDirectory() as at:
        place = options.library or Path(at) / "library"
        fresh = not place.exists()
        with Library(place) as library:
            if fresh:
                fill(Path(at) / "code")
                library.add(Path(at) / "code")
            dense, lexical = DenseRetriever(library.store, library.embedder), LexicalRetriever(library.store)
            rows: dict[str, list[float]] = {}
            for one in asked:
                gold = str(one["retrieval_idx"])
                near, said = dense.search(one["doc"], DEPTH), lexical.search(one["doc"], DEPTH)
                found = {"dense": near, "lexical": said, "fused": fusion.fuse_calibrated(near, said, [], DEPTH)}
                for weight in options.weights:
                    found[f"fused, words {weight:g}"] = fusion.fuse_calibrated(near, said, [], DEPTH, on_code=weight)
                for name, hits in found.items():
                    rows.setdefault(name, []).append(reciprocal([hit.name for hit in hits], gold))
    print(f"{machine()}\n\n| search | MRR, first half | MRR, second half |\n|---|---|---|")
    half = len(asked) // 2
    for name, values in rows.items():
        print(f"| {name} | {sum(values[:half]) / half:.3f} | {sum(values[half:]) / (len(values) - half):.3f} |")


if __name__ == "__main__":
    main()
