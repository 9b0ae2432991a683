"""Everything that retrieval claims, in one table: runs the other scripts one by one and compares with the goals.

    python benchmarks/retrieval.py                 # about three quarters of an hour on one core
    python benchmarks/retrieval.py --only reader squad
    python benchmarks/retrieval.py --questions 20  # of each script: a few minutes, to see that all of it runs

Each script prints its figures with those of its rivals while it runs; the last table holds one line per figure with a
goal. How many questions each asks stands in ``COMMANDS``; the tables in README.md have more of some.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from evidentia.evaluation import scifact, squad, wiki
from evidentia.evaluation.data import DATA
from evidentia.evaluation.goals import Goal, report_goals, run
from evidentia.evaluation.libraries import make_library
from evidentia.evaluation.report import arguments

GOALS = (
    Goal("scifact", "reader_ndcg10", "SciFact train, fused and read: nDCG@10", 0.74),
    Goal("scifact", "lexical_ndcg10", "SciFact train, BM25 beside bm25s: nDCG@10", "bm25s_ndcg10"),
    Goal("scifact", "dense_ndcg10", "SciFact train, dense beside its library", "sentence-transformers_ndcg10"),
    Goal("squad", "gold_sentence_is_the_first_evidence", "SQuAD open: gold sentence is the first evidence", 0.85),
    Goal(
        "squad", "gold_sentence_is_the_first_evidence", "SQuAD open: beside fixed 256-word chunks",
        "chunks_best_sentence_holds_an_answer", plus=0.10,
    ),
    Goal("reader", "reader_EM", "reader on gold paragraphs: EM", 0.65),
    Goal("reader", "reader_F1", "reader on gold paragraphs: F1", 0.76),
    Goal("multihop", "2wiki_held_out_multihop_recall@5", "2Wiki, multi-hop, questions held out: recall@5", 0.88),
    Goal("seal", "hits@5_adapter_its_keys_alone", "SEAL, the adapter's keys: hits@5 beside the plain model",
         "hits@5_plain_model_its_keys_alone", plus=0.15),
    Goal("cfic", "cfic_gold_adapter_full", "CFIC, adapter: the gold sentence is found in the gold paragraph", 0.85),
    Goal("grounded", "adapter, copied, gold paragraph, EM", "grounded answers, adapter, gold paragraph: EM", 0.50),
    Goal("grounded", "adapter, copied, gold paragraph, F1", "grounded answers, adapter, gold paragraph: F1", 0.62),
    *(
        Goal("structure", f"{where}_structure_{figure}", f"structure on {where}: {figure} beside dense",
             f"{where}_dense_{figure}", most=figure == "distance")
        for where in ("2wiki", "docs") for figure in ("ndcg@10", "recall@10", "distance")
    ),
    Goal("ngram", "build_mtokens_per_s_16", "n-gram index: million tokens per second, 16-bit", 1.0),
    Goal("ngram", "bytes_per_token_16", "n-gram index: bytes per token, 16-bit", 6.0, most=True),
    Goal("ngram", "bytes_per_token_32", "n-gram index: bytes per token, 32-bit", 8.0, most=True),
    Goal("ngram", "fm_bytes_per_token_16", "n-gram index as FM-index: bytes per token, 16-bit", 3.0, most=True),
    Goal("ngram", "fm_bytes_per_token_32", "n-gram index as FM-index: bytes per token, 32-bit", 3.0, most=True),
    Goal("ngram", "beams_ms_16_median", "n-gram index: 15 beams x 10 steps, ms", 100.0, most=True),
    *(
        Goal("hnsw", f"{name}_ours_per_s", f"HNSW on {name}: queries/s beside {rival}", f"{name}_{rival}_per_s")
        for name in ("glove", "mnist", "sentences") for rival in ("hnswlib", "faiss")
    ),
)  # fmt: skip

COMMANDS: dict[str, tuple[int, Sequence[str]]] = {
    "ngram": (500, ("--library", "{squad}")),
    "scifact": (809, ("--library", "{scifact}")),
    "squad": (1000, ("--library", "{squad}")),
    "reader": (1000, ()),
    "not_found": (250, ()),
    "seal": (50, ("--library", "{squad}")),
    "cfic": (40, ("--slow", "8", "--open", "10", "--library", "{squad}")),
    "likelihood": (25, ("--library", "{squad}")),
    "grounded": (100, ("--free", "20", "--library", "{squad}")),
    "multihop": (300, ("--library", "{2wiki}")),
    "structure": (300, ("--library", "{2wiki}")),
    "static_embedding": (250, ("--minilm", "{folder}")),
    "hnsw": (1000, ("--parts", "speed", "--sentences", "20000", "--cache", "{folder}")),
}
"""How many questions each script asks, and its other options."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--questions", type=int, help="for every script, in place of what it asks otherwise")
    parser.add_argument("--libraries", type=Path, help="a folder that keeps libraries and vectors for the next run")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as made:
        folder = options.libraries or Path(made)
        places = {"folder": str(folder), **libraries(folder, options.only)}
        for script in options.only:
            usual, more = COMMANDS[script]
            asked = str(options.questions or usual)
            results[script] = run(
                Path(__file__).with_name(f"{script}.py"),
                ["--questions", asked, *(option.format(**places) for option in more)],
            )
    report_goals(options.json, "Retrieval", GOALS, results)


def libraries(folder: Path, scripts: Sequence[str]) -> dict[str, str]:
    """The libraries that several scripts ask, each made once, or found in ``folder``."""
    texts: dict[str, tuple[Callable[[], dict[str, str]], str]] = {
        "squad": (lambda: squad.read_dev()[0], "paragraphs"),
        "scifact": (lambda: scifact.read()[0], "abstracts"),
        "2wiki": (lambda: wiki.texts_of(wiki.read_2wiki(DATA / "2wikimultihop")[0]), "pages"),
    }
    made = {}
    for name, (read, source) in texts.items():
        if any(f"{{{name}}}" in COMMANDS[script][1] for script in scripts):
            made[name] = str(folder / name / "library")
            if not (folder / name).exists():
                make_library(read(), folder / name, source).close()
    return made


if __name__ == "__main__":
    main()
