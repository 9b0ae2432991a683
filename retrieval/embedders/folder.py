"""Embedders that were made on this machine: a folder of the cache for each, in the form that sentence-transformers
loads, run by the packaged embedder's own two roads.

Knows nothing of how they were made.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InputError, ModelError, StorageError
from . import weights
from .minilm import MAX_TOKENS, MODEL, MiniLM

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANIFEST, TOKENIZER = "evidentia.json", "tokenizer.json"
_HEADS, _PLACES = 12, 512


class FolderMiniLM(MiniLM):
    """An embedder that lies in ``folder``. Raises ``ModelError`` for a folder that is damaged."""

    def __init__(self, folder: Path, cache: Path) -> None:
        super().__init__(cache)
        try:
            told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self._digest = str(told["sha256"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            fix = "delete the folder and run: evidentia model compress"
            raise ModelError("the embedder's manifest cannot be read", where=str(folder), fix=fix) from error
        self._folder = folder
        self.fingerprint = f"{folder.name} {self._digest[:12]} mean {MAX_TOKENS}"

    def _tensors(self) -> Mapping[str, NDArray[np.float32]]:
        weights.verify(self._folder / MODEL, self._digest, self._cache)
        return weights.tensors(self._folder / MODEL)


def find(name: str, cache: Path) -> Path | None:
    """The folder of an embedder that was made here, by its name or its path."""
    path = _home(cache) / name if Path(name).name == name else Path(name).expanduser()
    return path if (path / MANIFEST).is_file() else None


def refuse_taken(name: str, cache: Path, names: Mapping[str, str]) -> None:
    """Raises ``InputError`` for a name that an embedder has, or that is no name."""
    if Path(name).name != name or name.startswith("."):
        raise InputError("this is no name for an embedder", where=name, fix="choose one without slashes")
    if name in names or find(name, cache) is not None:
        raise InputError("an embedder of this name is here already", where=name, fix="choose another --name")


def write(name: str, cache: Path, tensors: Mapping[str, NDArray[np.float32]], facts: Mapping[str, Any]) -> Path:
    """The folder of the new embedder, which appears whole. ``facts`` go into its manifest. Raises ``StorageError``."""
    import hashlib

    from safetensors.numpy import save_file

    folder = _home(cache) / name
    part = folder.with_name(f".{name}.{os.getpid()}")
    try:
        (part / "1_Pooling").mkdir(parents=True)
        (part / "2_Normalize").mkdir()
        held = {key: np.ascontiguousarray(values) for key, values in tensors.items() if "position_ids" not in key}
        save_file(held, part / MODEL, {"format": "pt"})
        shutil.copyfile(weights.published_file(TOKENIZER, cache), part / TOKENIZER)
        digest = hashlib.sha256((part / MODEL).read_bytes()).hexdigest()
        for place, told in (*_settings(held).items(), (MANIFEST, {"sha256": digest, **facts})):
            (part / place).write_text(json.dumps(told, indent=1), encoding="utf-8")
        part.replace(folder)
    except OSError as error:
        raise StorageError(f"the embedder cannot be kept ({error.strerror})", where=str(folder)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _home(cache: Path) -> Path:
    return cache / "embedders"


def _settings(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, Any]:
    """The files by which transformers and sentence-transformers know what the tensors are."""
    words, width = tensors["embeddings.word_embeddings.weight"].shape
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": width,
        "intermediate_size": len(tensors["encoder.layer.0.intermediate.dense.bias"]),
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": _PLACES,
        "num_attention_heads": _HEADS,
        "num_hidden_layers": layers,
        "pad_token_id": 0,
        "type_vocab_size": len(tensors["embeddings.token_type_embeddings.weight"]),
        "vocab_size": words,
    }
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(kinds.items())
    ]
    tokens = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
    return {
        "config.json": config,
        "modules.json": modules,
        "1_Pooling/config.json": {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "do_lower_case": True, **tokens},
    }
