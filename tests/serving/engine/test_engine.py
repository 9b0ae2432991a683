"""Many requests at once, guessed or not, constrained or not: each reply is the one it would be alone and unguessed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from evidentia.errors import InputError, ModelError
from evidentia.serving.base import Sampling
from evidentia.serving.drafting.drafter import BEST, NOTHING, PassOutcome, Tree
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine, EngineReply
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.models.local import LocalTransformers

Small = Callable[..., LocalTransformers]
FLAT = Prices({1: 1.0, 64: 1.0})
"""On such a machine every guess is worth its place."""
PROMPTS = [tuple(range(5 + 3 * number, 12 + 5 * number)) for number in range(8)]


class Guessing:
    """Guesses random trees with the right next tokens somewhere in them, as ``truth`` knows them."""

    name = "guessing"
    layers = ()

    def __init__(self, truth: dict[tuple[int, ...], list[int]] | None = None) -> None:
        self.truth, self.steps = truth or {}, []

    def start(self, prompt: Sequence[int], beside: Sequence[Sequence[int]] = ()) -> Guess:
        return Guess(self, tuple(prompt))


class Guess:
    def __init__(self, owner: Guessing, prompt: tuple[int, ...]) -> None:
        self.owner, self.ahead = owner, list(owner.truth.get(prompt, []))
        self.random = np.random.default_rng(len(prompt))

    def draft(self, budget: int) -> Tree:
        tokens: list[int] = []
        parents: list[int] = []
        right = -1
        for _ in range(budget):
            if self.ahead and self.random.random() < 0.6:
                depth = self._depth(parents, right)
                token = self.ahead[depth] if depth < len(self.ahead) else int(self.random.integers(258))
                parent = right
            else:
                token, parent = int(self.random.integers(258)), int(self.random.integers(-1, len(tokens)))
            if (parent, token) in zip(parents, tokens, strict=True):
                continue
            tokens.append(token)
            parents.append(parent)
            if parent == right and self.ahead and token == self._next(parents[:-1], right):
                right = len(tokens) - 1
        count = len(tokens)
        return Tree(
            np.array(tokens, np.int32), np.array(parents, np.int32), np.full(count, 0.5, np.float32), ("it",) * count
        )

    def learn(self, step: PassOutcome) -> None:
        self.owner.steps.append(step)
        self.ahead = self.ahead[len(step.written) :]

    def _next(self, parents: list[int], right: int) -> int | None:
        depth = self._depth(parents, right)
        return self.ahead[depth] if depth < len(self.ahead) else None

    @staticmethod
    def _depth(parents: list[int], place: int) -> int:
        depth = 0
        while place >= 0:
            place, depth = parents[place], depth + 1
        return depth


def written(reply: EngineReply) -> list[int]:
    return [token for chunk in reply for token in chunk.tokens]


@pytest.fixture(params=["llama", "gemma3_text"])
def model(request: pytest.FixtureRequest, small: Small) -> LocalTransformers:
    return small(request.param, **({"sliding_window": 8} if request.param == "gemma3_text" else {}))


def engine(model: LocalTransformers, **more: object) -> Engine:
    assert model.network is not None
    return Engine(model.network, model.ends, model.context, prices=FLAT, **more)  # type: ignore[arg-type]


def by_transformers(model: LocalTransformers, prompt: Sequence[int], count: int) -> list[int]:
    import torch

    with torch.inference_mode():
        ids = torch.tensor([list(prompt)])
        out = model.model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, do_sample=False)
    return [token for token in out[0, len(prompt) :].tolist() if token not in model.ends]


@pytest.mark.parametrize("batch", [1, 2, 8])
def test_a_greedy_reply_is_that_of_transformers_guessed_or_not(model: LocalTransformers, batch: int) -> None:
    truth = {prompt: by_transformers(model, prompt, 24) for prompt in PROMPTS[:batch]}
    for drafter in (None, Guessing(), Guessing(truth)):
        served = engine(model, drafter=drafter)
        replies = [served.submit(EngineRequest(prompt, Sampling(max_tokens=24))) for prompt in truth]
        assert [written(reply) for reply in replies] == list(truth.values())
        served.close()
    assert sum(reply.usage.accepted for reply in replies) > 0
    assert all(reply.usage.passes < max(2, reply.usage.written) for reply in replies)


@pytest.mark.parametrize("batch", [1, 4])
def test_a_sampled_reply_is_the_same_guessed_or_not(model: LocalTransformers, batch: int) -> None:
    sampling = Sampling(max_tokens=20, temperature=0.8, top_p=0.9, seed=11)
    plain = engine(model)
    truth = {prompt: written(plain.submit(EngineRequest(prompt, sampling))) for prompt in PROMPTS[:batch]}
    guessed = engine(model, drafter=Guessing(truth))
    replies = [guessed.submit(EngineRequest(prompt, sampling)) for prompt in truth]
    assert [written(reply) for reply in replies] == list(truth.values())
    assert sum(reply.usage.accepted for reply in replies) > 0
    other = written(plain.submit(EngineRequest(PROMPTS[0], replace(sampling, seed=12))))
    assert other != truth[PROMPTS[0]]


def test_log_probabilities_are_those_of_the_model_guessed_or_not(model: LocalTransformers) -> None:
    import torch

    prompt = PROMPTS[3]
    truth = {prompt: by_transformers(model, prompt, 12)}
    told = []
    for drafter in (None, Guessing(truth)):
        reply = engine(model, drafter=drafter).submit(EngineRequest(prompt, Sampling(max_tokens=12), logprobs=2))
        told.append([likely for chunk in reply for likely in chunk.likely])
    with torch.inference_mode():
        logs = model.model(torch.tensor([[*prompt, *truth[prompt]]])).logits[0].log_softmax(-1)
    for at, token in enumerate(truth[prompt]):
        for likely in (told[0][at], told[1][at]):
            assert likely.chosen == pytest.approx(float(logs[len(prompt) - 1 + at, token]), abs=1e-4)
            assert likely.best[0][0] == token
            assert len(likely.best) == 2


class Even:
    """Allows even tokens only, at most ``most`` of them."""

    def __init__(self, most: int) -> None:
        self.most, self.taken = most, 0

    def start(self, room: int | None = None) -> Even:
        return Even(self.most)

    @property
    def at_end(self) -> bool:
        return self.taken >= self.most

    def mask(self) -> np.ndarray:
        return np.arange(258) % 2 == 0

    def allows(self, token: int) -> bool:
        return token % 2 == 0

    def advance(self, token: int) -> None:
        if token % 2:
            raise InputError("odd")
        self.taken += 1

    def back(self, count: int) -> None:
        self.taken -= count

    def forced_tokens(self) -> list[int]:
        return []


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_constraint_holds_and_gives_the_same_reply_guessed_or_not(
    model: LocalTransformers, temperature: float
) -> None:
    ask = EngineRequest(PROMPTS[2], Sampling(max_tokens=30, temperature=temperature, seed=4), Even(9))
    plain = engine(model).submit(ask)
    tokens = written(plain)
    guessed = engine(model, drafter=Guessing({PROMPTS[2]: tokens})).submit(ask)
    assert written(guessed) == tokens
    assert len(tokens) == 9
    assert all(token % 2 == 0 for token in tokens)
    assert (plain.finish, guessed.finish) == ("stop", "stop")
    assert guessed.usage.accepted > 0


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_penalties_and_samplers_give_the_same_reply_guessed_or_not(small: Small, temperature: float) -> None:
    sampling = Sampling(
        max_tokens=30,
        temperature=temperature,
        seed=-4,
        choice=1,
        top_k=40,
        min_p=0.01,
        typical_p=0.95,
        presence_penalty=0.5,
        frequency_penalty=0.5,
        repetition_penalty=1.2,
        bias=((5, 1.0),),
        min_tokens=20,
    )
    ask = EngineRequest(PROMPTS[2], sampling)
    tokens = written(engine(small()).submit(ask))
    guessed = engine(small(), drafter=Guessing({PROMPTS[2]: tokens})).submit(ask)
    assert written(guessed) == tokens
    assert guessed.usage.accepted > 0
    assert len(tokens) >= 20


def test_tokens_that_stop_end_the_reply_and_are_not_shown(small: Small) -> None:
    ask = EngineRequest(PROMPTS[2], Sampling(max_tokens=10, ignore_ends=True))
    tokens = written(engine(small()).submit(ask))
    stopped = engine(small()).submit(replace(ask, sampling=replace(ask.sampling, stop_tokens=(tokens[4],))))
    assert written(stopped) == tokens[: tokens.index(tokens[4])]
    assert stopped.finish == "stop"
    assert len(tokens) == 10


def test_drafters_are_told_of_every_token_that_is_read(small: Small) -> None:
    drafter = Guessing({PROMPTS[7]: by_transformers(small(), PROMPTS[7], 10)})
    tokens = written(engine(small(), drafter=drafter).submit(EngineRequest(PROMPTS[7], Sampling(max_tokens=10))))
    prompt, *steps = drafter.steps
    assert prompt.read.tolist() == list(PROMPTS[7][:-1])
    assert prompt.written == ()
    assert [token for step in steps for token in step.written] == tokens
    assert all(step.best.shape == (len(step.read), BEST) for step in drafter.steps)
    for step in steps:
        assert [int(step.read[row]) for row in step.path[1:]] == list(step.written[:-1])
        assert step.best[step.path[-1], 0] == step.written[-1]
    for before, after in pairwise(steps):
        assert before.written[-1] == after.read[0]


def test_nothing_is_written_beyond_what_was_asked_for(small: Small) -> None:
    prompt = PROMPTS[1]
    truth = {prompt: by_transformers(small(), prompt, 40)}
    for count in (1, 2, 3, 7):
        reply = engine(small(), drafter=Guessing(truth)).submit(EngineRequest(prompt, Sampling(max_tokens=count)))
        assert written(reply) == truth[prompt][:count]
        assert (reply.finish, reply.usage.written) == ("length", count)


def test_a_prompt_longer_than_a_pass_is_read_in_parts_beside_one_that_writes(small: Small) -> None:
    long = small("llama", max_position_embeddings=2048)
    prompts = [tuple(5 + number % 200 for number in range(1100)), (9, 8, 7)]
    served = engine(long)
    replies = [served.submit(EngineRequest(prompt, Sampling(max_tokens=8))) for prompt in prompts]
    assert [written(reply) for reply in replies] == [by_transformers(long, prompt, 8) for prompt in prompts]


def test_what_was_read_before_is_not_read_again(small: Small) -> None:
    served = engine(small())
    prompt = tuple(range(5, 105))
    first = served.submit(EngineRequest(prompt, Sampling(max_tokens=4)))
    tokens = written(first)
    again = served.submit(EngineRequest(prompt, Sampling(max_tokens=4)))
    other = served.submit(EngineRequest((*prompt[:70], 3, 4), Sampling(max_tokens=4)))
    assert written(again) == tokens
    assert written(other) == by_transformers(small(), other.request.prompt, 4)
    assert [reply.usage.cached for reply in (first, again, other)] == [0, 99, 70]


def test_closing_a_reply_stops_it_and_the_others_go_on(small: Small) -> None:
    served = engine(small("llama", max_position_embeddings=4096))
    stopped = served.submit(EngineRequest((5, 6), Sampling(max_tokens=4000), ignore_ends=True))
    next(iter(stopped))
    stopped.close()
    assert written(served.submit(EngineRequest((7, 8), Sampling(max_tokens=5), ignore_ends=True)))
    assert stopped.finish == "cancelled"
    assert stopped.usage.written < 4000
    assert served.load == (0, 0)


def test_closing_a_reply_that_waits_ends_it_for_whoever_reads_it(small: Small) -> None:
    model = small("llama", max_position_embeddings=4096)
    assert model.network is not None
    served = engine(model, bytes=4096 * model.network.shape.bytes_per_token)
    runs = served.submit(EngineRequest((5, 6), Sampling(max_tokens=3900), ignore_ends=True))
    going = iter(runs)
    next(going)
    waits = served.submit(EngineRequest(tuple([7] * 4000), Sampling(max_tokens=30)))
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(written, waits)
        waits.close()
        assert read.result(timeout=60) == []
    going.close()  # type: ignore[attr-defined]
    assert waits.finish == "cancelled"


def test_replies_that_outgrow_the_memory_take_turns_and_stay_right(small: Small) -> None:
    model = small("llama", max_position_embeddings=2048)
    asks = [EngineRequest(prompt, Sampling(max_tokens=700), ignore_ends=True) for prompt in PROMPTS[:3]]
    alone = [written(engine(model).submit(ask)) for ask in asks]
    assert model.network is not None
    served = engine(model, bytes=2000 * model.network.shape.bytes_per_token, drafter=Guessing())
    replies = [served.submit(ask) for ask in asks]
    assert [written(reply) for reply in replies] == alone
    assert served.load == (0, 0)
    with pytest.raises(InputError, match="bytes of memory"):
        served.submit(EngineRequest(PROMPTS[0], Sampling(max_tokens=2000)))


def test_a_constraint_that_fails_ends_its_own_reply_alone(small: Small) -> None:
    class Failing(Even):
        def start(self, room: int | None = None) -> Even:
            return Failing(9)

        def advance(self, token: int) -> None:
            raise InputError("the constraint broke")

    served = engine(small())
    broken = served.submit(EngineRequest(PROMPTS[0], Sampling(max_tokens=9), Failing(9)))
    sound = served.submit(EngineRequest(PROMPTS[1], Sampling(max_tokens=9)))
    with pytest.raises(InputError, match="broke"):
        written(broken)
    assert written(sound) == by_transformers(small(), PROMPTS[1], 9)


@pytest.mark.parametrize(
    ("ask", "match"),
    [
        (EngineRequest(()), "empty"),
        (EngineRequest(tuple([5] * 128)), "128 tokens"),
        (EngineRequest((5,), Sampling(max_tokens=0)), "max_tokens"),
        (EngineRequest((5,), Sampling(temperature=-1)), "temperature"),
    ],
)
def test_a_senseless_request_is_refused_at_once(small: Small, ask: EngineRequest, match: str) -> None:
    with pytest.raises(InputError, match=match):
        engine(small()).submit(ask)


def test_a_pass_that_fails_ends_its_requests_with_the_reason_and_the_engine_goes_on(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = small()
    served = engine(model)
    with monkeypatch.context() as broken:
        broken.setattr(type(model.network), "forward", lambda *_: (_ for _ in ()).throw(RuntimeError("out of memory")))
        with pytest.raises(ModelError, match="out of memory"):
            written(served.submit(EngineRequest((5, 6), Sampling(max_tokens=3))))
    assert written(served.submit(EngineRequest((5, 6), Sampling(max_tokens=3)))) == by_transformers(model, (5, 6), 3)


def test_a_closed_engine_ends_its_replies_and_takes_no_more(small: Small) -> None:
    served = engine(small("llama", max_position_embeddings=4096))
    reply = served.submit(EngineRequest((5, 6), Sampling(max_tokens=4000), ignore_ends=True))
    next(iter(reply))
    served.close()
    assert reply.finish == "cancelled"
    with pytest.raises(ModelError, match="closed"):
        served.submit(EngineRequest((5, 6)))


def test_replies_asked_for_from_many_threads_are_each_their_own(small: Small) -> None:
    model = small()
    served, found = engine(model, drafter=Guessing()), {}

    def ask(prompt: tuple[int, ...]) -> None:
        found[prompt] = written(served.submit(EngineRequest(prompt, Sampling(max_tokens=12))))

    threads = [threading.Thread(target=ask, args=(prompt,)) for prompt in PROMPTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {prompt: by_transformers(model, prompt, 12) for prompt in PROMPTS}


def test_no_guess_is_no_tree() -> None:
    assert len(NOTHING) == 0
