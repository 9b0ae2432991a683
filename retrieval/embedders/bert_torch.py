"""BERT's encoder in torch for bulk work: one fused projection, SDPA, bf16 where the processor has it, CUDA when there.

Knows nothing of tokenizers or files. The caller orders texts by length, so that padding stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional as F

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    Pair = tuple[Tensor, Tensor]
    """Weight and bias."""

HEADS = 12
EPSILON = 1e-12


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def best_dtype(device: torch.device) -> torch.dtype:
    """The fastest dtype: bf16 where it is native (measured ×2.5 over float32 with AMX, ×2 with AVX512-BF16), float32
    elsewhere."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("amx_bf16") or able.get("avx512_bf16") else torch.float32


class TorchBert:
    """BERT in torch. ``tensors`` are float32 and named as in a Hugging Face BERT checkpoint; they are held in ``dtype``
    on ``device``."""

    def __init__(
        self, tensors: Mapping[str, NDArray[np.float32]],
        device: torch.device | None = None, dtype: torch.dtype | None = None,
    ) -> None:  # fmt: skip
        self.device = device or best_device()
        self.dtype = dtype or best_dtype(self.device)
        self.batch_tokens = 2048 if self.device.type == "cpu" else 65536
        """Tokens per forward: more no longer fits the cache of a CPU (at 8192 bf16 is 30 % slower)."""
        layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
        self._words = self._put(tensors["embeddings.word_embeddings.weight"])
        self._places = self._put(
            tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = self._pair(tensors, "embeddings.LayerNorm")
        self.layers = [self._layer(tensors, f"encoder.layer.{index}") for index in range(layers)]

    def _put(self, values: NDArray[np.float32]) -> Tensor:
        return torch.tensor(values, dtype=self.dtype, device=self.device)

    def _pair(self, tensors: Mapping[str, NDArray[np.float32]], name: str) -> tuple[Tensor, Tensor]:
        return self._put(tensors[f"{name}.weight"]), self._put(tensors[f"{name}.bias"])

    def _layer(self, tensors: Mapping[str, NDArray[np.float32]], name: str) -> list[tuple[Tensor, Tensor]]:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        weight, bias = (
            self._put(np.concatenate([tensors[f"{part}.{kind}"] for part in parts])) for kind in ("weight", "bias")
        )
        rest = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense")
        return [(weight, bias), *(self._pair(tensors, f"{name}.{part}") for part in (*rest, "output.LayerNorm"))]

    def with_layers(self, tensors: Mapping[str, NDArray[np.float32]], layers: Collection[int]) -> TorchBert:
        """A network that has its own ``layers``, those of ``tensors``, and shares all the rest with this one."""
        made = copy(self)
        made.layers = [
            self._layer(tensors, f"encoder.layer.{index}") if index in layers else layer
            for index, layer in enumerate(self.layers)
        ]
        return made

    def mean_vectors(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Turns token ids per text (special tokens included) into float32 ``[texts, width]``, each row of unit
        length."""
        with torch.inference_mode():
            padded, real = self.pad(ids)
            means = (self._forward(padded, real).float() * real[..., None]).sum(dim=1)
            return F.normalize(means, dim=1).cpu().numpy()

    def states(self, ids: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """Turns token ids per text (special tokens included) into the last layer's states, float32 ``[tokens, width]``
        each."""
        with torch.inference_mode():
            hidden = self._forward(*self.pad(ids)).float().cpu().numpy()
        return [states[: len(text)] for states, text in zip(hidden, ids, strict=True)]

    def first_states(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Turns token ids per text into the last layer's state at each text's first token, float32
        ``[texts, width]``."""
        with torch.inference_mode():
            return self._forward(*self.pad(ids))[:, 0].float().cpu().numpy()

    def pad(self, ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Turns ids per text into ids ``[batch, tokens]``, and where they are real."""
        lengths = np.array([len(text) for text in ids])
        padded = np.zeros((len(ids), lengths.max()), dtype=np.int64)
        for row, text in zip(padded, ids, strict=True):
            row[: len(text)] = text
        real = np.arange(padded.shape[1]) < lengths[:, None]
        return torch.from_numpy(padded).to(self.device), torch.from_numpy(real).to(self.device)

    def _forward(self, ids: Tensor, real: Tensor) -> Tensor:
        return encode(self.embed(ids), None if bool(real.all()) else real[:, None, None], self.layers)

    def embed(self, ids: Tensor) -> Tensor:
        """Turns padded ids ``[batch, tokens]`` into what the first layer gets ``[batch, tokens, width]``."""
        return layer_norm(self._words[ids] + self._places[: ids.shape[1]], self._norm)


Attention = Callable[["Tensor", "Tensor", "Tensor", "Tensor | None"], "Tensor"]


def encode(
    hidden: Tensor,
    mask: Tensor | None,
    layers: Sequence[Sequence[tuple[Tensor, Tensor]]],
    attention: Attention = F.scaled_dot_product_attention,
) -> Tensor:
    """Takes ``hidden`` ``[batch, tokens, width]`` through ``layers``, each: fused query-key-value, output, norm, up,
    down, norm (weight and bias of each). ``mask`` is true where a token may be attended to."""
    for layer in layers:
        hidden = feed_forward(attend(hidden, mask, *layer[:3], attention=attention), *layer[3:])
    return hidden


def attend(
    hidden: Tensor, mask: Tensor | None, fused: Pair, out: Pair, norm: Pair,
    *, attention: Attention = F.scaled_dot_product_attention,
) -> Tensor:  # fmt: skip
    """Takes ``hidden`` through the first half of a layer."""
    batch, tokens, _ = hidden.shape
    query, key, value = F.linear(hidden, *fused).view(batch, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
    mixed = attention(query, key, value, mask).transpose(1, 2).reshape(batch, tokens, -1)
    return layer_norm(hidden + F.linear(mixed, *out), norm)


def feed_forward(hidden: Tensor, up: Pair, down: Pair, norm: Pair) -> Tensor:
    """Takes ``hidden`` through the second half of a layer."""
    return layer_norm(hidden + F.linear(F.gelu(F.linear(hidden, *up)), *down), norm)


def layer_norm(values: Tensor, norm: tuple[Tensor, Tensor]) -> Tensor:
    return F.layer_norm(values, values.shape[-1:], *norm, EPSILON)
