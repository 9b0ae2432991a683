"""Small networks that borrow from a large one: its embedding, its rotary positions and its head over other layers.

Layers are the large model's own, or trained ones from a safetensors file, under the names that transformers gives the
parts of a Llama layer. Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import ModelError, NotFoundError
from ..network.cache import KVCache
from ..network.lean import Attention, LeanLayer, LeanNetwork
from ..network.linear import Linear, linear
from ..network.network import NetworkOutput, SequenceInput

Tensors = Mapping[str, Any]


class Stack:
    """A ``CausalNetwork`` of ``layers`` (one without a feed-forward half is an ``Attention``) and a last norm between
    ``target``'s embedding and head. Keys and values are its own; it shows no hidden outputs."""

    def __init__(self, target: LeanNetwork, layers: Sequence[Attention], norm: Any) -> None:
        self.target, self.layers, self.norm = target, tuple(layers), norm
        self.shape, self.vocabulary = replace(target.shape, layers=len(layers)), target.vocabulary

    def memory(self, room: int = 0) -> KVCache:
        """See ``CausalNetwork``."""
        return KVCache(self.shape, room)

    def forward(
        self, parts: Sequence[SequenceInput], rows: Sequence[int] | None = None, layers: Sequence[int] = ()
    ) -> NetworkOutput:
        """See ``CausalNetwork``."""
        import torch

        with torch.inference_mode():
            places, x = self.target.places(parts), self.target.embed(parts)
            for number, layer in enumerate(self.layers):
                x = through(self.target, layer, number, x, places)
            for part in parts:
                part.memory.length += len(part.tokens)
            return NetworkOutput(self.target.scores(x if rows is None else x[list(rows)], self.norm))


def through(target: LeanNetwork, layer: Attention, number: int, x: Any, places: Any) -> Any:
    """``x`` behind ``layer``, which stands at ``number`` in the memories."""
    step = target.through if isinstance(layer, LeanLayer) else target.attend_and_add
    return step(layer, number, x, places)  # type: ignore[arg-type]


def read(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Weights and facts of a drafter's file. Raises ``NotFoundError`` for a missing file, ``ModelError`` for a damaged
    one or one of another kind of drafter."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise NotFoundError("there are no weights of a drafter here", where=str(path), fix="train them: training/")
    try:
        with safe_open(path, "pt") as opened:
            facts = dict(opened.metadata() or {})
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  (not a dict)
    except (SafetensorError, OSError) as error:
        raise ModelError(f"the weights of a drafter cannot be read ({error})", where=str(path)) from error
    if facts.get("drafter") != kind:
        raise ModelError(f"these are weights of {facts.get('drafter')!r}, not of {kind!r}", where=str(path))
    return tensors, facts


def like(target: LeanNetwork, tensors: Tensors, path: Path) -> dict[str, Any]:
    """``tensors`` on the device and in the dtype of ``target``. Raises ``ModelError`` for those of another width."""
    width = target.embedding.shape[1]
    widths = {tensor.shape[-1] for name, tensor in tensors.items() if name.endswith("norm.weight")}
    if widths != {width}:
        raise ModelError(
            f"the drafter was trained for a model of width {sorted(widths)}, this one has {width}", where=str(path)
        )
    return {name: tensor.to(target.shape.device, target.shape.dtype) for name, tensor in tensors.items()}


def attention(target: LeanNetwork, tensors: Tensors, prefix: str) -> Attention:
    """The attention half of the layer whose weights are named ``prefix``…."""
    own = f"{prefix}self_attn."
    return Attention(
        tensors[f"{prefix}input_layernorm.weight"],
        _fuse(target, tensors, own, ("q_proj", "k_proj", "v_proj")),
        _fuse(target, tensors, own, ("o_proj",)),
        tensors.get(f"{own}q_norm.weight"),
        tensors.get(f"{own}k_norm.weight"),
    )


def layer(target: LeanNetwork, tensors: Tensors, prefix: str) -> LeanLayer:
    """The whole layer."""
    half, own = attention(target, tensors, prefix), f"{prefix}mlp."
    return LeanLayer(
        before=half.before,
        qkv=half.qkv,
        out=half.out,
        query_norm=half.query_norm,
        key_norm=half.key_norm,
        after=tensors[f"{prefix}post_attention_layernorm.weight"],
        gate_up=_fuse(target, tensors, own, ("gate_proj", "up_proj")),
        down=_fuse(target, tensors, own, ("down_proj",)),
    )


def _fuse(target: LeanNetwork, tensors: Tensors, prefix: str, names: Sequence[str]) -> Linear:
    import torch

    return linear(torch.cat([tensors[f"{prefix}{name}.weight"] for name in names]), None, target.kind)
