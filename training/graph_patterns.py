"""The weights of ``graphs/translation/ranking.py``, from questions to the schemas of the open half of text2cypher.

    python training/graph_patterns.py [--limit N] [--rounds N]

For each question the patterns that the beam looks at are gathered with their signs; right are those with the labels,
types and directions of the reference. The weights make the right ones likelier than the others (a softmax over the
patterns of one question), held near to where they were. Each schema is left out in turn, and the share that is right
first there is printed beside that of the weights before; no question of the held half is read.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidentia.evaluation.text2cypher import GraphTask, agrees, questions, schemas
from evidentia.graphs.translation.patterns import grow
from evidentia.graphs.translation.plan import GraphPlan, to_cypher
from evidentia.graphs.translation.ranking import WEIGHTS
from evidentia.graphs.translation.translate import Translator
from evidentia.retrieval.embedders import load
from evidentia.settings import Settings

GATHERED = 40
NEAR = 0.01
"""How strongly the weights are held to those before."""
STEPS, RATE = 150, 0.05


@dataclass(frozen=True)
class Choice:
    """The patterns of one question: their signs, and which are right."""

    database: str
    signs: NDArray[np.float32]
    right: NDArray[np.bool_]


def gather(asked: Sequence[GraphTask], weights: Mapping[str, float]) -> list[Choice]:
    embed = load("all-MiniLM-L6-v2", Settings()).encode
    translators = {one.database: Translator(schemas()[one.database], embed, weights=weights) for one in asked}
    found = []
    for one in asked:
        translator = translators[one.database]
        ranker = translator.ranker(one.question)
        patterns = [each for _, each in grow(translator.schema, ranker.score, ranker.may_grow)[:GATHERED]]
        rows = [ranker.signs(each) for each in patterns]
        signs = np.array([[row[name] for name in WEIGHTS] for row in rows], np.float32)
        queries = [to_cypher(translator.schema, GraphPlan(each, 0)) for each in patterns]
        right = np.array([agrees(query, one.reference, translator.schema) for query in queries])
        found.append(Choice(one.database, signs, right))
    return found


def fit(choices: Sequence[Choice], start: NDArray[np.float32]) -> NDArray[np.float32]:
    weights, moment, spread = start.copy(), np.zeros_like(start), np.zeros_like(start)
    usable = [one for one in choices if one.right.any()]
    for step in range(1, STEPS + 1):
        slope = NEAR * (weights - start)
        for one in usable:
            scores = one.signs @ weights
            every = np.exp(scores - scores.max())
            kept = every * one.right
            slope += (every / every.sum() - kept / kept.sum()) @ one.signs / len(usable)
        moment = 0.9 * moment + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope**2
        weights -= RATE * (moment / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-6)
    return weights


def right_first(choices: Sequence[Choice], weights: NDArray[np.float32], most: int = 1) -> float:
    hits = [one.right[np.argsort(-(one.signs @ weights), kind="stable")[:most]].any() for one in choices]
    return float(np.mean(hits)) if hits else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=200, help="questions of each schema")
    parser.add_argument("--rounds", type=int, default=1, help="the beam depends on the weights: gathered so often")
    chosen = parser.parse_args()
    asked, _ = questions("open", chosen.limit)
    weights = np.array([*WEIGHTS.values()], np.float32)
    for _ in range(chosen.rounds):
        choices = gather(asked, dict(zip(WEIGHTS, map(float, weights), strict=True)))
        reached = np.mean([one.right.any() for one in choices])
        print(f"{len(choices)} questions; a right pattern is among those gathered for {reached:.3f}")
        for name in dict.fromkeys(one.database for one in choices):
            own = [one for one in choices if one.database == name]
            without = fit([one for one in choices if one.database != name], weights)
            before, after = right_first(own, weights), right_first(own, without)
            five = right_first(own, weights, 5), right_first(own, without, 5)
            print(f"{name:<16} first {before:.3f} -> {after:.3f}   in five {five[0]:.3f} -> {five[1]:.3f}")
        weights = fit(choices, weights)
    for name, weight in zip(WEIGHTS, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
