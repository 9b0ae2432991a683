"""A checkpoint as GGUF: transformers reads the same model back, and llama.cpp says the same where it is installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from evidentia.errors import InputError
from evidentia.serving.compress.rounding import nearest
from evidentia.serving.models.gguf_file import blocks_of, splitter_of, write_gguf
from evidentia.serving.network.grid import grid_of

IDS = torch.tensor([[2, 40, 90, 7, 133, 64, 5]])


def scores(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model(IDS).logits
    return found


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3", "mistral"])
@pytest.mark.parametrize("tied", [True, False])
def test_it_is_read_back_as_the_same_model(
    architecture: str, tied: bool, tiny_checkpoint: Callable[..., Path], tmp_path: Path
) -> None:
    shape = {"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8}
    if architecture == "qwen3":
        shape["head_dim"] = 128  # which transformers takes for granted when it reads a Qwen3
    folder = tiny_checkpoint(architecture, tie_word_embeddings=tied, **shape)
    if architecture == "mistral":  # transformers reads its file as a Llama, unless the name says otherwise
        folder = folder.rename(tmp_path / "other")
    path = write_gguf(folder, tmp_path / "model.gguf", "f16")
    expected = scores(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32))
    found = scores(AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32))
    torch.testing.assert_close(found, expected, rtol=1e-2, atol=1e-3)


def test_a_grid_of_four_bits_is_written_as_it_is() -> None:
    from gguf import GGMLQuantizationType, quants

    weight = nearest(torch.randn(64, 96, generator=torch.Generator().manual_seed(0)))
    grid = grid_of(weight)
    assert grid is not None
    blocks = blocks_of(grid)
    assert blocks.shape == (64, 3 * 20)
    back = torch.from_numpy(quants.dequantize(blocks, GGMLQuantizationType.Q4_1))
    torch.testing.assert_close(back, weight.float(), rtol=0, atol=0.02)


def test_what_llama_cpp_has_no_name_for_is_refused(tiny_checkpoint: Callable[..., Path], tmp_path: Path) -> None:
    folder = tiny_checkpoint("llama")
    with pytest.raises(InputError, match="q8_0"):
        write_gguf(folder, tmp_path / "model.gguf", "q2")
    (tmp_path / "there.gguf").touch()
    with pytest.raises(InputError, match="there already"):
        write_gguf(folder, tmp_path / "there.gguf")
    with pytest.raises(InputError, match="Unigram"):
        splitter_of({"model": {"type": "Unigram"}})
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "rope_parameters": {"rope_type": "yarn"}}))
    with pytest.raises(InputError, match="yarn"):
        write_gguf(folder, tmp_path / "model.gguf")
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    with pytest.raises(InputError, match="gpt2"):
        write_gguf(folder, tmp_path / "model.gguf")
    assert not (tmp_path / "model.gguf").exists()


def test_llama_cpp_writes_the_same_tokens(default_folder: Path, tmp_path: Path) -> None:
    llama_cpp = pytest.importorskip("llama_cpp")
    path = write_gguf(default_folder, tmp_path / "model.gguf")
    llama = llama_cpp.Llama(str(path), n_ctx=256, n_threads=1, verbose=False)
    model = AutoModelForCausalLM.from_pretrained(default_folder, dtype=torch.float32)
    ids = llama.tokenize(b"The capital of France is", add_bos=False)
    expected = model.generate(torch.tensor([ids]), max_new_tokens=8, do_sample=False)[0, len(ids) :].tolist()
    found = [token for token, _ in zip(llama.generate(ids, temp=0.0), range(8), strict=False)]
    assert found == expected
