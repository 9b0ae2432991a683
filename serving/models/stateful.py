"""``Session`` of a model that keeps a running state instead of its past (linear attention): it grows, and steps back
where the model can. Through transformers' own cache. Knows nothing of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, ModelError
from ..base import LocalModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class StatefulSession:
    """See ``Session``. It cannot branch, be joined or be kept: its past is one state, not a column per token."""

    def __init__(self, owner: LocalModel, model: Any) -> None:
        """``model`` is the one of transformers that ``owner`` runs."""
        from transformers import DynamicCache

        self._owner, self._model = owner, model
        self._cache = DynamicCache(config=self._model.config)
        # What the model calls its cache: an unknown name would be swallowed, and the state lost.
        named = signature(type(self._model).forward).parameters
        argument = next(name for name in ("cache", "cache_params", "past_key_values") if name in named)
        self._memory = {argument: self._cache}
        # Layers that forget do so only when told that nothing will be cropped.
        self._cache.activate_past_recording()
        self._tokens: list[int] = []

    @property
    def tokens(self) -> Sequence[int]:
        return self._tokens

    @property
    def size(self) -> int:
        """See ``Session``."""
        held = [(layer.keys, layer.values) for layer in self._cache.layers if getattr(layer, "keys", None) is not None]
        return sum(tensor.nbytes for pair in held for tensor in pair)

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> NDArray[np.float32]:
        """See ``Session``."""
        import numpy as np
        import torch

        if len(self._tokens) + len(tokens) > self._owner.context:
            raise InputError(f"the sequence grows over {self._owner.context:,} tokens", where=self._owner.name)
        if not tokens:
            return np.empty((0, self._model.config.get_text_config().vocab_size), np.float32)
        wanted = len(tokens) if rows is None else min(rows, len(tokens))
        with torch.inference_mode():
            ids = torch.tensor([list(tokens)], device=self._model.device)
            logits = self._model(ids, use_cache=True, logits_to_keep=max(wanted, 1), **self._memory).logits[0]
            scores: NDArray[np.float32] = logits.float().cpu().numpy()
        self._tokens.extend(tokens)
        return scores[len(scores) - wanted :]

    def crop(self, length: int) -> None:
        """See ``Session``. Raises ``ModelError`` where the state cannot step back."""
        surplus = len(self._tokens) - length
        if surplus <= 0:
            return
        if not self._cache.is_croppable:
            raise ModelError("the model cannot step back in a sequence", where=self._owner.name)
        self._cache.crop(-surplus)
        del self._tokens[length:]

    def branch(
        self, tokens: Sequence[int], parents: Sequence[int], rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        raise needs_past(self._owner.name)

    def save(self, path: Path) -> None:
        raise needs_past(self._owner.name)


def needs_past(name: str) -> ModelError:
    return ModelError(
        "the model keeps a running state instead of its whole past", where=name, fix="use a model with full attention"
    )
