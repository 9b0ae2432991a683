"""Our own forward of the Llama family (Llama, Mistral, Qwen2, Qwen3, SmolLM): the same weights, fewer operators.

The projections of attention are one product, as are the two of the feed-forward; keys and values are written in place;
the query heads of a group stand one under the other, so that keys are never repeated. Several sequences share every
product and attend apart. Held to transformers' logits by a test and by ``agrees`` before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ...corpus.cancellation import check
from .cache import CacheShape, KVCache
from .device import indices, send
from .head import head_product
from .linear import Linear, product
from .network import NetworkOutput, SequenceInput

COLUMNS, ROWS = 128, (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
"""Attention is computed in these shapes (rows above the last in its multiples) where torch makes a kernel for every
new one: on a GPU, and in sixteen bits. Pricing measures these widths everywhere."""
WIDE = 8
"""Rows from which torch's own root mean square is faster on a processor."""
FAMILY = ("llama", "mistral", "qwen2", "qwen3")
_ROPES = ("default", "llama3", "linear", "yarn")
"""Rotary embeddings that do not depend on how long the sequence is."""


@dataclass(frozen=True, slots=True)
class Attention:
    """The first half of a layer."""

    before: Any
    """Weights of the norm."""
    qkv: Linear
    out: Linear
    query_norm: Any | None
    key_norm: Any | None
    """Qwen3 normalises each head."""


@dataclass(frozen=True, slots=True)
class LeanLayer(Attention):
    after: Any
    gate_up: Linear
    down: Linear


def is_lean(model: Any) -> bool:
    """Whether ``model`` (transformers') is of the family, with nothing that this forward leaves out."""
    config = model.config
    rope = getattr(config, "rope_parameters", None) or {}
    return (
        config.model_type in FAMILY
        and config.hidden_act == "silu"
        and not (config.model_type == "mistral" and config.sliding_window)
        and not getattr(config, "use_sliding_window", False)
        and rope.get("rope_type", "default") in _ROPES
    )


class LeanNetwork:
    """See ``CausalNetwork``. ``kind`` is how weights are multiplied (``linear.py``); they are copied where it packs
    them.

    ``like`` is the network of a model that shares most of its weights: the packed ones are then shared too.
    """

    def __init__(self, model: Any, kind: str, like: LeanNetwork | None = None) -> None:
        config, weight = model.config, model.get_input_embeddings().weight
        self.kind, self.vocabulary = kind, config.vocab_size
        self.heads, self.eps = config.num_attention_heads, config.rms_norm_eps
        size = getattr(config, "head_dim", None) or config.hidden_size // self.heads
        groups = config.num_key_value_heads
        self.shape = CacheShape(config.num_hidden_layers, groups, size, weight.dtype, weight.device)
        self.embedding, self.rotary = weight.detach(), model.model.rotary_emb
        self.norm, head = model.model.norm.weight.detach(), model.get_output_embeddings()
        known = like._made if like is not None and like.kind == kind else {}
        self._made: dict[tuple[int, ...], Any] = {}
        """The layers and the head, by where their weights lie."""

        def build(module: Any, make: Callable[[Any, str], Any]) -> Any:
            place = tuple(weight.data_ptr() for weight in module.parameters())
            self._made[place] = known[place] if place in known else make(module, kind)
            return self._made[place]

        self.layers: list[LeanLayer] = [build(layer, _layer) for layer in model.model.layers]
        self.head: Linear = build(head, head_product)

    def forward(
        self, parts: Sequence[SequenceInput], rows: Sequence[int] | None = None, layers: Sequence[int] = ()
    ) -> NetworkOutput:
        """See ``CausalNetwork``."""
        import torch

        with torch.inference_mode():
            x, places = self.embed(parts), self.places(parts)
            wanted = None if rows is None else indices(rows, x.device)
            kept = [x] if 0 in layers else []
            for number in range(len(self.layers)):
                check()
                x = self.layer(number, x, places)
                if number + 1 in layers:
                    kept.append(x)
            for part in parts:
                part.memory.length += len(part.tokens)
            return NetworkOutput(self.scores(x if wanted is None else x[wanted]), torch.stack(kept) if kept else None)

    def memory(self, room: int = 0) -> KVCache:
        """See ``CausalNetwork``."""
        return KVCache(self.shape, room)

    def embed(self, parts: Sequence[SequenceInput]) -> Any:
        """``[tokens, width]``."""
        return self.embedding[indices([token for part in parts for token in part.tokens], self.embedding.device)]

    def places(self, parts: Sequence[SequenceInput]) -> Places:
        """What every layer needs to know of ``parts``; makes room in their memories."""
        import torch

        depths = []
        for part in parts:
            part.memory.reserve(part.memory.length + len(part.tokens))
            start = part.memory.length
            depths.append(
                torch.arange(start, start + len(part.tokens)) if part.depths is None else torch.from_numpy(part.depths)
            )
        ends = [0, *accumulate(len(part.tokens) for part in parts)]
        sights = [self._sight(part, start, end) for part, start, end in zip(parts, ends, ends[1:], strict=False)]
        return Places(*self.rotations(send(torch.cat(depths), self.shape.device)), sights)

    def rotations(self, depths: Any) -> tuple[Any, Any]:
        """Cosines and signed sines, ``[tokens, 1, size]``, of positions ``[tokens]``."""
        cos, sin = self.rotary(self.embedding[:1], depths[None])
        return cos[0, :, None], sign_halves(sin[0, :, None])

    def layer(self, number: int, x: Any, places: Places) -> Any:
        """One layer over ``x`` ``[tokens, width]``; its keys and values go into the memories."""
        return self.through(self.layers[number], number, x, places)

    def through(self, layer: LeanLayer, number: int, x: Any, places: Places) -> Any:
        """Runs ``layer``, whose place in the caches is ``number``."""
        import torch

        x = self.attend_and_add(layer, number, x, places)
        gate, up = layer.gate_up(_norm(x, layer.after, self.eps)).chunk(2, dim=-1)
        return x + layer.down(torch.nn.functional.silu(gate).mul_(up))

    def attend_and_add(self, layer: Attention, number: int, x: Any, places: Places) -> Any:
        """The first half of that: ``x`` and what attention adds to it."""
        import torch

        shape = self.shape
        both = layer.qkv(_norm(x, layer.before, self.eps)).view(len(x), -1, shape.size)
        turned, values = both[:, : self.heads + shape.groups], both[:, self.heads + shape.groups :]
        if layer.query_norm is not None:
            queries = _norm(turned[:, : self.heads], layer.query_norm, self.eps)
            turned = torch.cat([queries, _norm(turned[:, self.heads :], layer.key_norm, self.eps)], 1)
        turned = _rotate(turned, places.cos, places.sin)
        return x + layer.out(self._attend(number, places.sights, turned, values))

    def scores(self, x: Any, norm: Any | None = None) -> Any:
        """Logits ``[rows, vocabulary]`` of ``x`` ``[rows, width]``; ``norm`` takes the place of the model's last."""
        return self.head(_norm(x, self.norm if norm is None else norm, self.eps))

    def _sight(self, part: SequenceInput, start: int, end: int) -> Sight:
        memory, rows, total = part.memory, end - start, part.memory.length + end - start
        at, columns, bias = slice(memory.length, total), total, None
        if self.shape.device.type != "cpu" or self.shape.dtype.itemsize < 4:
            rows, columns = round_rows(rows), -(-total // COLUMNS) * COLUMNS
            memory.reserve(columns)
        if rows > 1 or columns > total or part.sight is not None:
            bias = self.bias(_sight_mask(part, rows, columns, self.shape.device))
        return sight_in(memory, start=start, end=end, at=at, columns=columns, rows=rows, bias=bias)

    def bias(self, seen: Any) -> Any:
        """``seen`` ``[rows, columns]`` as attention takes it: ``[1, 1, rows * heads per group, columns]``, minus
        infinity where nothing is seen."""
        import torch

        bias = torch.zeros(seen.shape, dtype=self.shape.dtype, device=seen.device).masked_fill_(~seen, -torch.inf)
        return bias[:, None].expand(-1, self.heads // self.shape.groups, -1).reshape(1, 1, -1, seen.shape[1])

    def _attend(self, number: int, sights: Sequence[Any], turned: Any, values: Any) -> Any:
        """What each token takes of what it sees, ``[tokens, heads * size]``; keys and values go into the memories.
        ``turned`` are queries and keys, ``[tokens, heads + groups, size]``."""
        import torch

        groups, size = self.shape.groups, self.shape.size
        counts = [sight.end - sight.start for sight in sights]
        fresh = torch.split(torch.stack([turned[:, self.heads :], values]).transpose(1, 2), counts, 2)
        queries = turned[:, : self.heads].view(len(turned), groups, -1, size).transpose(0, 1)
        shared = queries.shape[2]
        asked = queries.reshape(1, groups, -1, size).split([count * shared for count in counts], 2)
        seen = []
        for sight, count, own, ask in zip(sights, counts, fresh, asked, strict=True):
            sight.write(number, own)
            if sight.rows > count:
                ask = torch.nn.functional.pad(ask, (0, 0, 0, (sight.rows - count) * shared))
            found = torch.nn.functional.scaled_dot_product_attention(
                ask, sight.keys[number], sight.values[number], attn_mask=sight.bias
            )
            seen.append(found[:, :, : count * shared] if sight.rows > count else found)
        whole = seen[0] if len(seen) == 1 else torch.cat(seen, 2)
        return whole.reshape(groups, len(turned), -1, size).transpose(0, 1).reshape(len(turned), -1)


@dataclass(frozen=True, slots=True)
class Sight:
    """Where one part's tokens stand, and what they see."""

    start: int
    end: int
    """In all the tokens of the pass."""
    at: Any
    """Columns of the memory that the part's tokens take: a slice, or a tensor of int64."""
    rows: int
    """The part's tokens, rounded up, as are the columns that are seen, where torch makes a kernel for every new shape,
    which takes as long as the pass itself; what is beyond is hidden."""
    bias: Any | None
    """See ``LeanNetwork.bias``; ``None`` where everything is seen."""
    held: Sequence[Any]
    """Of each layer the keys and values, ``[2, groups, room, size]``; where ``at`` is a slice only its columns."""
    keys: Sequence[Any]
    values: Sequence[Any]
    """Of each layer those that are seen, ``[1, groups, columns, size]``."""

    def write(self, number: int, fresh: Any) -> None:
        """Puts the part's keys and values, ``[2, groups, tokens, size]``, into a layer of the memory."""
        if isinstance(self.at, slice):
            self.held[number].copy_(fresh)
        else:
            self.held[number][:, :, self.at] = fresh


def sight_in(memory: KVCache, *, at: Any, columns: int, start: int, end: int, rows: int, bias: Any | None) -> Sight:
    """The ``Sight`` of a part whose tokens take ``at`` of ``memory`` and see of its first ``columns`` what ``bias``
    says. The views of all layers are made here at once: one after the other they would take longer than attention."""
    held = memory.columns(at) if isinstance(at, slice) else memory.columns(slice(None))
    keys, values = memory.columns(slice(columns))[:, :, None].unbind(1)
    return Sight(
        start=start,
        end=end,
        at=at,
        rows=rows,
        bias=bias,
        held=held.unbind(),
        keys=keys.unbind(),
        values=values.unbind(),
    )


@dataclass(frozen=True, slots=True)
class Places:
    cos: Any
    sin: Any
    sights: list[Sight]


def _layer(layer: Any, kind: str) -> LeanLayer:
    attention, (gate, up, down) = layer.self_attn, _unpadded(layer.mlp)
    norms = (getattr(attention, name, None) for name in ("q_norm", "k_norm"))
    query_norm, key_norm = (None if norm is None else norm.weight.detach() for norm in norms)
    return LeanLayer(
        before=layer.input_layernorm.weight.detach(),
        qkv=product([attention.q_proj, attention.k_proj, attention.v_proj], kind),
        out=product([attention.o_proj], kind),
        query_norm=query_norm,
        key_norm=key_norm,
        after=layer.post_attention_layernorm.weight.detach(),
        gate_up=product([gate, up], kind),
        down=product([down], kind),
    )


def _unpadded(mlp: Any) -> tuple[Any, Any, Any]:
    """Gate, up and down without the channels that give nothing: a checkpoint has one width, and a layer that keeps
    fewer channels is filled up with zeros (``compress/export.py``)."""
    import torch

    modules = mlp.gate_proj, mlp.up_proj, mlp.down_proj
    if not all(type(one) is torch.nn.Linear and type(one.weight) is torch.nn.Parameter for one in modules):
        return modules
    gives = mlp.down_proj.weight.detach().any(0)
    if gives.all() or not gives.any():
        return modules

    def cut(module: Any, rows: Any, columns: Any) -> Any:
        weight = module.weight.detach()[rows][:, columns]
        made = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=module.bias is not None, device="meta")
        made.weight = torch.nn.Parameter(weight.contiguous(), requires_grad=False)
        if module.bias is not None:
            made.bias = torch.nn.Parameter(module.bias.detach()[rows], requires_grad=False)
        return made

    gate, up, down = modules
    return cut(gate, gives, slice(None)), cut(up, gives, slice(None)), cut(down, slice(None), gives)


def _norm(x: Any, weight: Any, eps: float) -> Any:
    """Root mean square, in fp32 inside as transformers does (fp64 stays fp64). With its own negative beside it, ``x``
    has no mean, and torch's kernel for layer norms does in one step what takes eight operators."""
    import torch

    width = x.shape[-1]
    if x.is_cuda or (x.dtype is torch.float32 and len(x) >= WIDE):
        return torch.nn.functional.rms_norm(x, (width,), weight, eps)
    return torch.nn.functional.layer_norm(torch.cat([x, -x], -1), (2 * width,), eps=eps)[..., :width] * weight


def sign_halves(sin: Any) -> Any:
    """The sines, ``[..., size]``, as ``_rotate`` takes them: the first half of a head turns the other way."""
    import torch

    left, right = sin.chunk(2, dim=-1)
    return torch.cat([-left, right], -1)


def _rotate(x: Any, cos: Any, sin: Any) -> Any:
    """Rotary positions on ``x`` ``[tokens, heads, size]``; ``sin`` is ``sign_halves``."""
    import torch

    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)


def round_rows(rows: int) -> int:
    """The number of rows in which attention is computed for ``rows`` of them."""
    return next((size for size in ROWS if size >= rows), -(-rows // ROWS[-1]) * ROWS[-1])


def _sight_mask(part: SequenceInput, rows: int, columns: int, device: Any) -> Any:
    """Bool ``[rows, columns]``. A row beyond the part's tokens sees the first column: none may see nothing."""
    import torch

    count, length = len(part.tokens), part.memory.length
    seen = torch.zeros(rows, columns, dtype=torch.bool, device=device)
    seen[count:, 0] = True
    if part.sight is not None:
        seen[:count, : length + count] = send(torch.from_numpy(part.sight), device)
    else:
        before = torch.ones(count, length + count, dtype=torch.bool, device=device)
        seen[:count, : length + count] = before.tril_(length)
    return seen
