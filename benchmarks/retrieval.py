"""Everything that retrieval claims, in one table: runs the other scripts one by one and compares with the goals.

    python benchmarks/retrieval.py                 # about an hour on two cores
    python benchmarks/retrieval.py --only reader squad

Each script prints its own table with its rivals while it runs; the last table holds one line per figure with a goal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import scifact
import squad
from common import SHARED, arguments, report

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Goal:
    script: str
    metric: str
    """As the script's ``--json`` names it."""
    what: str
    least: float | str
    """A number, or the metric of the rival that has to be reached."""
    most: bool = False
    """The figure must not exceed ``least``."""
    plus: float = 0.0
    """By how much the rival has to be exceeded."""


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
    Goal("ngram", "build_mtokens_per_s_16", "n-gram index: million tokens per second, 16-bit", 1.0),
    Goal("ngram", "bytes_per_token_16", "n-gram index: bytes per token, 16-bit", 6.0, most=True),
    Goal("ngram", "bytes_per_token_32", "n-gram index: bytes per token, 32-bit", 8.0, most=True),
)  # fmt: skip

COMMANDS: dict[str, Sequence[str]] = {
    "ngram": (),
    "scifact": ("--library", "{scifact}"),
    "squad": ("--library", "{squad}", "--questions", "1000"),
    "reader": ("--questions", "2000"),
    "not_found": ("--questions", "500"),
    "seal": ("--library", "{squad}"),
    "cfic": ("--library", "{squad}"),
    "likelihood": ("--library", "{squad}"),
    "grounded": ("--library", "{squad}"),
    "multihop": (),
    "structure": (),
    "hnsw": ("--cache", "{folder}"),
    "static_embedding": (),
}


def run(script: str, options: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, str(HERE / f"{script}.py"), *options, "--json"]
    print(f"# {' '.join(command[1:])}", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise SystemExit(f"{script}.py failed with exit code {done.returncode}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    for name, value in found.items():
        print(f"  {name}: {value}")
    return found


def line(goal: Goal, found: dict[str, float]) -> tuple[object, ...]:
    value = found[goal.metric]
    bound = found[goal.least] + goal.plus if isinstance(goal.least, str) else goal.least
    reached = value <= bound if goal.most else value >= bound
    sign = "≤" if goal.most else "≥"
    return goal.what, float(value), f"{sign} {bound:.3f}", "yes" if reached else "no"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = {"folder": folder, **libraries(Path(folder), options.only)}
        results = {
            script: run(script, [option.format(**places) for option in COMMANDS[script]]) for script in options.only
        }
    rows = [line(goal, results[goal.script]) for goal in GOALS if goal.script in results]
    metrics = {f"{script}:{name}": value for script, found in results.items() for name, value in found.items()}
    report(options.json, "Retrieval", ("what", "measured", "goal", "reached"), rows, metrics)


def libraries(folder: Path, scripts: Sequence[str]) -> dict[str, str]:
    """The two libraries that several scripts ask, made once."""
    made = {"squad": "", "scifact": ""}
    if any("{squad}" in COMMANDS[script] for script in scripts):
        (folder / "squad").mkdir()
        squad.make_library(squad.load(SHARED / "squad")[0], folder / "squad").close()
        made["squad"] = str(folder / "squad" / "library")
    if any("{scifact}" in COMMANDS[script] for script in scripts):
        (folder / "scifact").mkdir()
        scifact.make_library(scifact.load(SHARED / "beir-scifact")[0], folder / "scifact").close()
        made["scifact"] = str(folder / "scifact" / "library")
    return made


if __name__ == "__main__":
    main()
