"""Turns a GGUF file into a plain checkpoint folder, once: safetensors in bf16, tokenizer, chat template, manifest.

The manifest is written last, so that a folder without one does not count (``checkpoint.py``). Knows nothing of where
models come from.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

from ...errors import ModelError, StorageError
from .checkpoint import NO_CODE, Checkpoint

Progress = Callable[[str, int, int], None]
"""``progress(stage, done, total)``."""

_LOUD = ("torchao", "torch.utils._pytree", "bitsandbytes")
"""Loggers that warn of kernels for other machines and, in every pass, of casts."""


def convert(gguf: Path, folder: Path, source: Mapping[str, Any], progress: Progress) -> None:
    """Reads ``gguf`` and fills the empty ``folder``; ``source`` goes into the manifest as it is.

    Raises ``ModelError`` when transformers cannot read the file.
    """
    with quiet_transformers():
        tokenizer, model = _read(gguf, progress)
        tokenizer.save_pretrained(folder)
        _save_weights(model, folder)
    progress("convert", 4, 4)
    Checkpoint.seal(folder, source)


def first_line(error: BaseException) -> str:
    """What a foreign error says, short enough to be part of a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Without the progress bars of transformers, which would run through ours; transformers is to be imported within.
    What other libraries log though nothing is wrong is not shown from then on; their errors are."""
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.ERROR)
    from transformers.utils import logging as bars

    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()


def _read(gguf: Path, progress: Progress) -> tuple[Any, Any]:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GgufConfig

    here: dict[str, Any] = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name, **NO_CODE}
    try:
        # transformers' GGUF reader draws a progress bar of its own whatever the settings are.
        with redirect_stderr(io.StringIO()):
            progress("convert", 0, 4)
            here["config"] = AutoConfig.from_pretrained(**here)
            progress("convert", 1, 4)
            tokenizer = AutoTokenizer.from_pretrained(**here)
            _restore_digits(tokenizer, gguf)
            progress("convert", 2, 4)
            unpacked = GgufConfig(dequantize=True)
            model = AutoModelForCausalLM.from_pretrained(**here, dtype=torch.bfloat16, quantization_config=unpacked)
            progress("convert", 3, 4)
    except Exception as error:  # the tokenizers library raises plain Exception
        raise ModelError(
            f"the file cannot be read as a GGUF model ({first_line(error)})",
            where=str(gguf),
            fix="use a file of an architecture that transformers supports",
        ) from error
    return tokenizer, model


def _save_weights(model: Any, folder: Path) -> None:
    from safetensors import SafetensorError

    try:
        model.save_pretrained(folder)
    except SafetensorError as error:
        raise StorageError(
            f"the converted weights cannot be written ({first_line(error)})", where=str(folder), fix="free some space"
        ) from error


def _restore_digits(tokenizer: Any, gguf: Path) -> None:
    """SmolLM splits numbers into digits before anything else; transformers 5.23 reads its GGUF without that rule.

    It shows wherever a number follows two or more spaces, so in most source code.
    """
    from gguf import GGUFReader
    from tokenizers import pre_tokenizers

    field = GGUFReader(gguf).get_field("tokenizer.ggml.pre")
    if field is not None and field.contents() == "smollm":
        digits, words = pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, words])
