"""A Llama-shaped model with low-rank adapters, written for training only them, fast on one core as on a GPU.

What transformers' model spends on small operators is saved: the three projections of attention are one product, as are
the two of the feed-forward; four functions have their gradient written out; layers below the first adapted one keep
nothing. Same numbers as transformers up to rounding (tested). Knows nothing of tasks, text or files.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn import functional

PARTS = {
    "self_attn.q_proj": "qkv",
    "self_attn.k_proj": "qkv",
    "self_attn.v_proj": "qkv",
    "self_attn.o_proj": "o",
    "mlp.gate_proj": "gate_up",
    "mlp.up_proj": "gate_up",
    "mlp.down_proj": "down",
}
"""The linear maps of a layer, and the fused map that each is part of."""


class AdaptedLlama(nn.Module):
    """``model`` (transformers' ``LlamaForCausalLM``) frozen, with adapters of ``rank`` on the layers from ``first``."""

    def __init__(self, model: Any, *, first: int, rank: int, alpha: int) -> None:
        super().__init__()
        config = model.config
        if config.model_type != "llama" or config.attention_bias or config.mlp_bias or config.hidden_act != "silu":
            raise ValueError(f"only models shaped like Llama can be trained, not {config.model_type}")
        self.name = str(config.name_or_path).rstrip("/").rsplit("/", 1)[-1]
        self.first, self.scale = first, alpha / rank
        self.heads, self.groups = config.num_attention_heads, config.num_key_value_heads
        self.eps = config.rms_norm_eps
        self.embedding = model.get_input_embeddings().weight.detach()
        self.head = model.get_output_embeddings().weight.detach()
        self.final = model.model.norm.weight.detach()
        self.rotary = model.model.rotary_emb
        self.layers = [_frozen(layer) for layer in model.model.layers]
        self.adapters = nn.ParameterDict()
        for number in range(first, len(self.layers)):
            for name in PARTS:
                linear = model.model.layers[number].get_submodule(name)
                place = f"model.layers.{number}.{name}".replace(".", "/")
                down = torch.empty(rank, linear.in_features, device=linear.weight.device)
                nn.init.kaiming_uniform_(down, a=5**0.5)
                up = torch.zeros(linear.out_features, rank, device=linear.weight.device)
                self.adapters[f"{place}/A"] = nn.Parameter(down)
                self.adapters[f"{place}/B"] = nn.Parameter(up)

    def forward(self, ids: Tensor, positions: Tensor, visible: Tensor, rows: Tensor) -> Tensor:
        """Logits, fp32 ``[rows, vocabulary]``, at ``rows`` of the flattened ``[batch, length]``.

        ``ids`` and ``positions`` are ``[batch, length]``; ``visible`` is bool ``[batch, length, length]``.
        """
        x = self.embedding[ids]
        bias = torch.zeros(visible.shape, dtype=x.dtype, device=x.device).masked_fill_(~visible, -torch.inf)
        turns = tuple(part[:, :, : part.shape[-1] // 2].unsqueeze(2) for part in self.rotary(x, positions))
        with torch.no_grad():
            for number in range(self.first):
                x = self._layer(number, x, bias, turns)
        for number in range(self.first, len(self.layers)):
            x = self._layer(number, x, bias, turns)
        chosen = _Norm.apply(x.flatten(0, 1)[rows], self.final, self.eps)
        return functional.linear(chosen, self.head).float()

    def _layer(self, number: int, x: Tensor, bias: Tensor, turns: tuple[Tensor, ...]) -> Tensor:
        frozen = self.layers[number]
        inner = _Norm.apply(x, frozen["before"], self.eps)
        inner = self._linear(number, "qkv", inner)
        inner = _Attention.apply(inner, bias, turns[0], turns[1], self.heads, self.groups)
        x = x + self._linear(number, "o", inner)
        inner = _Norm.apply(x, frozen["after"], self.eps)
        inner = _GatedUnit.apply(self._linear(number, "gate_up", inner))
        return x + self._linear(number, "down", inner)

    def _linear(self, number: int, fused: str, x: Tensor) -> Tensor:
        weight = self.layers[number][fused]
        if number < self.first:
            return functional.linear(x, weight)
        places = [f"model.layers.{number}.{name}".replace(".", "/") for name, part in PARTS.items() if part == fused]
        down = torch.cat([self.adapters[f"{place}/A"] for place in places])
        up = torch.block_diag(*(self.adapters[f"{place}/B"] for place in places)) * self.scale
        out: Tensor = _LowRank.apply(x.flatten(0, -2), weight, down.to(x.dtype), up.to(x.dtype))
        return out.view(*x.shape[:-1], -1)


def _frozen(layer: Any) -> dict[str, Tensor]:
    fused: dict[str, list[Tensor]] = {}
    for name, part in PARTS.items():
        fused.setdefault(part, []).append(layer.get_submodule(name).weight.detach())
    weights = {part: torch.cat(parts) for part, parts in fused.items()}
    return weights | {
        "before": layer.input_layernorm.weight.detach(),
        "after": layer.post_attention_layernorm.weight.detach(),
    }


class _LowRank(Function):
    """``x W' + (x A') B'`` with no gradient for W."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, down: Tensor, up: Tensor) -> Tensor:
        low = x @ down.T
        ctx.save_for_backward(x, low, weight, down, up)
        return (x @ weight.T).addmm_(low, up.T)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        x, low, weight, down, up = ctx.saved_tensors
        through = slope @ up
        dx = (slope @ weight).addmm_(through, down) if ctx.needs_input_grad[0] else None
        return dx, None, through.T @ x, slope.T @ low


class _Norm(Function):
    """Root mean square normalisation, in fp32 inside."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        wide = x.float()
        shrink = torch.rsqrt(wide.square().mean(-1, keepdim=True).add_(eps))
        ctx.save_for_backward(x, weight, shrink)
        return (wide * shrink).to(x.dtype).mul_(weight)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        x, weight, shrink = ctx.saved_tensors
        wide = (slope * weight).float()
        unit = x.float().mul_(shrink)
        along = (wide * unit).mean(-1, keepdim=True)
        return wide.addcmul_(unit, along, value=-1).mul_(shrink).to(x.dtype), None, None


class _GatedUnit(Function):
    @staticmethod
    def forward(ctx: Any, both: Tensor) -> Tensor:
        ctx.save_for_backward(both)
        gate, up = both.chunk(2, dim=-1)
        return functional.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        (both,) = ctx.saved_tensors
        gate, up = both.chunk(2, dim=-1)
        return torch.cat([torch.ops.aten.silu_backward(slope * up, gate), functional.silu(gate).mul_(slope)], dim=-1)


class _Attention(Function):
    """Rotary, grouped-query attention over ``[batch, length, (heads + 2 groups) * size]``.

    The query heads of a group stand one under the other, so that keys and values are never repeated.
    """

    @staticmethod
    def forward(ctx: Any, qkv: Tensor, bias: Tensor, cos: Tensor, sin: Tensor, heads: int, groups: int) -> Tensor:
        batch, length, width = qkv.shape
        size = width // (heads + 2 * groups)
        parts = qkv.view(batch, length, -1, size)
        turned = _turned(parts[:, :, : heads + groups], cos, sin)
        query = _grouped(turned[:, :, :heads], groups) * size**-0.5
        key = _grouped(turned[:, :, heads:], groups)
        value = _grouped(parts[:, :, heads + groups :], groups)
        scores = query @ key.transpose(1, 2)
        scores.view(batch, heads, length, length).add_(bias.unsqueeze(1))
        share = torch.softmax(scores, -1)
        ctx.save_for_backward(query, key, value, share, cos, sin)
        ctx.shape = batch, length, heads, groups, size
        return _ungrouped(share @ value, batch, length).flatten(2)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value, share, cos, sin = ctx.saved_tensors
        batch, length, heads, groups, size = ctx.shape
        out = _grouped(slope.reshape(batch, length, heads, size), groups)
        inner = torch._softmax_backward_data(out @ value.transpose(1, 2), share, -1, share.dtype)
        dqk = torch.cat(
            [
                _ungrouped(inner @ key * size**-0.5, batch, length),
                _ungrouped(inner.transpose(1, 2) @ query, batch, length),
            ],
            dim=2,
        )
        dv = _ungrouped(share.transpose(1, 2) @ out, batch, length)
        return torch.cat([_turned(dqk, cos, -sin), dv], dim=2).flatten(2), None, None, None, None, None


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    left, right = x.chunk(2, dim=-1)
    return torch.cat([(left * cos).addcmul_(right, sin, value=-1), (right * cos).addcmul_(left, sin)], dim=-1)


def _grouped(x: Tensor, groups: int) -> Tensor:
    """``[batch, length, heads, size]`` to ``[batch * groups, heads per group * length, size]``."""
    batch, length, heads, size = x.shape
    return x.transpose(1, 2).reshape(batch * groups, heads // groups * length, size)


def _ungrouped(x: Tensor, batch: int, length: int) -> Tensor:
    return x.reshape(batch, -1, length, x.shape[-1]).transpose(1, 2)
