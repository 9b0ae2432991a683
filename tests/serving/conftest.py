"""Models to test with: the packaged one where it was fetched, and tiny random ones built on the spot."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evidentia.serving.constraints.grammar import Vocabulary, vocabulary
from evidentia.serving.models import hub
from evidentia.serving.models.local import LocalTransformers, load_local
from evidentia.settings import Settings

DEFAULT = Settings().model
PADDED = 272
"""Rows of logits of the byte-level vocabulary, with room behind it as models pad theirs."""
TEMPLATE = "{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}</s>{% endfor %}<s>assistant\n"


@pytest.fixture(scope="session")
def default_folder() -> Path:
    folder = hub.find(DEFAULT, Settings.from_env().cache)
    if folder is None:
        pytest.skip(f"{DEFAULT} is not on this machine; run: evidentia model get")
    return folder


@pytest.fixture(scope="session")
def smol(default_folder: Path) -> LocalTransformers:
    """The packaged model in fp32, where arithmetic does not depend on the width of a step.

    One thread: two that wait for each other on a busy machine are many times slower.
    """
    import torch

    torch.set_num_threads(1)
    return load_local(default_folder, DEFAULT, dtype="float32", device="cpu", kind="plain")


@pytest.fixture
def tiny_checkpoint(tmp_path: Path, make_checkpoint: Callable[..., Path]) -> Callable[..., Path]:
    """``make_checkpoint`` into a folder of this test's own."""
    return lambda architecture="qwen3", **config: make_checkpoint(tmp_path / architecture, architecture, **config)


@pytest.fixture(scope="session")
def make_checkpoint() -> Callable[..., Path]:
    """Makes a random two-layer checkpoint of an architecture, with a byte-level tokenizer and a chat template."""

    def make(folder: Path, architecture: str = "qwen3", **config: object) -> Path:
        import torch
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers
        from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

        letters = sorted(pre_tokenizers.ByteLevel.alphabet())
        vocabulary = {"<s>": 0, "</s>": 1} | {letter: at + 2 for at, letter in enumerate(letters)}
        backend = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", eos_token="</s>")
        tokenizer.chat_template = TEMPLATE
        sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
        shape = {"num_key_value_heads": 1, "head_dim": 16, "vocab_size": len(vocabulary), "eos_token_id": 1}
        limits = {"max_position_embeddings": 128, "bos_token_id": 0, "pad_token_id": None}
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(
            AutoConfig.for_model(architecture, **{**sizes, **shape, **limits, **config})
        )
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def small(
    tmp_path_factory: pytest.TempPathFactory, make_checkpoint: Callable[..., Path]
) -> Callable[..., LocalTransformers]:
    """``small(architecture, dtype)``: a random two-layer model with a byte vocabulary."""

    @cache
    def load_small(architecture: str = "llama", dtype: str = "float32", **config: Any) -> LocalTransformers:
        folder = make_checkpoint(tmp_path_factory.mktemp(architecture), architecture, **config)
        return load_local(folder, architecture, dtype=dtype, device="cpu")

    return load_small


@pytest.fixture(scope="session")
def tokenizer(make_checkpoint: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(make_checkpoint(tmp_path_factory.mktemp("constraints") / "tiny", "llama"))


@pytest.fixture(scope="session")
def words(tokenizer: Any) -> Vocabulary:
    return vocabulary(tokenizer, PADDED, [1])
