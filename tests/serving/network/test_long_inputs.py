"""Beyond its context a model sees the first tokens, the last ones and the blocks it asks for; the device stays small."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError, ModelError
from evidentia.serving.base import Sampling
from evidentia.serving.drafting import open_drafter
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.models.local import LocalTransformers, load_local
from evidentia.serving.network.cache import CacheShape, KVCache
from evidentia.serving.network.distant_blocks import KeyBlocks
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.long_inputs import LongNetwork
from evidentia.serving.network.long_memory import LongMemory, Reach, reach_for
from evidentia.serving.network.network import CausalNetwork, SequenceInput
from evidentia.serving.network.tree import sight

Small = Callable[..., LocalTransformers]
REACH = Reach(context=64, window=32, initial=4, block=4, recalled=3, representatives=2, chunk=8, slots=6)


def text(count: int, seed: int = 0) -> list[int]:
    rng = random.Random(seed)
    return [rng.randrange(5, 250) for _ in range(count)]


def read(network: CausalNetwork, memory: KVCache, tokens: Sequence[int]) -> np.ndarray:
    return network.forward([SequenceInput(memory, tokens)]).logits.numpy()


def tree(network: CausalNetwork, memory: KVCache, tokens: Sequence[int], parents: Sequence[int]) -> np.ndarray:
    """``parents`` count from the first of ``tokens``, -1 for what stands before them."""
    seen = sight([], memory.length, [memory.length + parent for parent in parents])
    return network.forward([SequenceInput(memory, tokens, seen.sum(1) - 1, seen, chain=0)]).logits.numpy()


@pytest.fixture(scope="module")
def long(small: Small) -> Callable[..., LongNetwork]:
    """A network of random weights, its questions sharp enough that attention is not the same everywhere."""

    def made(dtype: str = "float64", reach: Reach = REACH, **config: object) -> LongNetwork:
        model = small("llama", dtype, num_attention_heads=4, num_key_value_heads=2, initializer_range=0.3, **config)
        return LongNetwork(model.model, "plain", reach)

    return made


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_within_the_context_it_scores_as_the_plain_network(small: Small, dtype: str) -> None:
    model = small("qwen3", dtype)
    plain = LeanNetwork(model.model, "plain")
    network, tokens = LongNetwork(model.model, "plain", REACH, plain), text(64)
    ours, theirs = network.memory(), plain.memory()
    for start, end in ((0, 1), (1, 40), (40, 41), (41, 60)):
        np.testing.assert_allclose(
            read(network, ours, tokens[start:end]), read(plain, theirs, tokens[start:end]), atol=1e-5
        )
    parents = [-1, 0, 0, -1]
    np.testing.assert_allclose(
        tree(network, ours, tokens[60:], parents), tree(plain, theirs, tokens[60:], parents), atol=1e-5
    )


def test_beyond_the_context_it_scores_otherwise(small: Small) -> None:
    model, tokens = small("llama", "float64", initializer_range=0.3), text(120)
    plain = LeanNetwork(model.model, "plain")
    network = LongNetwork(model.model, "plain", REACH, plain)
    ours, theirs = read(network, network.memory(), tokens), read(plain, plain.memory(), tokens)
    np.testing.assert_allclose(ours[:64], theirs[:64], atol=1e-8)
    assert np.abs(ours[64:] - theirs[64:]).max() > 1e-3


def test_sequences_read_side_by_side_score_as_alone(long: Callable[..., LongNetwork]) -> None:
    network, texts = long(), [text(150, 1), text(3, 2), text(90, 3)]
    memories = [network.memory() for _ in texts]
    parts = [SequenceInput(memory, tokens) for memory, tokens in zip(memories, texts, strict=True)]
    output = network.forward(parts, rows=[242, 0, 152, 149], layers=[1])
    alone = [network.forward([SequenceInput(network.memory(), tokens)], layers=[1]) for tokens in texts]
    expected = [alone[2].logits[-1], alone[0].logits[0], alone[1].logits[-1], alone[0].logits[-1]]
    np.testing.assert_allclose(output.logits.numpy(), np.stack(expected), atol=1e-10)
    hidden = np.concatenate([one.hidden.numpy() for one in alone], 1)
    np.testing.assert_allclose(output.hidden.numpy(), hidden, atol=1e-10)


def test_how_a_prompt_is_cut_into_passes_changes_nothing_where_the_cuts_end_chunks(
    long: Callable[..., LongNetwork],
) -> None:
    network, tokens = long(), text(160)
    whole, memory = read(network, network.memory(), tokens), network.memory()
    parts = [read(network, memory, tokens[a:b]) for a, b in ((0, 24), (24, 120), (120, 128), (128, 160))]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_tree_scores_as_its_paths_read_token_by_token_and_leaves_the_same_memory(
    long: Callable[..., LongNetwork], data: st.DataObject
) -> None:
    network = long()
    prompt = text(data.draw(st.integers(60, 90)), data.draw(st.integers(0, 5)))
    count = data.draw(st.integers(1, 8))
    tokens = data.draw(st.lists(st.integers(5, 250), min_size=count, max_size=count))
    parents = [data.draw(st.integers(-1, row - 1)) for row in range(count)]
    branched = network.memory()
    read(network, branched, prompt)
    start, scores = branched.length, tree(network, branched, tokens, parents)
    path, node = list[int](), count - 1
    while node >= 0:
        path.insert(0, node)
        node = parents[node]
    straight = network.memory()
    read(network, straight, prompt)
    one_by_one = np.concatenate([read(network, straight, [tokens[node]]) for node in path])
    np.testing.assert_allclose(scores[path], one_by_one, atol=1e-10)
    branched.keep(start, path)
    for token in text(40, 9):
        ours, theirs = read(network, branched, [token]), read(network, straight, [token])
        np.testing.assert_allclose(ours, theirs, atol=1e-10)
    assert branched.recalled == straight.recalled


def test_few_places_on_the_device_change_the_copies_but_not_the_scores(long: Callable[..., LongNetwork]) -> None:
    narrow, wide = (long(reach=replace(REACH, slots=slots)) for slots in (3, 64))
    ours, theirs, tokens = narrow.memory(), wide.memory(), text(200)
    np.testing.assert_allclose(read(narrow, ours, tokens), read(wide, theirs, tokens), atol=1e-10)
    guesses, parents = text(12, 7), [-1, -1, -1, 0, 1, 2, 3, 3, 4, -1, -1, -1]
    np.testing.assert_allclose(tree(narrow, ours, guesses, parents), tree(wide, theirs, guesses, parents), atol=1e-10)
    assert ours.blocks.fetched > theirs.blocks.fetched
    assert ours.device_size < theirs.device_size


def test_what_the_device_holds_does_not_grow_with_the_sequence(long: Callable[..., LongNetwork]) -> None:
    network = long("float32")
    memory, sizes, hosts = network.memory(), list[int](), list[int]()
    for number in range(8):
        read(network, memory, text(128, number))
        sizes.append(memory.device_size)
        hosts.append(memory.blocks.host_size)
    assert len(set(sizes)) == 1
    assert hosts == sorted(hosts)
    assert hosts[-1] > 900 * network.shape.bytes_per_token
    assert memory.near.length <= REACH.window + REACH.block + REACH.chunk


def test_a_token_recalls_the_block_in_which_it_stood_before(small: Small) -> None:
    import torch

    model = small("llama", "float32", num_attention_heads=1, head_dim=32, tie_word_embeddings=False)
    rare, side = 77, 15  # of the turned sides the one that turns least
    with torch.no_grad():
        words, layer = model.model.get_input_embeddings().weight, model.model.model.layers[0].self_attn
        words[:, side] = words[rare] = 0
        words[rare, side] = 1
        layer.q_proj.weight.copy_(torch.eye(32))
        layer.k_proj.weight.copy_(torch.eye(32))
    network = LongNetwork(model.model, "plain", replace(REACH, representatives=4))
    for planted in range(10, 200, 20):
        memory, tokens = network.memory(), [one for one in text(300, planted) if one != rare]
        tokens[planted] = rare
        read(network, memory, tokens)
        read(network, memory, [rare])
        assert (planted - REACH.initial) // REACH.block in memory.recalled[0][0]


def test_only_the_blocks_that_are_asked_for_are_found() -> None:
    import torch

    shape = CacheShape(layers=1, groups=1, size=4, dtype=torch.float32, device=torch.device("cpu"))
    blocks = KeyBlocks(shape, block=2, slots=2)
    for number in range(4):
        mark = torch.zeros(1, 1, 1, 4)
        mark[..., number] = 1.0
        blocks.add(torch.full((1, 2, 1, 2, 4), float(number)), mark, torch.zeros(1, 2))
    asks, near = torch.tensor([[[0.1, 0.9, 0.0, 0.8]]]), torch.zeros(1, 1)
    for by in ("share", "likeness"):
        assert blocks.nearest(0, asks, near, 4, 2, by) == [1, 3]
        assert blocks.nearest(0, asks, near, 3, 2, by) == [0, 1]
        assert blocks.nearest(0, torch.zeros(1, 1, 4), near, 2, 2, by) == [0, 1]


def test_a_head_that_finds_what_it_wants_nearby_has_no_say_in_the_choice_by_share() -> None:
    import torch

    shape = CacheShape(layers=1, groups=1, size=2, dtype=torch.float32, device=torch.device("cpu"))
    blocks = KeyBlocks(shape, block=1, slots=1)
    for mark in ([4.0, 0.0], [0.0, 3.0]):
        blocks.add(torch.zeros(1, 2, 1, 1, 2), torch.tensor(mark).view(1, 1, 1, 2), torch.zeros(1, 1))
    asks, near = torch.eye(2)[None], torch.tensor([[20.0, 0.0]])
    assert blocks.nearest(0, asks, near, 2, 1, "share") == [1]
    assert blocks.nearest(0, asks, near, 2, 1, "likeness") == [0]


def test_of_the_blocks_on_the_device_the_longest_unused_makes_room() -> None:
    import torch

    shape = CacheShape(layers=1, groups=1, size=4, dtype=torch.float32, device=torch.device("cpu"))
    blocks = KeyBlocks(shape, block=2, slots=2)
    for number in range(4):
        blocks.add(torch.full((1, 2, 1, 2, 4), float(number)), torch.zeros(1, 1, 1, 4), torch.zeros(1, 2))
    for wanted in ([0, 1], [1], [1, 2], [1, 2]):
        slots = blocks.bring(0, wanted)
        assert [float(blocks.on_device(0)[0, 0, 2 * slots[number], 0]) for number in wanted] == wanted
    assert blocks.fetched == 3


@pytest.mark.parametrize("length", [192, 104, 72, 50, 3, 0])
def test_a_sequence_steps_back_to_any_length(long: Callable[..., LongNetwork], length: int) -> None:
    network, tokens = long(reach=replace(REACH, representatives=4)), text(200)
    memory, other = network.memory(), network.memory()
    read(network, memory, tokens)
    memory.length = length
    if length:
        read(network, other, tokens[:length])
    more = text(120, 4)
    np.testing.assert_allclose(read(network, memory, more), read(network, other, more), atol=1e-4)
    assert (memory.length, memory.start, memory.blocks.count) == (other.length, other.start, other.blocks.count)


def test_a_copy_goes_on_alone(long: Callable[..., LongNetwork]) -> None:
    network, tokens = long(), text(200)
    memory = network.memory()
    read(network, memory, tokens)
    twin = memory.copy(200)
    read(network, memory, text(50, 4))
    expected = network.memory()
    read(network, expected, tokens)
    np.testing.assert_allclose(read(network, twin, tokens[:60]), read(network, expected, tokens[:60]), atol=1e-10)


@pytest.fixture(scope="module")
def folder(make_checkpoint: Callable[..., object], tmp_path_factory: pytest.TempPathFactory) -> object:
    return make_checkpoint(tmp_path_factory.mktemp("long"), "llama", initializer_range=0.3)


@pytest.fixture(scope="module")
def model(folder: object) -> LocalTransformers:
    return load_local(folder, "tiny", dtype="float32", device="cpu", long_inputs=1000)  # type: ignore[arg-type]


def test_the_engine_answers_a_prompt_beyond_the_context_when_long_inputs_are_on(
    folder: object, model: LocalTransformers
) -> None:
    plain = load_local(folder, "tiny", dtype="float32", device="cpu")  # type: ignore[arg-type]
    ask = EngineRequest(tuple(text(400)), Sampling(max_tokens=20), ignore_ends=True)
    with pytest.raises(InputError, match="the prompt has 400 tokens, the model reads 128"):
        plain.engine.submit(ask)
    reply = model.engine.submit(ask)
    assert sum(len(chunk.tokens) for chunk in reply) == 20
    with pytest.raises(InputError, match="the prompt has 1,000 tokens, the model reads 1,000"):
        model.engine.submit(EngineRequest(tuple(text(1000))))


def test_guesses_and_a_known_beginning_leave_the_reply_as_it_is(model: LocalTransformers) -> None:
    assert model.network is not None

    def answered(prompt: Sequence[int], drafts: bool, engine: Engine) -> tuple[list[int], int, int]:
        ask = EngineRequest(tuple(prompt), Sampling(max_tokens=60), drafts=drafts, ignore_ends=True)
        reply = engine.submit(ask)
        tokens = [token for chunk in reply for token in chunk.tokens]
        return tokens, reply.usage.accepted, reply.usage.cached

    def engine() -> Engine:
        assert model.network is not None
        drafter = open_drafter("union", vocabulary=model.network.vocabulary)
        flat = Prices({1: 1.0, 64: 1.0})
        return Engine(model.network, model.ends, model.context, drafter=drafter, prices=flat)

    prompt = (text(30) * 12)[:336]
    plain, guessing = engine(), engine()
    expected, none, _ = answered(prompt, drafts=False, engine=plain)
    found, accepted, _ = answered(prompt, drafts=True, engine=guessing)
    assert found == expected
    assert none == 0
    assert accepted > 0
    _, _, cached = answered([*prompt, *found[:8]], drafts=False, engine=guessing)
    assert cached == 343
    plain.close()
    guessing.close()


def test_a_session_reads_on_and_says_what_it_cannot_do(model: LocalTransformers, tmp_path: object) -> None:
    session = model.start()
    first = session.feed(text(500), rows=1)
    length = len(session.tokens)
    session.branch([5, 6], [length - 1, length - 1])
    session.crop(length)
    other = model.start()
    np.testing.assert_allclose(other.feed(text(500), rows=1), first, atol=1e-6)
    with pytest.raises(ModelError, match="beyond the model's context cannot be kept or joined"):
        session.save(tmp_path / "kept")  # type: ignore[operator]
    with pytest.raises(ModelError, match="beyond the model's context cannot be kept or joined"):
        model.join([session, model.start()])
    session.crop(300)
    np.testing.assert_allclose(session.feed(text(500)[300:], rows=1), first, atol=1e-4)


def test_a_model_outside_the_family_refuses_long_inputs(
    make_checkpoint: Callable[..., object], tmp_path: object
) -> None:
    model = load_local(make_checkpoint(tmp_path, "gpt_neox", num_key_value_heads=2), "neox", long_inputs=1000)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="long inputs need a model of the Llama family"):
        model.start()


@pytest.mark.parametrize("wrong", [{"slots": 2}, {"window": 16}, {"context": 40}, {"block": 0}])
def test_a_reach_that_does_not_fit_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match="do not fit the model's context"):
        replace(REACH, **wrong)


@given(context=st.integers(64, 200_000), position=st.integers(0, 1_000_000))
def test_every_token_before_a_position_is_near_or_first_or_in_a_block(context: int, position: int) -> None:
    reach = reach_for(context)
    far = reach.far(position)
    begin = reach.begin(far)
    assert begin <= position
    assert position < context or reach.window <= position - begin < reach.window + reach.block
    assert begin == 0 or begin == reach.initial + far * reach.block
    assert reach.sealed_blocks(position) >= far


def test_memories_of_one_sequence_start_empty(long: Callable[..., LongNetwork]) -> None:
    memory = long().memory()
    assert isinstance(memory, LongMemory)
    assert (memory.length, memory.start, memory.blocks.count) == (0, 0, 0)
