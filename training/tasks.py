"""The three adapters that can be trained, each made of a model and the folder of the data sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Protocol

from evidentia.training.articles import squad
from evidentia.training.evidence import Evidence, scifact
from evidentia.training.grounded import Grounded
from evidentia.training.seal import Seal
from evidentia.training.trees import Pair

SQUAD = Path("squad/train-1.1.rebuilt.json.gz")


class Task(Protocol):
    def __len__(self) -> int: ...

    def group(self, number: int, rng: Random) -> list[Pair]:
        """Prompts that share their start, with what is to be written; empty where the source gives none."""
        ...


TASKS: dict[str, Callable[[Any, Path], Task]] = {
    "grounded": lambda model, data: Grounded(model, squad(data / SQUAD)),
    "evidence": lambda model, data: Evidence(model, squad(data / SQUAD), scifact(data / "beir-scifact")),
    "seal": lambda model, data: Seal(model, squad(data / SQUAD)),
}
