"""A dense index on a GPU, where the installed faiss is built for one (faiss-gpu in place of faiss-cpu) and finds one.

Exact search only: vectors lie in float16, as they are stored, and many questions are compared in one go. A graph stays
on the processor, where faiss has it. Knows nothing of libraries and files.
"""

from __future__ import annotations

import logging
from typing import Any

_log = logging.getLogger(__name__)


def gpus() -> int:
    """How many GPUs faiss can use; 0 with a build for processors alone."""
    import faiss

    count = getattr(faiss, "get_num_gpus", None)
    return int(count()) if count is not None and hasattr(faiss, "index_cpu_to_gpu") else 0


def on_gpu(index: Any) -> Any:
    """Copies an exact ``index`` on the first GPU, in float16; ``index`` itself where there is no GPU, where it is a
    graph, or where it does not fit, which is logged."""
    import faiss

    from .hnsw import graph_of

    if not gpus() or graph_of(index) is not None:
        return index
    options = faiss.GpuClonerOptions()
    options.useFloat16 = True
    try:
        return faiss.index_cpu_to_gpu(resources(), 0, index, options)
    except RuntimeError as error:
        _log.warning("the dense index stays on the processor: %s", error)
        return index


def resources() -> Any:
    """The GPU's memory for searches, shared by all indexes of this process: each would take its own otherwise."""
    import faiss

    if not _RESOURCES:
        _RESOURCES.append(faiss.StandardGpuResources())
    return _RESOURCES[0]


_RESOURCES: list[Any] = []
