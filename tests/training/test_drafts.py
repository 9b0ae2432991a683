"""Drafters are trained towards what the large model says, go on where they were stopped, and serve as they trained."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from evidentia.serving.drafting.fspad import head
from evidentia.serving.drafting.kangaroo import early
from evidentia.serving.drafting.s2d import sorted_network
from evidentia.serving.drafting.small_model import Following
from evidentia.serving.network.cache import KVCache
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.network import SequenceInput
from evidentia.training.drafts import Batch, Replies, Teacher, fit, write
from evidentia.training.fspad import Head
from evidentia.training.kangaroo import Adapter, loss_of
from evidentia.training.s2d import Exits

TOKENS = [5, 9, 2, 40, 17, 5]


@pytest.fixture
def model() -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=61,
        hidden_size=24,
        intermediate_size=40,
        num_hidden_layers=3,
        num_attention_heads=3,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        initializer_range=0.3,
    )
    return LlamaForCausalLM(config).eval().requires_grad_(False)


@pytest.fixture
def replies(model: Any, tmp_path: Path) -> Replies:
    """Five replies, as recorded."""
    folder = tmp_path / "features"
    folder.mkdir()
    for number in range(5):
        tokens = torch.randint(0, 61, (9 + 3 * number,), generator=torch.Generator().manual_seed(number))
        hidden = _last(model, tokens[None])[0].bfloat16()
        kept = {"tokens": tokens, "hidden": hidden[number:].contiguous(), "places": torch.tensor([number, 4])}
        save_file(kept, folder / f"{number}.safetensors")
    return Replies(folder)


def _last(model: Any, ids: Tensor) -> Tensor:
    """Outputs of the last layer, before the norm."""
    x, turns = model.model.embed_tokens(ids), model.model.rotary_emb(torch.zeros(1), torch.arange(ids.shape[1])[None])
    for layer in model.model.layers:
        x = layer(x, position_embeddings=turns, attention_mask=None)
    return x


def shaken(module: nn.Module) -> nn.Module:
    """With weights that training could have made."""
    with torch.no_grad():
        for weight in module.parameters():
            weight.add_(torch.randn(weight.shape) * 0.1)
    return module.requires_grad_(False)


def rotary(model: Any, count: int) -> tuple[Tensor, Tensor]:
    cos, sin = model.model.rotary_emb(torch.zeros(1), torch.arange(count)[None])
    return cos, sin


def test_batches_hold_every_token_that_has_features(replies: Replies) -> None:
    assert replies.tokens == sum(9 + 3 * number - number for number in range(5))
    seen, drawn = 0, replies.batches(0, 40)
    while seen < replies.tokens:
        batch = next(drawn)
        assert batch.ids.shape == batch.valid.shape == batch.hidden.shape[:2]
        assert batch.ids.numel() <= 40
        seen += int(batch.valid.sum())
    assert seen == replies.tokens


def test_the_teacher_says_what_the_model_says(model: Any, replies: Replies) -> None:
    teacher = Teacher(model, replies.common(61), 0)
    teacher.columns, teacher.part = torch.arange(61), model.get_output_embeddings().weight.bfloat16()
    ids = torch.tensor([TOKENS])
    law = teacher.law(_last(model, ids))
    torch.testing.assert_close(law, model(ids).logits.softmax(-1), atol=0.02, rtol=0.05)


def test_a_kangaroo_that_was_trained_drafts_as_it_trained(model: Any, tmp_path: Path) -> None:
    adapter = shaken(Adapter(model, 1))
    write(tmp_path / "w.safetensors", adapter.state_dict(), {"drafter": "kangaroo", "exit": "1"})
    x = model.model.layers[0](
        model.model.embed_tokens(torch.tensor([TOKENS])), position_embeddings=rotary(model, 6), attention_mask=None
    )
    expected = model.lm_head(adapter(x, rotary(model, 6)))[0, -1]
    ours = Following(early(LeanNetwork(model, "plain"), tmp_path / "w.safetensors"), TOKENS).root()
    torch.testing.assert_close(ours, expected, atol=1e-4, rtol=1e-4)


def test_exits_that_were_trained_draft_as_they_trained(model: Any, tmp_path: Path) -> None:
    network = shaken(Exits(model, [1, 3]))
    write(tmp_path / "w.safetensors", network.state_dict(), {"drafter": "s2d", "exits": "1 3"})
    served = sorted_network(LeanNetwork(model, "plain"), tmp_path / "w.safetensors")
    said = network(model.model.embed_tokens(torch.tensor([TOKENS])), rotary(model, 6))
    for number, normed in enumerate(said):
        ours = Following(served.alone(number), TOKENS).root()
        torch.testing.assert_close(ours, model.lm_head(normed)[0, -1], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("sampling", [True, False])
def test_a_head_that_was_trained_drafts_as_it_trained(model: Any, tmp_path: Path, sampling: bool) -> None:
    trained = shaken(Head(model, sampling))
    write(tmp_path / "w.safetensors", trained.state_dict(), {"drafter": "features"})
    target = LeanNetwork(model, "plain")
    own, hidden = head(target, tmp_path / "w.safetensors"), _last(model, torch.tensor([TOKENS[:-1]]))
    embedded = model.model.embed_tokens(torch.tensor([TOKENS[1:]]))
    expected = trained(model.model.norm(hidden), embedded, rotary(model, 5))[0]
    shape = LeanNetwork(model, "plain").shape
    ours = own.forward(SequenceInput(KVCache(shape), TOKENS[1:]), own.feature(hidden[0]))
    torch.testing.assert_close(ours, expected, atol=1e-4, rtol=1e-4)


def test_training_lowers_the_loss_and_goes_on_where_it_stopped(model: Any, replies: Replies, tmp_path: Path) -> None:
    torch.manual_seed(0)
    adapter, teacher = Adapter(model, 1), Teacher(model, replies.common(61), 0)
    teacher.begin = lambda: None  # type: ignore[method-assign]
    teacher.columns, teacher.part = torch.arange(61), model.get_output_embeddings().weight.bfloat16()
    options = argparse.Namespace(minutes=0, steps=60, rate=3e-3, resume=False, seed=0, tokens=60, out=tmp_path)

    def loss(batch: Batch) -> Tensor:
        return loss_of(adapter, teacher, 1, batch)

    whole = next(replies.batches(0, 10_000))
    before = float(loss(whole).detach())
    first = fit(adapter, loss, replies, options)
    assert float(loss(whole).detach()) < before - 0.1
    kept = {name: weight.clone() for name, weight in adapter.state_dict().items()}
    options.resume, fresh = True, Adapter(model, 1)
    second = fit(fresh, lambda batch: loss_of(fresh, teacher, 1, batch), replies, options)
    assert second.step == first.step + 1
    for name, weight in fresh.state_dict().items():
        torch.testing.assert_close(weight, kept[name], atol=0.01, rtol=0.1)
