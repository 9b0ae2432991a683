"""Whatever a small model guesses, replies are the large model's own; it is kept in step with what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from evidentia.serving.base import Sampling
from evidentia.serving.drafting import open_drafter
from evidentia.serving.drafting.drafter import Drafter, PassOutcome, SamplingDrafting, Tree
from evidentia.serving.drafting.small_model import Following
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.network import SequenceInput
from evidentia.serving.sampling import Sampler

from .networks import engine as served
from .networks import features_file, kangaroo_file, model, network, s2d_file
from .test_drafters import assert_sound

PROMPT = (3, 1, 4, 1, 5, 9, 2, 6)
SAMPLED = Sampling(max_tokens=2, temperature=1.0, seed=3)

Make = Callable[[LeanNetwork, Path], Drafter]
MAKE: dict[str, Make] = {
    "draft-model": lambda target, path: open_drafter("draft-model", network=network(2, 1)),
    "draft-model, the same": lambda target, path: open_drafter("draft-model", network=target),
    "draft-model, sure": lambda target, path: open_drafter("draft-model", network=network(2, 1), least=0.3),
    "rsd-c": lambda target, path: open_drafter("rsd-c", network=network(2, 1)),
    "rsd-s": lambda target, path: open_drafter("rsd-s", network=target),
    "rsd-independent": lambda target, path: open_drafter("rsd-independent", network=network(2, 1)),
    "kangaroo": lambda target, path: open_drafter("kangaroo", target=target, weights=kangaroo_file(path, model())),
    "s2d": lambda target, path: open_drafter("s2d", target=target, weights=s2d_file(path, model()), sure=0.2),
    "eagle": lambda target, path: open_drafter("eagle", target=target, weights=features_file(path, model(), False)),
    "fspad": lambda target, path: open_drafter("fspad", target=target, weights=features_file(path, model())),
}
every = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


@pytest.fixture(scope="module")
def target() -> LeanNetwork:
    return network()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "weights.safetensors"


def said(target: LeanNetwork, tokens: list[int]) -> PassOutcome:
    """A pass over ``tokens``, of which all but the last belong to the prompt."""
    memory = target.memory()
    hidden = target.forward([SequenceInput(memory, tokens[:-1])], [], [target.shape.layers]).hidden
    rows = np.arange(len(tokens) - 1, dtype=np.int32)
    return PassOutcome(np.array(tokens[:-1], np.int32), rows - 1, np.empty((len(rows), 0), np.int32), rows, (), hidden)


@every
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_trees_are_sound(make: Make, target: LeanNetwork, path: Path, temperature: float) -> None:
    drafting = make(target, path).start(PROMPT)
    if temperature:
        assert isinstance(drafting, SamplingDrafting)
        drafting.sample(Sampling(temperature=temperature, seed=1))
    drafting.learn(said(target, list(PROMPT)))
    for budget in (0, 1, 3, 5, 16, 40):
        tree = drafting.draft(budget)
        assert_sound(tree, budget, target.vocabulary)
        assert (len(tree) > 0) == (budget > 0)
        assert (tree.laws is None) == (temperature == 0 or budget == 0)
        if tree.laws is not None:
            assert_drawn(tree)


def assert_drawn(tree: Tree) -> None:
    assert tree.laws is not None
    assert tree.laws.shape[0] == len(tree) + 1
    assert tree.laws.dtype == np.float32
    for place, (parent, token) in enumerate(zip(tree.parents, tree.tokens, strict=True)):
        law = tree.laws[parent + 1]
        assert law.sum() == pytest.approx(1, abs=1e-5)
        assert law[token] > 0
        above = tree.chances[parent] if parent >= 0 else 1.0
        assert tree.chances[place] == pytest.approx(above * law[token], rel=1e-4)


@every
def test_a_greedy_reply_is_the_models_own(make: Make, target: LeanNetwork, path: Path) -> None:
    ask = EngineRequest(PROMPT, Sampling(max_tokens=60))
    plain = [token for chunk in served(target).submit(ask) for token in chunk.tokens]
    reply = served(target, make(target, path)).submit(ask)
    assert [token for chunk in reply for token in chunk.tokens] == plain
    assert reply.usage.drafted > 20


def test_a_model_that_drafts_for_itself_is_right_to_the_last_guess(target: LeanNetwork, path: Path) -> None:
    for temperature in (0.0, 1.0):
        reply = served(target, MAKE["draft-model, the same"](target, path)).submit(
            EngineRequest(PROMPT, Sampling(max_tokens=70, temperature=temperature, seed=4))
        )
        assert sum(len(chunk.tokens) for chunk in reply) == 70
        assert reply.usage.accepted == reply.usage.drafted
        assert reply.usage.passes == 10


def test_requests_side_by_side_keep_to_themselves(target: LeanNetwork, path: Path) -> None:
    drafter = MAKE["fspad"](target, path)
    prompts = [PROMPT, PROMPT[::-1], (1, 2, 3)]
    asks = [EngineRequest(prompt, Sampling(max_tokens=30)) for prompt in prompts]
    plain = [[token for chunk in served(target).submit(ask) for token in chunk.tokens] for ask in asks]
    together = served(target, drafter)
    replies = [together.submit(ask) for ask in asks]
    assert [[token for chunk in reply for token in chunk.tokens] for reply in replies] == plain


def test_guesses_leave_no_trace_in_what_the_small_model_has_read(target: LeanNetwork) -> None:
    following, fresh = Following(target, PROMPT), Following(target, (*PROMPT, 7, 8))
    following.root()
    following.grow([7, 5], [-1, -1])
    following.grow([9, 9, 2], [0, 1, 1])
    following.learn(PassOutcome(np.array([6, 7]), np.array([-1, 0]), np.empty((2, 0)), np.array([0, 1]), (7, 8)))
    torch.testing.assert_close(following.root(), fresh.root())


def test_a_branch_says_what_it_says_alone(target: LeanNetwork) -> None:
    following = Following(target, PROMPT)
    following.root()
    following.grow([7, 5], [-1, -1])
    below = following.grow([9, 4], [1, 0])
    for row, ending in enumerate([(5, 9), (7, 4)]):
        torch.testing.assert_close(below[row], Following(target, (*PROMPT, *ending)).root())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["draft-model", "rsd-c", "rsd-s", "rsd-independent"])
def test_an_engine_with_a_drawn_drafter_writes_by_the_models_own_distribution(name: str) -> None:
    size, runs = 4, 800
    target, small = network(1, 5, size, 0.4), network(1, 6, size, 0.4)
    engine = served(target, open_drafter(name, network=small))
    counts = np.zeros((size, size))
    sizes: list[int] = []
    for seed in range(runs):
        reply = engine.submit(EngineRequest((1, 2, 3), Sampling(max_tokens=3, temperature=1.0, seed=seed)))
        first, second, _ = (token for chunk in reply for token in chunk.tokens)
        counts[first, second] += 1
        sizes.append(reply.usage.accepted)
    assert np.mean(sizes) > 0.3
    assert chisquare(counts.ravel(), law(target, (1, 2, 3)).ravel() * runs).pvalue > 0.001


def law(target: LeanNetwork, prompt: tuple[int, ...]) -> np.ndarray:
    """Of the next two tokens."""
    chooser = Sampler(SAMPLED)

    def behind(tokens: tuple[int, ...]) -> np.ndarray:
        return chooser.law(
            target.forward([SequenceInput(target.memory(), tokens)], [len(tokens) - 1]).logits[0].numpy()
        )

    return np.stack([chance * behind((*prompt, token)) for token, chance in enumerate(behind(prompt))])
