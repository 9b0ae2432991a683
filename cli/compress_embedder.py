"""``evidentia model compress`` for the packaged embedder: a faster one of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from ..errors import InputError
from ..settings import Settings
from .terminal import console, print_json


def is_embedder(source: str) -> bool:
    from ..retrieval.embedders import EMBEDDERS

    return EMBEDDERS.entries.get(source) == "minilm:MiniLM"


def compress_embedder(
    name: str, keep: float, minutes: float | None, texts: Callable[[], list[str]],
    *, others: Mapping[str, Any], dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Makes it and says how near it is. ``others`` are options that an embedder has no use for."""
    from ..retrieval.embedders import EMBEDDERS, folder, make
    from . import progress

    given = [option for option, value in others.items() if value is not None]
    if given:
        raise InputError("an embedder is not compressed by this", where=", ".join(given), fix="use --keep, --recover")
    minutes = 20.0 if minutes is None else minutes
    if not 0 < keep <= 1 or minutes < 0:
        raise InputError("keep must be above 0 and at most 1, --recover at least 0", where=f"{keep:g}, {minutes:g}")
    settings, shown = Settings.from_env(), console(as_json)
    folder.refuse_taken(name, settings.cache, EMBEDDERS.entries)
    plan = make.plan(keep, minutes)
    if not as_json:
        shown.print(
            f"{name}: {plan.width:,} of {make.WIDTH:,} channels in each feed-forward, {plan.bytes / 1e6:.0f} MB; "
            f"about {plan.minutes:.0f} minutes of the processor and 1 GB of memory",
            markup=False,
            highlight=False,
        )
    if dry_run:
        if as_json:
            print_json({"name": name, **asdict(plan)})
        return
    with progress.show(shown) as report:
        made = make.make(name, texts(), keep, minutes, settings.cache, progress=report)
    if as_json:
        print_json({"name": name, "path": str(made.path), "cosine": made.cosine, "least_cosine": made.least})
    else:
        shown.print(
            f"ready: {made.path}\nits vectors agree with the packaged embedder's to a cosine of {made.cosine:.3f} on "
            f"texts that were held out (least {made.least:.3f})\n"
            f"for a new library: EVIDENTIA_EMBEDDER={name} evidentia add …",
            markup=False,
            highlight=False,
        )
