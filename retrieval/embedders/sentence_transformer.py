"""Any other embedding model by name or path, through sentence-transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...corpus.cancellation import check
from ...errors import ModelError
from ...settings import split_revision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...settings import Settings

_BATCH = 64
_HUB_SECONDS = 5.0


class SentenceTransformerEmbedder:
    """Any model of sentence-transformers, which is loaded at once. Raises ``ModelError`` when the name is neither a
    folder nor a model that can be fetched."""

    def __init__(self, name: str, *, cache: str | None = None) -> None:
        self._model: Any = _load(name, cache)
        self.forward_seconds = 0.0
        self.dimension = int(self._model.get_embedding_dimension())
        self.fingerprint = f"{name} {_digest(self._model)} {self._model.max_seq_length}"

    @classmethod
    def from_settings(cls, name: str, settings: Settings) -> SentenceTransformerEmbedder:
        return cls(name)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Gives float32 ``[len(texts), dimension]``, rows of unit length."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            check()
            begun = perf_counter()
            vectors[rows] = self._model.encode(
                [texts[row] for row in rows], normalize_embeddings=True, show_progress_bar=False
            )
            self.forward_seconds += perf_counter() - begun
            if progress is not None:
                progress(len(rows))
        return vectors


def _load(name: str, cache: str | None) -> Any:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    here = Path(name).is_dir()
    repository, revision = (name, None) if here else split_revision(name)
    # Never pickled weights: opening them can run code.
    open_model = partial(
        SentenceTransformer,
        repository,
        revision=revision,
        cache_folder=cache,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True},
    )
    try:
        try:
            return open_model(local_files_only=True)
        except (OSError, ValueError):
            if here:
                raise
        # Asked once, with a short limit: the loader itself repeats each of its requests for over a minute.
        _ask_hub(repository, revision)
        return open_model()
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise ModelError(
            "the embedding model cannot be loaded",
            where=name,
            fix="check the folder" if here else "check the name and the network, or use the default all-MiniLM-L6-v2",
        ) from error


def _ask_hub(name: str, revision: str | None) -> None:
    """Raises ``OSError`` when the hub cannot be reached or has no such model or commit."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # of whichever client the hub uses

    try:
        whole = name if "/" in name else f"sentence-transformers/{name}"
        HfApi().model_info(whole, revision=revision, timeout=_HUB_SECONDS)
    except HTTPError as error:
        raise OSError(f"the model hub does not answer: {error}") from error


def _digest(model: Any) -> str:
    """Twelve hex digits over the names, shapes and first values of all weights: a fine-tuned copy differs."""
    found = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        head = values.detach().flatten()[:256].float().cpu().numpy()
        found.update(f"{name} {tuple(values.shape)}".encode() + head.tobytes())
    return found.hexdigest()[:12]
