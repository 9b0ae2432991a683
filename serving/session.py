"""One sequence of a transformers model with its keys and values: it grows, branches, steps back and outlasts a process.

Uses transformers' public hooks only (model, cache, 4-D attention mask). Knows nothing of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, ModelError
from . import kept
from .tree import Sight, cropped, refuse_branched, side_by_side, sight

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .base import Session
    from .local import LocalTransformers

_MASKED = ("sdpa", "eager")
"""The attention of transformers that takes a mask of our own."""


class TorchSession:
    """See ``Session``. A token costs memory: 23 KB in the default model."""

    def __init__(self, owner: LocalTransformers) -> None:
        from transformers import DynamicCache

        self._owner, self._model = owner, owner.model
        self._cache = DynamicCache(config=self._model.config)
        # transformers 5.24 renames the argument and warns about the old name.
        named = signature(type(self._model).forward).parameters
        self._memory = {"cache" if "cache" in named else "past_key_values": self._cache}
        # Sliding-window layers forget unless told to keep what ``crop`` may bring back.
        self._cache.activate_past_recording()
        self._tokens: list[int] = []
        self._sight: Sight = []

    @property
    def tokens(self) -> Sequence[int]:
        return self._tokens

    @property
    def size(self) -> int:
        """See ``Session``."""
        return sum(tensor.nbytes for _, *pair in self._filled() for tensor in pair)

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> NDArray[np.float32]:
        """See ``Session``."""
        refuse_branched(self._sight)
        if len(self._tokens) + len(tokens) > self._owner.context:
            raise InputError(f"the sequence grows over {self._owner.context:,} tokens", where=self._owner.name)
        if not tokens:
            return self._nothing()
        wanted = len(tokens) if rows is None else min(rows, len(tokens))
        scores = self._forward(tokens, logits_to_keep=max(wanted, 1))
        self._tokens.extend(tokens)
        return scores[len(scores) - wanted :]

    def branch(
        self, tokens: Sequence[int], parents: Sequence[int], rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        """See ``Session``."""
        import torch

        self._require_whole_cache()
        seen = sight(self._sight, len(self._tokens), parents)
        depth = seen.sum(1) - 1
        if depth.max(initial=-1) >= self._owner.context:
            raise InputError(f"a branch grows over {self._owner.context:,} tokens", where=self._owner.name)
        if not tokens:
            return self._nothing()
        place, kind = self._model.device, self._model.dtype
        hidden = torch.zeros(seen.shape, dtype=kind).masked_fill_(~torch.from_numpy(seen), torch.finfo(kind).min)
        scores = self._forward(
            tokens,
            attention_mask=hidden[None, None].to(place),
            position_ids=torch.from_numpy(depth)[None].to(place),
            logits_to_keep=torch.tensor(range(len(tokens)) if rows is None else list(rows), dtype=torch.long),
        )
        self._tokens.extend(tokens)
        self._sight.extend(seen)
        return scores

    def crop(self, length: int) -> None:
        """See ``Session``. Raises ``ModelError`` for a model whose state cannot step back (linear attention)."""
        surplus = len(self._tokens) - length
        if surplus <= 0:
            return
        if not self._cache.is_croppable:
            raise ModelError("the model cannot step back in a sequence", where=self._owner.name)
        self._cache.crop(-surplus)
        self._sight = cropped(self._sight, len(self._tokens), length)
        del self._tokens[length:]

    def save(self, path: Path) -> None:
        """See ``Session``. Numbers are kept as the model computes them (bf16 where the machine has it)."""
        self._require_whole_cache()
        refuse_branched(self._sight)
        arrays = {
            f"{number}.{part}": _bits(tensor)
            for number, *pair in self._filled()
            for part, tensor in zip("kv", pair, strict=True)
        }
        kept.write(path, self._owner.fingerprint, self._tokens, arrays)

    def _forward(self, tokens: Sequence[int], **how: Any) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            ids = torch.tensor([list(tokens)], device=self._model.device)
            logits = self._model(ids, use_cache=True, **self._memory, **how).logits[0]
            scores: NDArray[np.float32] = logits.float().cpu().numpy()
        return scores

    def _nothing(self) -> NDArray[np.float32]:
        import numpy as np

        return np.empty((0, self._model.config.get_text_config().vocab_size), np.float32)

    def _require_whole_cache(self) -> None:
        attention = getattr(self._model.config, "_attn_implementation", "")
        if any(self._cache.is_sliding) or not self._cache.is_croppable or attention not in _MASKED:
            raise ModelError(
                "the model keeps a window or a running state instead of its whole past",
                where=self._owner.name,
                fix="use a model with full attention",
            )

    def _filled(self) -> Iterator[tuple[int, Any, Any]]:
        """Number, keys and values (``[1, heads, tokens, size]``) of each layer that has a cache of its own."""
        for number, layer in enumerate(self._cache.layers):
            if layer.get_seq_length():
                yield number, layer.keys, layer.values

    def _fill(self, tokens: Sequence[int], layers: Iterable[tuple[int, Any, Any]]) -> None:
        import torch

        with torch.inference_mode():
            for number, keys, values in layers:
                self._cache.update(keys, values, number)
        self._tokens = list(tokens)


def join(owner: LocalTransformers, sessions: Sequence[Session]) -> TorchSession:
    """See ``LocalModel.join``. The caches are copied."""
    import torch

    parts = [session for session in sessions if isinstance(session, TorchSession) and session.tokens]
    joined = TorchSession(owner)
    joined._require_whole_cache()
    for part in parts:
        refuse_branched(part._sight)
    layers = zip(*(part._filled() for part in parts), strict=True)
    joined._fill(
        [token for part in parts for token in part.tokens],
        ((same[0][0], torch.cat([k for _, k, _ in same], 2), torch.cat([v for *_, v in same], 2)) for same in layers),
    )
    joined._sight = side_by_side([len(part.tokens) for part in parts])
    return joined


def resume(owner: LocalTransformers, path: Path) -> TorchSession:
    """See ``LocalModel.resume``."""
    tokens, arrays = kept.read(path, owner.fingerprint)
    session = TorchSession(owner)
    session._require_whole_cache()
    numbers = sorted({int(name.partition(".")[0]) for name in arrays})
    session._fill(tokens, ((n, *(_tensor(owner.model, arrays[f"{n}.{part}"]) for part in "kv")) for n in numbers))
    return session


def _bits(tensor: Any) -> NDArray[Any]:
    """numpy has no bf16: its bits travel as int16."""
    import torch

    plain = tensor.cpu().contiguous()
    found: NDArray[Any] = (plain.view(torch.int16) if plain.dtype is torch.bfloat16 else plain).numpy()
    return found


def _tensor(model: Any, array: NDArray[Any]) -> Any:
    import torch

    tensor = torch.from_numpy(array)
    return (tensor.view(torch.bfloat16) if tensor.dtype is torch.int16 else tensor).to(model.device)
