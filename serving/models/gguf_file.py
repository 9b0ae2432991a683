"""A checkpoint as one GGUF file, which llama.cpp and what is built on it load.

Matrices on a grid of sixteen values are written as Q4_1, which holds that very grid; all others as Q8_0 or in half
precision. Knows nothing of how the checkpoint came about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError, StorageError
from ..network.grid import GROUP, grid_of

KINDS = ("auto", "q8_0", "f16")
"""``auto``: Q4_1 where nothing is lost by it, else Q8_0."""
ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
CONTROL, NORMAL, OWN = 3, 1, 4
"""Kinds of tokens: control tokens, those of the vocabulary, added ones."""
_QWEN = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"
_LLAMA = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"


def write_gguf(folder: Path, target: Path, kind: str = "auto") -> Path:
    """Writes the checkpoint of ``folder`` to ``target``. Raises ``InputError`` for an architecture or a tokenizer that
    llama.cpp has no name for, ``StorageError`` where it cannot be written."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    name = ARCHITECTURES.get(str(config.get("model_type")))
    if name is None or config.get("quantization_config"):
        raise InputError(
            "this checkpoint cannot be written as GGUF",
            where=f"{folder}, {config.get('model_type')}",
            fix=f"use one of {', '.join(ARCHITECTURES)}, not quantised",
        )
    if kind not in KINDS:
        raise InputError("no such way to keep weights in GGUF", where=kind, fix=f"choose one of {', '.join(KINDS)}")
    if target.exists():
        raise InputError("this file is there already", where=str(target), fix="name another")
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    splitter = splitter_of(tokenizer)
    from gguf import GGUFWriter

    part = target.with_suffix(".part")
    try:
        writer = GGUFWriter(part, name)
        _add_settings(writer, config, folder.name)
        _add_tokenizer(writer, folder, tokenizer, splitter, config)
        _add_weights(writer, folder, config, name, kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        part.replace(target)
    except OSError as error:
        raise StorageError(
            f"the file cannot be written ({error.strerror or error})", where=str(target), fix="name another place"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def splitter_of(tokenizer: Mapping[str, Any]) -> str:
    """llama.cpp's name for how a text is split before pairs are merged. Raises ``InputError`` for one without."""
    model, before = tokenizer["model"], json.dumps(tokenizer.get("pre_tokenizer"), ensure_ascii=False)
    if model.get("type") == "BPE" and "ByteLevel" in before:
        pattern = before.replace("\\\\", "\\")
        if '"Digits"' in before:
            return "smollm"
        if _QWEN in pattern:
            return "qwen2"
        if _LLAMA in pattern:
            return "llama-bpe"
        if '"Split"' not in before:
            return "gpt-2"
    raise InputError(
        "llama.cpp has no name for how this tokenizer splits a text",
        where=str(model.get("type")),
        fix="use llama.cpp's own convert_hf_to_gguf.py",
    )


def _add_settings(writer: Any, config: Mapping[str, Any], name: str) -> None:
    heads = int(config["num_attention_heads"])
    groups, wide = int(config.get("num_key_value_heads") or heads), int(config["hidden_size"])
    size = int(config.get("head_dim") or wide // heads)
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        raise InputError(
            "positions are scaled in a way that is not written here",
            where=str(rope.get("rope_type", rope.get("type"))),
            fix="use llama.cpp's own convert_hf_to_gguf.py",
        )
    writer.add_name(name)
    writer.add_context_length(int(config["max_position_embeddings"]))
    writer.add_embedding_length(wide)
    writer.add_block_count(int(config["num_hidden_layers"]))
    writer.add_feed_forward_length(int(config["intermediate_size"]))
    writer.add_head_count(heads)
    writer.add_head_count_kv(groups)
    writer.add_key_length(size)
    writer.add_value_length(size)
    writer.add_rope_dimension_count(size)
    writer.add_layer_norm_rms_eps(float(config["rms_norm_eps"]))
    writer.add_rope_freq_base(float(rope.get("rope_theta", config.get("rope_theta", 10000.0))))
    writer.add_vocab_size(int(config["vocab_size"]))


def _add_tokenizer(
    writer: Any, folder: Path, tokenizer: Mapping[str, Any], splitter: str, config: Mapping[str, Any]
) -> None:
    vocabulary: dict[str, int] = dict(tokenizer["model"]["vocab"])
    kinds = dict.fromkeys(vocabulary, NORMAL)
    for token in tokenizer["added_tokens"]:
        vocabulary[token["content"]] = token["id"]
        kinds[token["content"]] = CONTROL if token["special"] else OWN
    names = {at: token for token, at in vocabulary.items()}
    rows = range(int(config["vocab_size"]))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(splitter)
    writer.add_token_list([names.get(at, f"[PAD{at}]") for at in rows])
    writer.add_token_types([kinds[names[at]] if at in names else 5 for at in rows])  # 5: unused
    pairs = tokenizer["model"]["merges"]
    writer.add_token_merges([one if isinstance(one, str) else " ".join(one) for one in pairs])
    writer.add_add_bos_token(False)
    ends = _ends(folder, config)
    for add, token in (
        (writer.add_bos_token_id, config.get("bos_token_id")),
        (writer.add_eos_token_id, ends),
        (writer.add_pad_token_id, config.get("pad_token_id")),
    ):
        if token is not None:
            add(int(token))
    template = folder / "chat_template.jinja"
    told = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    shown = template.read_text(encoding="utf-8") if template.is_file() else told.get("chat_template")
    if shown:
        writer.add_chat_template(shown)


def _ends(folder: Path, config: Mapping[str, Any]) -> int | None:
    path = folder / "generation_config.json"
    told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    found = told.get("eos_token_id", config.get("eos_token_id"))
    return found[0] if isinstance(found, list) else found


def _add_weights(writer: Any, folder: Path, config: Mapping[str, Any], name: str, kind: str) -> None:
    from gguf import MODEL_ARCH, get_tensor_name_map
    from safetensors import safe_open

    places = get_tensor_name_map(getattr(MODEL_ARCH, name.upper()), int(config["num_hidden_layers"]))
    heads = int(config["num_attention_heads"])
    turned = {"q_proj": heads, "k_proj": int(config.get("num_key_value_heads") or heads)} if name == "llama" else {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            for full in file.keys():  # noqa: SIM118
                if full == "lm_head.weight" and config.get("tie_word_embeddings"):
                    continue
                place = places.get_name(full, try_suffixes=(".weight", ".bias"))
                if place is None:
                    raise InputError("GGUF has no place for a tensor", where=full, fix="use another checkpoint")
                tensor, module = file.get_tensor(full), full.split(".")[-2]
                _add_tensor(writer, place, _turn(tensor, turned.get(module)), kind)


def _turn(weight: Any, heads: int | None) -> Any:
    """Rows of queries and keys as llama.cpp turns them: neighbours belong together, not the two halves of a head."""
    if heads is None:
        return weight
    return weight.view(heads, 2, len(weight) // heads // 2, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


def _add_tensor(writer: Any, place: str, weight: Any, kind: str) -> None:
    import torch
    from gguf import GGMLQuantizationType as Kind
    from gguf import quants

    if weight.ndim == 1 or weight.shape[1] % GROUP:
        writer.add_tensor(place, weight.float().numpy())
        return
    grid = grid_of(weight.to(torch.bfloat16)) if kind == "auto" else None
    if grid is not None:
        writer.add_tensor(place, blocks_of(grid), raw_dtype=Kind.Q4_1)
    elif kind == "f16":
        writer.add_tensor(place, weight.half().numpy())
    else:
        writer.add_tensor(place, quants.quantize(weight.float().numpy(), Kind.Q8_0), raw_dtype=Kind.Q8_0)


def blocks_of(grid: Any) -> Any:
    """The grid as blocks of Q4_1, ``[out, in / 32 * 20]`` bytes: step, least value, and 32 numbers of four bits, the
    first sixteen below the others."""
    import numpy as np

    rows, width = grid.whole.shape
    scale, middle = grid.scales.float().transpose(0, 1).unbind(-1)  # [out, in / 32]
    ends = np.stack([scale.numpy(), (middle - 8 * scale).numpy()], -1).astype("<f2")
    whole = grid.whole.view(rows, width // GROUP, 2, GROUP // 2).numpy().astype(np.uint8)
    packed = whole[:, :, 0] | whole[:, :, 1] << 4
    return np.concatenate([ends.view(np.uint8), packed], -1).reshape(rows, -1)
