"""``Session`` on a network: one sequence that grows, branches, steps back and outlasts a process.

Knows nothing of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..base import LocalModel
from ..network import session_file, torch_thread
from ..network.network import CausalNetwork, SequenceInput
from ..network.tree import Sight, crop_sight, refuse_branched, side_by_side, sight

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NetworkSession:
    """See ``Session``. A token costs memory: 23 KB in the default model."""

    def __init__(self, owner: LocalModel, network: CausalNetwork) -> None:
        self._owner, self._network = owner, network
        self._memory = network.memory()
        self._tokens: list[int] = []
        self._sight: Sight = []

    @property
    def tokens(self) -> Sequence[int]:
        return self._tokens

    @property
    def size(self) -> int:
        """See ``Session``."""
        return len(self._tokens) * self._network.shape.bytes_per_token

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> NDArray[np.float32]:
        """See ``Session``."""
        refuse_branched(self._sight)
        if len(self._tokens) + len(tokens) > self._owner.context:
            raise InputError(f"the sequence grows over {self._owner.context:,} tokens", where=self._owner.name)
        wanted = len(tokens) if rows is None else min(rows, len(tokens))
        return self._read(SequenceInput(self._memory, tokens), range(len(tokens) - wanted, len(tokens)))

    def branch(
        self, tokens: Sequence[int], parents: Sequence[int], rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        """See ``Session``."""
        seen = sight(self._sight, len(self._tokens), parents)
        depths = seen.sum(1) - 1
        if depths.max(initial=-1) >= self._owner.context:
            raise InputError(f"a branch grows over {self._owner.context:,} tokens", where=self._owner.name)
        part = SequenceInput(self._memory, tokens, depths, seen, self._positions())
        scores = self._read(part, range(len(tokens)) if rows is None else rows)
        self._sight.extend(seen)
        return scores

    def crop(self, length: int) -> None:
        """See ``Session``."""
        if length < len(self._tokens):
            self._sight = crop_sight(self._sight, len(self._tokens), length)
            del self._tokens[length:]
            self._memory.length = length

    def save(self, path: Path) -> None:
        """See ``Session``. Numbers are kept as the model computes them (bf16 where the machine has it)."""
        refuse_branched(self._sight)
        # In the one thread, because only there does a memory move (``cuda_graphs.py``).
        held = torch_thread.run(lambda: _bits(self._memory.view()))
        session_file.write(path, self._owner.fingerprint, self._tokens, {"memory": held})

    def _positions(self) -> NDArray[np.int64] | None:
        import numpy as np

        if not self._sight:
            return None
        trunk = np.arange(len(self._tokens) - len(self._sight))
        return np.concatenate([trunk, [seen.sum() - 1 for seen in self._sight]])

    def _read(self, part: SequenceInput, rows: Sequence[int]) -> NDArray[np.float32]:
        import numpy as np

        if not part.tokens:
            return np.empty((0, self._network.vocabulary), np.float32)
        scores: NDArray[np.float32] = torch_thread.run(
            lambda: self._network.forward([part], rows).logits.float().cpu().numpy()
        )
        self._tokens.extend(part.tokens)
        return scores


def join(owner: LocalModel, network: CausalNetwork, sessions: Sequence[Any]) -> NetworkSession:
    """See ``LocalModel.join``. The memories are copied."""
    joined = NetworkSession(owner, network)
    for session in sessions:
        refuse_branched(session._sight)
        torch_thread.run(lambda memory: joined._memory.append(memory.view()), session._memory)
        joined._tokens.extend(session.tokens)
    joined._sight = side_by_side([len(session.tokens) for session in sessions if session.tokens])
    return joined


def resume(owner: LocalModel, network: CausalNetwork, path: Path) -> NetworkSession:
    """See ``LocalModel.resume``."""
    tokens, arrays = session_file.read(path, owner.fingerprint)
    session = NetworkSession(owner, network)
    session._memory.append(_tensor(arrays["memory"], network.shape.device))
    session._tokens = list(tokens)
    return session


def _bits(tensor: Any) -> NDArray[Any]:
    """numpy has no bf16: its bits travel as int16."""
    import torch

    plain = tensor.cpu().contiguous()
    found: NDArray[Any] = (plain.view(torch.int16) if plain.dtype is torch.bfloat16 else plain).numpy()
    return found


def _tensor(array: NDArray[Any], device: Any) -> Any:
    import torch

    tensor = torch.from_numpy(array)
    return (tensor.view(torch.bfloat16) if tensor.dtype is torch.int16 else tensor).to(device)
