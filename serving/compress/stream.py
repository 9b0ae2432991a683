"""A calibration text on its way through a model, half a layer at a time, so that the moments of one matrix are all that
is held beside the model and the text's own hidden states.

Knows nothing of what is cut: it runs halves and shows what goes into their consumers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ...corpus.cancellation import check
from .groups import Kind

BATCH = 4
"""Windows that are computed together."""

Half = Callable[[Any], Any]
"""Hidden states ``[windows, tokens, width]`` to those behind the half."""


class Stream:
    """Hidden states ``[windows, tokens, width]`` of the windows ``[windows, tokens]`` of token ids."""

    def __init__(self, model: Any, windows: Any) -> None:
        import torch

        self.model = model
        with torch.no_grad():
            self.hidden = model.get_input_embeddings()(windows).clone()
            places = torch.arange(windows.shape[1], device=windows.device)[None]
            self.turns = model.model.rotary_emb(self.hidden[:1], position_ids=places)

    def half(self, layer: int, kind: Kind) -> Half:
        """The half of a layer as the model has it now."""
        module = self.model.model.layers[layer]
        if kind == "ffn":
            return lambda x: x + module.mlp(module.post_attention_layernorm(x))
        return lambda x: (
            x
            + module.self_attn(
                hidden_states=module.input_layernorm(x), attention_mask=None, position_embeddings=self.turns
            )[0]
        )

    def batches(self, half: Half) -> Iterator[tuple[slice, Any]]:
        """What ``half`` makes of the hidden states, batch by batch."""
        import torch

        for start in range(0, len(self.hidden), BATCH):
            check()
            part = slice(start, start + BATCH)
            with torch.no_grad():
                after = half(self.hidden[part])
            yield part, after

    def advance(self, half: Half) -> None:
        """Goes through ``half``."""
        for part, after in self.batches(half):
            self.hidden[part] = after


def turn(before: Any, after: Any) -> tuple[float, float]:
    """How far a layer turns what goes through it ``[..., width]``: the mean angle, as a share of half a turn, and the
    mean of one minus its cosine."""
    import torch

    cosine = torch.nn.functional.cosine_similarity(before.float(), after.float(), dim=-1).clamp(-1, 1)
    return float(torch.arccos(cosine).mean()) / torch.pi, float(1 - cosine.mean())


class Heard(Exception):
    """What was watched for has come; what lies behind it need not be computed."""


@contextmanager
def watch(module: Any, *, stop: bool = False) -> Iterator[list[Any]]:
    """A list whose only element is what went into ``module`` last; with ``stop`` the pass ends there, in ``Heard``."""
    seen: list[Any] = []

    def keep(_: Any, inputs: tuple[Any, ...]) -> None:
        seen[:] = inputs[:1]
        if stop:
            raise Heard

    handle = module.register_forward_pre_hook(keep)
    try:
        yield seen
    finally:
        handle.remove()
