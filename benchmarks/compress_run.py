"""What making a smaller model takes, beside what the dry run says: processor time and the most memory, by stage.

Does what ``evidentia model compress`` does, on articles of SQuAD's train split, and puts the model into the cache for
``compression.py --models`` and ``jobs.py`` to find. Recovery reads pages of MuSiQue and HotpotQA (train) as well, but
none that shares eleven words in a row with SQuAD's dev split, which models are measured on.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from evidentia.agents.talks import talks
from evidentia.evaluation.data import DATA, read_json
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, article_texts, read_articles, read_train
from evidentia.serving.compress import make
from evidentia.serving.compress.recipes import RECIPES, Recipe
from evidentia.settings import Settings

SHARED = 11
"""Words in a row that a page may not share with what is measured on."""
EVERY = 20.0
"""Seconds between two lines of progress."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("name", help="of the new model")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--recipe", choices=list(RECIPES), default="small")
    parser.add_argument("--by-layer", action="store_true")
    parser.add_argument("--windows", type=int, default=Recipe().windows)
    parser.add_argument("--recover", type=float, default=0.0, help="minutes of the processor")
    parser.add_argument("--ranks", choices=("importance", "equal"), default="importance")
    options = parser.parse_args()
    settings = Settings.from_env()
    recipe = replace(RECIPES[options.recipe], recover=options.recover, ranks=options.ranks, by_layer=options.by_layer)
    texts = read_train(options.data / "squad")
    general = ["\n\n".join(general_pages(options.data))] if recipe.recover else []
    said = talks(texts) if recipe.recover else []
    expected = make.plan(settings.model, recipe, settings.cache)
    began, stages = time.process_time(), [Stage("begin", 0.0, most_memory())]
    told = time.monotonic()

    def progress(name: str, done: int, total: int) -> None:
        nonlocal told
        if name != stages[-1].name:
            stages.append(Stage(name))
        stages[-1].seconds, stages[-1].memory = time.process_time() - began, most_memory()
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            print(f"{time.strftime('%H:%M:%S')} {name} {done} of {total}", file=sys.stderr, flush=True)

    make.make(options.name, settings.model, texts, recipe, settings.cache, progress, said, general)
    stages.append(Stage("end", time.process_time() - began, most_memory()))
    report(
        options.json,
        f"{options.name}: the dry run says {expected.minutes:.0f} minutes and {expected.memory / 1e6:,.0f} MB",
        ("until the end of", "minutes of the processor", "most memory, MB"),
        [(one.name, f"{one.seconds / 60:.1f}", f"{one.memory / 1e6:,.0f}") for one in stages],
        {
            "minutes": stages[-1].seconds / 60,
            "memory": stages[-1].memory,
            "expected_minutes": expected.minutes,
            "expected_memory": expected.memory,
        },
    )


@dataclass(slots=True)
class Stage:
    """A part of the work, and how things stand at its end."""

    name: str
    seconds: float = 0.0
    memory: float = 0.0


def most_memory() -> float:
    """The bytes that this process had at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def general_pages(data: Path) -> list[str]:
    """Pages of Wikipedia from other sets' train splits."""
    pages = [page["text"] for page in read_json(data / "musique" / "train_corpus.json")]
    pages += ["".join(lines) for lines in read_json(data / "hotpotqa" / "train_corpus.json").values()]
    measured = runs(article_texts(read_articles(data / "squad" / DEV)))
    return [page for page in dict.fromkeys(pages) if measured.isdisjoint(runs([page]))]


def runs(texts: Iterable[str]) -> set[int]:
    """Every ``SHARED`` words in a row, hashed."""
    found = set()
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        found |= {hash(tuple(words[at : at + SHARED])) for at in range(len(words) - SHARED + 1)}
    return found


if __name__ == "__main__":
    main()
