"""Any transformers model that keeps a plain cache, through public hooks: model, cache layers, 4-D mask, positions.

Sequences of unequal length are padded into one batch; the cache layers write into the sequences' own memories. Models
with windows get a mask for them; models with a running state (linear attention) cannot be taken here.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Any

from .cache import CacheShape, KVCache
from .device import indices, send
from .network import NetworkOutput, SequenceInput

_MASKED = ("sdpa", "eager")
"""The attention of transformers that takes a mask of our own."""


def has_plain_cache(model: Any) -> bool:
    """Whether every layer of ``model`` keeps keys and values of one shape and attends by a mask."""
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    return (
        kinds <= {"full_attention", "sliding_attention"}
        and hasattr(config, "num_attention_heads")
        and model.config._attn_implementation in _MASKED
    )


class HookedNetwork:
    """See ``CausalNetwork``."""

    kind = "transformers"

    def __init__(self, model: Any) -> None:
        config = model.config.get_text_config()
        heads = config.num_attention_heads
        groups = getattr(config, "num_key_value_heads", None) or heads
        size = getattr(config, "head_dim", None) or config.hidden_size // heads
        weight = model.get_input_embeddings().weight
        self.model, self.vocabulary = model, config.vocab_size
        self.shape = CacheShape(config.num_hidden_layers, groups, size, model.dtype, weight.device)
        self.window = getattr(config, "sliding_window", None) if getattr(config, "use_sliding_window", True) else None
        self.mixed = len(set(getattr(config, "layer_types", None) or ())) > 1
        # transformers 5.24 renames the argument and warns about the old name.
        self.cache = "cache" if "cache" in signature(type(model).forward).parameters else "past_key_values"

    def forward(
        self, parts: Sequence[SequenceInput], rows: Sequence[int] | None = None, layers: Sequence[int] = ()
    ) -> NetworkOutput:
        """See ``CausalNetwork``."""
        import torch

        with torch.inference_mode():
            for part in parts:
                part.memory.reserve(part.memory.length + len(part.tokens))
            counts = [len(part.tokens) for part in parts]
            widest, device = max(counts), self.shape.device
            where = [row * widest + at for row, count in enumerate(counts) for at in range(count)]
            wanted = indices(where if rows is None else [where[row] for row in rows], device)
            alone = len(parts) == 1
            found = self.model(
                input_ids=indices([[*part.tokens, *[0] * (widest - len(part.tokens))] for part in parts], device),
                position_ids=send(torch.stack([_depths(part, widest) for part in parts]), device),
                attention_mask=self._masks(parts, widest),
                use_cache=True,
                output_hidden_states=bool(layers),
                logits_to_keep=wanted if alone else 0,
                **{self.cache: _cache(parts, self.shape.layers)},
            )
            for part in parts:
                part.memory.length += len(part.tokens)
            logits = found.logits.flatten(0, 1)
            return NetworkOutput(logits if alone else logits[wanted], self._collect_hidden(found, layers, where))

    def memory(self, room: int = 0) -> KVCache:
        """See ``CausalNetwork``."""
        return KVCache(self.shape, room)

    def _collect_hidden(self, found: Any, layers: Sequence[int], where: Sequence[int]) -> Any:
        import torch

        if not layers:
            return None
        return torch.stack([found.hidden_states[layer].flatten(0, 1)[list(where)] for layer in layers])

    def _masks(self, parts: Sequence[SequenceInput], widest: int) -> Any:
        """``None`` where transformers' own causal mask is the same."""
        import torch

        if len(parts) == 1 and parts[0].sight is None and not self.window:
            return None
        longest = max(part.memory.length + len(part.tokens) for part in parts)
        whole = torch.zeros(len(parts), 1, widest, longest, dtype=torch.bool)
        near = torch.zeros_like(whole)
        for row, part in enumerate(parts):
            seen, close = _sight_masks(part, self.window)
            whole[row, 0, : seen.shape[0], : seen.shape[1]] = seen
            near[row, 0, : seen.shape[0], : seen.shape[1]] = close
            # A row that sees nothing would give NaN in some kernels.
            whole[row, 0, len(part.tokens) :, 0] = near[row, 0, len(part.tokens) :, 0] = True
        if self.mixed:
            return {"full_attention": self._bias(whole), "sliding_attention": self._bias(near)}
        return self._bias(near if self.window else whole)

    def _bias(self, seen: Any) -> Any:
        import torch

        kind, device = self.shape.dtype, self.shape.device
        hidden = ~send(seen, device)
        return torch.zeros(seen.shape, dtype=kind, device=device).masked_fill_(hidden, torch.finfo(kind).min)


def _depths(part: SequenceInput, widest: int) -> Any:
    import torch

    padded = torch.zeros(widest, dtype=torch.long)
    start, count = part.memory.length, len(part.tokens)
    padded[:count] = torch.arange(start, start + count) if part.depths is None else torch.from_numpy(part.depths)
    return padded


def _sight_masks(part: SequenceInput, window: int | None) -> tuple[Any, Any]:
    """What each new token sees, and what of that is within the window: bool ``[q, length + q]``."""
    import torch

    length, count = part.memory.length, len(part.tokens)
    seen = torch.ones(count, length + count, dtype=torch.bool).tril(length)
    if part.sight is not None:
        seen = torch.from_numpy(part.sight)
    if not window:
        return seen, seen
    held = torch.arange(length) if part.held is None else torch.from_numpy(part.held)
    depths = torch.cat([held, _depths(part, count)])
    return seen, seen & (depths[length:, None] - depths[None] < window)


def _cache(parts: Sequence[SequenceInput], layers: int) -> Any:
    from transformers.cache_utils import Cache, CacheLayerMixin

    memories = [part.memory for part in parts]
    counts = [len(part.tokens) for part in parts]

    class HookedLayer(CacheLayerMixin):  # type: ignore[misc]
        """The memories' columns of one layer."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number, self.is_initialized = number, True

        def lazy_initialization(self, *_: Any) -> None:
            pass

        def update(self, keys: Any, values: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
            held = [(memory.keys[self.number], memory.values[self.number]) for memory in memories]
            return _write_columns([k for k, _ in held], keys, memories, counts), _write_columns(
                [v for _, v in held], values, memories, counts
            )

        def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
            return memories[0].length + query_length, 0

        def get_seq_length(self) -> int:
            return memories[0].length

        def get_max_length(self) -> int:
            return -1

    return Cache(layers=[HookedLayer(number) for number in range(layers)])


def _write_columns(held: Sequence[Any], fresh: Any, memories: Sequence[KVCache], counts: Sequence[int]) -> Any:
    """Writes ``fresh`` ``[batch, groups, widest, size]`` into ``held``; every column of each, padded alike."""
    import torch

    ends = [memory.length + count for memory, count in zip(memories, counts, strict=True)]
    for row, (columns, memory, count, end) in enumerate(zip(held, memories, counts, ends, strict=True)):
        columns[:, memory.length : end] = fresh[row, :, :count]
    if len(held) == 1:
        return held[0][None, :, : ends[0]]
    whole = torch.zeros(len(held), fresh.shape[1], max(ends), fresh.shape[3], dtype=fresh.dtype, device=fresh.device)
    for row, (columns, end) in enumerate(zip(held, ends, strict=True)):
        whole[row, :, :end] = columns[:, :end]
    return whole
