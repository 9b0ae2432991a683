"""Drafters replayed on recorded greedy replies of the local model: written tokens per pass, model-free and repeatable.

    python benchmarks/drafting.py record [--prompts 24] [--quotes 80] [--cache FOLDER]
    python benchmarks/drafting.py replay [--half test] [--nodes 16 64] [--drafters union lookup] [--json]
    python benchmarks/drafting.py paced [--costs 1:20.0,8:24.6,64:74.0]
    python benchmarks/drafting.py live [--replies 28]

The pass that writes a reply's first token counts, and so does an end token. Every second prompt is for tuning
(``--half tune``); figures are of the others. Drafters start empty, but for one with the package's seed, meet
the prompts with the categories mixed and keep what they learn. Only rows of accepted tokens are known here: with a
model, rejected guesses teach too. Replies that run to the limit repeating themselves are counted apart ("loops").
``paced`` lets the cost of a pass of each width choose how many guesses are verified, and predicts the gain over no
drafts. ``live`` lets the engine answer the first prompts with trees of full width, and replays the same prompts beside
it. Rival: transformers' prompt lookup.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from evidentia.evaluation.prompts import SPEC_BENCH, mixed_prompts, spec_bench
from evidentia.evaluation.recorded_replies import LONGEST, Recording, add_options, read_recordings, record
from evidentia.evaluation.report import arguments, report
from evidentia.serving.drafting import open_drafter
from evidentia.serving.drafting.budget import Costs, Experience, Pace
from evidentia.serving.drafting.drafter import Drafter, Drafting, PassOutcome, Tree
from evidentia.serving.drafting.paced import Paced
from evidentia.settings import Settings

VOCABULARY = 49_152
LEAN = "1:20.0,2:20.0,3:20.0,4:20.2,6:21.0,8:24.6,12:28.5,16:32.0,24:40.0,32:46.5,48:63.5,64:74.0"
"""Milliseconds of a pass by width: the local model in bf16, prepacked, 256 tokens in the cache, an EPYC's two cores."""
CATEGORIES = (*SPEC_BENCH, "all", "quote", "loops")


@dataclass
class Tally:
    written: int = 0
    passes: int = 0
    drafted: int = 0
    seconds: float = 0.0
    cost: float = 0.0

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def drafters(texts: Sequence[Sequence[int]]) -> dict[str, Callable[[], Drafter]]:
    """Fresh ones by name; ``texts`` stand for the library from which ADED's table is seeded."""
    return {
        "lookup": partial(open_drafter, "lookup"),
        "suffix": partial(open_drafter, "suffix"),
        "recycling-static, replies only": partial(
            open_drafter, "recycling-static", vocabulary=VOCABULARY, prompts=False
        ),
        "recycling-static": partial(open_drafter, "recycling-static", vocabulary=VOCABULARY),
        "recycling": partial(open_drafter, "recycling", vocabulary=VOCABULARY),
        "aded": partial(open_drafter, "aded", texts=lambda: texts),
        "aded-mcts": partial(open_drafter, "aded-mcts", texts=lambda: texts),
        "union": partial(open_drafter, "union", vocabulary=VOCABULARY),
        "union, from its seed": open_seeded,
    }


def open_seeded() -> Drafter:
    """What the product begins with."""
    from evidentia.serving import load_in_process

    settings = Settings.from_env()
    drafter = load_in_process(settings.model, settings).drafter()
    assert drafter is not None
    return drafter


def loops(reply: Sequence[int]) -> bool:
    """The last three stretches of some length are the same, and the reply ran to the limit."""
    last = list(reply)
    return len(last) >= LONGEST and any(last[-3 * size :] == last[-size:] * 3 for size in range(1, LONGEST // 4 + 1))


def chain(read: Sequence[int], best: np.ndarray, written: tuple[int, ...] = ()) -> PassOutcome:
    places = np.arange(len(read), dtype=np.int32)
    return PassOutcome(np.array(read, np.int32), places - 1, best, places, written)


def followed(tree: Tree, reply: Sequence[int]) -> int:
    """How many tokens a pass over ``tree`` writes when ``reply`` is what the model goes on to say."""
    places = {
        (parent, token): place
        for place, (parent, token) in enumerate(zip(tree.parents.tolist(), tree.tokens.tolist(), strict=True))
    }
    place, count = -1, 0
    for token in reply:
        count += 1
        found = places.get((place, token))
        if found is None:
            break
        place = found
    return count


def replay(one: Recording, drafter: Drafter, nodes: int, pace: Pace | None = None) -> Tally:
    """Draft time is processor time of drafting and learning, without what the prompt takes."""
    drafting: Drafting = drafter.start(one.prompt.tolist())
    if pace is not None:
        drafting = Paced(drafting, pace)
    last = len(one.prompt) - 1
    if last:
        drafting.learn(chain(one.prompt[:-1].tolist(), one.best[:last]))
    whole = [*one.prompt.tolist(), *one.reply.tolist()]
    tally, place = Tally(), last
    while place < len(whole) - 1:
        begin = time.process_time()
        tree = drafting.draft(nodes)
        count = followed(tree, whole[place + 1 :])
        after = place + count
        drafting.learn(chain(whole[place:after], one.best[place:after], tuple(whole[place + 1 : after + 1])))
        seconds = time.process_time() - begin
        tally.add(Tally(count, 1, len(tree), seconds, pace.costs(1 + len(tree)) if pace else 0.0))
        place = after
    return tally


def replayed(
    kept: Iterable[Recording], drafter: Drafter, nodes: int, costs: Costs | None = None, drafting: float = 0.0
) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    experience = Experience()
    for one in kept:
        found = replay(one, drafter, nodes, Pace(costs, drafting, experience) if costs else None)
        category = "loops" if loops(one.reply.tolist()) else one.category
        tallies[category].add(found)
        if category in SPEC_BENCH:
            tallies["all"].add(found)
    return tallies


def corpus(chosen: argparse.Namespace) -> list[list[int]]:
    """Tokens of the Spec-Bench prompts that were not recorded."""
    from transformers import AutoTokenizer

    from evidentia.serving.models import hub

    settings = Settings.from_env()
    tokenizer = AutoTokenizer.from_pretrained(hub.find(settings.model, settings.cache))
    asked = {name for _, name, _ in mixed_prompts(chosen.data, chosen.prompts, chosen.quotes)}
    texts = [text for _, name, text in spec_bench(chosen.data, 1000) if name not in asked]
    return [tokenizer.encode(text, add_special_tokens=False) for text in texts]


def options() -> argparse.Namespace:
    parser = arguments(__doc__)
    add_options(parser)
    parser.add_argument("what", choices=("record", "replay", "paced", "live"))
    parser.add_argument("--half", choices=("tune", "test", "both"), default="test")
    parser.add_argument("--nodes", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--drafters", nargs="+", help="names of rows; all unless given")
    parser.add_argument("--replies", type=int, default=28, help="how many prompts are answered live")
    parser.add_argument("--costs", default=LEAN, help="width:milliseconds of a pass, for paced")
    parser.add_argument("--drafting", type=float, default=0.6, help="milliseconds that drafting takes, for paced")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    if chosen.what == "record":
        print(record(chosen))
        return
    every = read_recordings(chosen)
    kept = {"tune": every[::2], "test": every[1::2], "both": every}[chosen.half]
    made = drafters(corpus(chosen))
    names = chosen.drafters or list(made)
    shown = {"replay": tabled, "paced": paced, "live": live}[chosen.what]
    shown(chosen, kept, {name: made[name] for name in names})


def tabled(chosen: argparse.Namespace, kept: list[Recording], made: dict[str, Callable[[], Drafter]]) -> None:
    rows, metrics = [], {}
    for name, make in made.items():
        for nodes in chosen.nodes:
            found = replayed(kept, make(), nodes)
            means = {category: found[category].written / max(1, found[category].passes) for category in CATEGORIES}
            total = found["all"]
            effort = total.drafted / total.passes, 1000 * total.seconds / total.passes
            rows.append([name, nodes, *(f"{value:.2f}" for value in (*means.values(), *effort))])
            metrics |= {f"{name}_{nodes}_{category}": round(mean, 3) for category, mean in means.items()}
    looping = sum(loops(one.reply.tolist()) for one in kept)
    report(
        chosen.json,
        f"Written tokens per pass, {len(kept)} replies ({looping} of them loops), {chosen.dtype}",
        ("drafter", "nodes", *CATEGORIES, "guesses", "ms"),
        rows,
        metrics | {"replies": len(kept), "loops": looping},
    )


def gain(tally: Tally, once: float) -> float:
    """``once``: milliseconds of a pass over one token. What drafting takes here is in it."""
    return tally.written / max(1.0, tally.cost + 1000 * tally.seconds / once)


def paced(chosen: argparse.Namespace, kept: list[Recording], made: dict[str, Callable[[], Drafter]]) -> None:
    spent = {int(width): float(cost) for width, cost in (pair.split(":") for pair in chosen.costs.split(","))}
    costs = Costs({width: cost / 1000 for width, cost in spent.items()})
    drafting = chosen.drafting / spent[1]
    rows, metrics = [], {}
    for name, make in made.items():
        found = replayed(kept, make(), max(chosen.nodes), costs, drafting)
        gains = {category: gain(found[category], spent[1]) for category in CATEGORIES}
        total = found["all"]
        effort = total.drafted / total.passes, 1000 * total.seconds / total.passes
        rows.append([name, *(f"{value:.2f}" for value in (*gains.values(), *effort))])
        metrics |= {f"{name}_gain_{category}": round(value, 3) for category, value in gains.items()}
    report(
        chosen.json,
        f"Predicted gain over no drafts with passes of {chosen.costs} ms",
        ("drafter", *CATEGORIES, "guesses", "ms"),
        rows,
        metrics,
    )


def live(chosen: argparse.Namespace, kept: list[Recording], made: dict[str, Callable[[], Drafter]]) -> None:
    from evidentia.serving import load_in_process
    from evidentia.serving.base import Sampling
    from evidentia.serving.engine.costs import Prices
    from evidentia.serving.engine.engine import Engine
    from evidentia.serving.engine.request import EngineRequest

    settings = Settings.from_env()
    model = load_in_process(settings.model, settings)
    free, asked = Prices({1: 1.0, 512: 1.0}), kept[: chosen.replies]
    rows, metrics = [], {}
    for name, make in made.items():
        for nodes in chosen.nodes:
            assert model.network is not None
            engine = Engine(model.network, model.ends, model.context, drafter=make(), nodes=nodes, prices=free)
            counts = {"all": [0, 0], "quote": [0, 0]}
            for one in asked:
                reply = engine.submit(EngineRequest(tuple(one.prompt.tolist()), Sampling(max_tokens=LONGEST)))
                tokens = [token for chunk in reply for token in chunk.tokens]
                if not loops(tokens):
                    count = counts["quote" if one.category == "quote" else "all"]
                    count[0], count[1] = count[0] + reply.usage.written, count[1] + reply.usage.passes
            engine.close()
            offline = replayed(asked, make(), nodes)
            means = [written / max(1, passes) for written, passes in counts.values()]
            means += [offline[category].written / max(1, offline[category].passes) for category in counts]
            rows.append([name, nodes, *(f"{mean:.2f}" for mean in means)])
            metrics |= {f"{name}_{nodes}_live_{what}": round(means[place], 3) for place, what in enumerate(counts)}
    columns = ("drafter", "nodes", "live: all", "live: quote", "replayed: all", "replayed: quote")
    report(chosen.json, f"Written tokens per pass, the first {len(asked)} prompts", columns, rows, metrics)


if __name__ == "__main__":
    main()
