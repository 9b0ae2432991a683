"""What must be cut together: a channel of the feed-forward is a row of ``gate`` and ``up`` and a column of ``down``; a
group of key and value heads takes its query heads and their columns of ``o_proj`` along.

A layer of the Llama family has two halves, each ``x + consumer(inner(norm(x)))``; all that is cut lies before the
consumer. Knows nothing of scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["ffn", "kv"]


@dataclass(frozen=True, slots=True)
class Group:
    """The units of one half of a layer."""

    layer: int
    kind: Kind
    units: int
    columns: int
    """Columns of the consumer that make a unit."""
    producers: tuple[tuple[str, int], ...]
    """Modules of the layer whose rows make a unit, and how many rows."""
    consumer: str

    @property
    def width(self) -> int:
        """Columns of the consumer."""
        return self.units * self.columns

    def blocks(self, size: int) -> Group:
        """This group with ``size`` units as one. Raises ``ValueError`` if they do not divide."""
        if self.units % size:
            raise ValueError(f"{self.units} units are no blocks of {size}")
        producers = tuple((name, rows * size) for name, rows in self.producers)
        return Group(
            layer=self.layer,
            kind=self.kind,
            units=self.units // size,
            columns=self.columns * size,
            producers=producers,
            consumer=self.consumer,
        )


def groups(config: Any, kind: Kind) -> list[Group]:
    """One per layer, for transformers' settings of a model of the Llama family."""
    if kind == "ffn":
        producers: tuple[tuple[str, int], ...] = (("mlp.gate_proj", 1), ("mlp.up_proj", 1))
        units, columns, consumer = config.intermediate_size, 1, "mlp.down_proj"
    else:
        heads, units = config.num_attention_heads, config.num_key_value_heads
        size = getattr(config, "head_dim", None) or config.hidden_size // heads
        columns, consumer = heads // units * size, "self_attn.o_proj"
        producers = ("self_attn.q_proj", columns), ("self_attn.k_proj", size), ("self_attn.v_proj", size)
    return [
        Group(layer=layer, kind=kind, units=units, columns=columns, producers=producers, consumer=consumer)
        for layer in range(config.num_hidden_layers)
    ]


def indices(units: Any, size: int) -> Any:
    """Rows or columns ``[units * size]`` of ``units``, each of which is ``size`` of them in a row."""
    import torch

    return (units[:, None] * size + torch.arange(size, device=units.device)).flatten()
