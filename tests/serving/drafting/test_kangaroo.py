"""The early exit is the model's own first layers; drafting stops where it is unsure; wrong files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from evidentia.errors import ModelError, NotFoundError
from evidentia.serving.drafting.kangaroo import early, kangaroo
from evidentia.serving.drafting.stack import Stack
from evidentia.serving.network.network import SequenceInput

from .networks import features_file, kangaroo_file, model, network, parts, write

TOKENS = [3, 1, 4, 1, 5]


def test_a_stack_of_the_models_own_layers_is_the_model() -> None:
    target = network()
    stack = Stack(target, target.layers, target.norm)
    ours = stack.forward([SequenceInput(stack.memory(), TOKENS)]).logits
    torch.testing.assert_close(ours, target.forward([SequenceInput(target.memory(), TOKENS)]).logits)


def test_the_draft_is_what_transformers_says_of_first_layers_and_attention(tmp_path: Path) -> None:
    source, target = model(), network()
    drafter = early(target, kangaroo_file(tmp_path / "w.safetensors", source, 2))
    layer, ids = source.model.layers[2], torch.tensor([TOKENS])
    turns = source.model.rotary_emb(torch.zeros(1), torch.arange(len(TOKENS))[None])
    with torch.inference_mode():
        x = source.model(ids, output_hidden_states=True).hidden_states[2]
        seen, _ = layer.self_attn(layer.input_layernorm(x), position_embeddings=turns, attention_mask=None)
        expected = source.lm_head(source.model.norm(x + seen))[0]
    torch.testing.assert_close(
        drafter.forward([SequenceInput(drafter.memory(), TOKENS)]).logits, expected, atol=1e-5, rtol=1e-4
    )


def test_drafting_stops_behind_the_first_unsure_guess(tmp_path: Path) -> None:
    file, target = kangaroo_file(tmp_path / "w.safetensors", model(spread=0.5)), network(spread=0.5)
    counts = [
        len(kangaroo(target=target, weights=file, least=least).start(TOKENS).draft(16)) for least in (0, 0.3, 1.1)
    ]
    assert counts[0] == 6
    assert counts[2] == 1
    assert 1 <= counts[1] <= 6


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    target = network()
    with pytest.raises(NotFoundError, match="no weights"):
        early(target, tmp_path / "none.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"not tensors")
    with pytest.raises(ModelError, match="cannot be read"):
        early(target, tmp_path / "broken.safetensors")
    with pytest.raises(ModelError, match="not of 'kangaroo'"):
        early(target, features_file(tmp_path / "other.safetensors", model()))
    half = parts(model(), 0, "") | {"norm.weight": torch.ones(16)}
    with pytest.raises(ModelError, match="width"):
        early(target, write(tmp_path / "narrow.safetensors", half, drafter="kangaroo", exit="1"))
