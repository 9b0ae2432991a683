"""Recovery with rank shared among layers by importance (CFSP's coarse one) and shared equally, at the same number of
parameters and of minutes: what a cut model's perplexity rises by before and after.

Both learn from one cut (a quarter of the channels, widths by layer, least squares, by the dense model's moments), read
the same text in the same order, articles of SQuAD's train split, and are measured on its dev split, in full.
"""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory
from typing import Any

from evidentia.agents.talks import talks
from evidentia.benchmarks.compression import SURVEYED, keep_moments, kept_moments, kept_widths
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, article_texts, read_articles, read_train, windows_of
from evidentia.serving.compress import card, make, reading
from evidentia.serving.compress.pipeline import cut_at_once
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.recover import recover
from evidentia.serving.compress.strategies import strategy
from evidentia.serving.compress.survey import survey_layers
from evidentia.serving.models import hub
from evidentia.serving.network import torch_thread
from evidentia.settings import Settings


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--calibrate", type=int, default=64, help="windows to calibrate on")
    parser.add_argument("--windows", type=int, default=8, help="windows to measure on")
    parser.add_argument("--minutes", type=float, default=3.0, help="of the processor, for each")
    parser.add_argument("--scratch", type=Path, required=True, help="as of compression.py")
    torch_thread.run(compare, parser.parse_args())


def compare(options: Any) -> None:
    import torch

    settings, recipe = Settings.from_env(), Recipe(recover=options.minutes, by_layer=True)
    tokenizer, dense = make.load(hub.get(settings.model, settings.cache))
    texts = read_train(options.data / "squad")
    held = windows_of(article_texts(read_articles(options.data / "squad" / DEV)), tokenizer, options.windows)
    cut = cut_by_layer(dense, windows_of(texts, tokenizer, options.calibrate), recipe, options)
    read = torch.tensor(reading.mix(texts, talks(texts), [], tokenizer, recipe=recipe))
    before = card.surprises(dense, held)
    found = {"before": (rise(card.surprises(cut, held), before), 0, 0.0)}
    for ranks in ("importance", "equal"):
        with TemporaryDirectory() as kept:
            asked = replace(recipe, ranks=ranks)
            taught, learnt = recover(copy.deepcopy(cut), copy.deepcopy(dense), read, asked, Path(kept))
        found[ranks] = rise(card.surprises(taught, held), before), learnt.steps, learnt.last
    report(
        options.json,
        f"{options.minutes:g} processor minutes of recovery, mean rank {recipe.rank}, {options.windows} windows",
        ("rank shared", "rise in perplexity, %", "steps", "distance, nats"),
        [(name, f"{one[0]:+.1f} ± {one[1]:.1f}", steps, last) for name, (one, steps, last) in found.items()],
        {f"{name}_percent": one[0] for name, (one, _, _) in found.items()},
    )


def cut_by_layer(dense: Any, windows: Any, recipe: Recipe, options: Any) -> Any:
    folder = options.scratch / f"squad-{options.calibrate}"
    if not (folder / "done").is_file():
        keep_moments(dense, windows, folder)
    model = copy.deepcopy(dense)

    def known(group: Any) -> Any:
        return kept_moments(folder, dense, group)

    def survey() -> list[int]:
        surveys = survey_layers(dense, windows[:SURVEYED], recipe, known=known)
        return strategy(recipe.strategy).budget(surveys, recipe.keep, recipe.multiple)

    widths = kept_widths(folder, recipe, survey)
    cut_at_once(model, known, recipe, four_bits=False, widths=widths)
    return model


def rise(found: list[float], before: list[float]) -> tuple[float, float]:
    """In percent, and its standard error, over windows in pairs."""
    apart = [one - other for one, other in zip(found, before, strict=True)]
    error = stdev(apart) / math.sqrt(len(apart))
    return 100 * math.expm1(fmean(apart)), 100 * math.exp(fmean(apart)) * error


if __name__ == "__main__":
    main()
