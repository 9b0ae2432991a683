"""Where things are and how large they may be: read once from the environment, passed down explicitly.

Every field can be set by the environment variable named in its comment. Nothing here opens a file or imports a library.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from .errors import InputError


def _home(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / default) / "evidentia"


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def redact(url: str) -> str:
    """An address as it may be shown: without the user, password, query and fragment that may hold secrets."""
    try:
        parts = urlsplit(url.strip())
        place = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    if not parts.scheme or not place:
        return "an address that cannot be read"
    hidden = "?…" if parts.query or parts.fragment else ""
    return f"{parts.scheme}://{'…@' * ('@' in parts.netloc)}{place}{parts.path}{hidden}"


def split_revision(name: str) -> tuple[str, str | None]:
    """A model's name on a hub, and the commit or tag of ``organisation/name@commit``; ``None``: what the hub gives."""
    plain, _, revision = name.partition("@")
    return plain, revision or None


DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Settings:
    library: Path = field(default_factory=lambda: _home("XDG_DATA_HOME", ".local/share") / "library")
    """EVIDENTIA_LIBRARY: the folder that holds the documents, spans, indexes and graphs."""
    cache: Path = field(default_factory=lambda: _home("XDG_CACHE_HOME", ".cache"))
    """EVIDENTIA_CACHE: models that were fetched or converted."""
    embedder: str = DEFAULT_EMBEDDER
    """EVIDENTIA_EMBEDDER: the packaged default, or any sentence-transformers name or path."""
    foreign_embedder: str = "universal-sentence-encoder-multilingual"
    """EVIDENTIA_FOREIGN_EMBEDDER: in place of the packaged default for a new library whose texts are to a good part in
    other languages than English; empty for the default there too."""
    embedding_bits: int = 8
    """EVIDENTIA_EMBEDDING_BITS: 8 lets the packaged embedder multiply in eight bits in bulk where that is clearly
    faster on this machine, 32 never (``retrieval/embedders/bert_eight.py``)."""
    model: str = "SmolLM2-135M-Instruct"
    """EVIDENTIA_MODEL: the packaged default, a Hugging Face name or path, a .gguf file, or an endpoint's model name."""
    endpoint: str = field(default="", repr=False)
    """EVIDENTIA_ENDPOINT: base URL of an OpenAI-compatible server; empty means in process. It may hold a password or
    key: what is shown of it is ``redact``."""
    weights: str = ""
    """EVIDENTIA_WEIGHTS: how the local model's weights are kept: ``plain``, ``int8``, ``torchao-int8`` and others
    (``serving/models/quantise.py``); empty: as suits the machine."""
    drafter: str = "union"
    """EVIDENTIA_DRAFTER: how the local model's next tokens are guessed: ``union``, ``suffix``, ``recycling``,
    ``recycling-static``, ``lookup``, ``forced``, ``aded``, ``aded-mcts``, or ``none``. It changes no token."""
    kv_bytes: int = 0
    """EVIDENTIA_KV_BYTES: memory that keys and values of requests to the local model may take; none: a share of what
    is free (``serving/engine/room.py``)."""
    requests: int = 0
    """EVIDENTIA_REQUESTS: requests to the local model that run side by side, the others wait; none: as many as that
    memory suits."""
    retriever: str = "fused"
    """EVIDENTIA_RETRIEVER: what ``search`` finds passages by unless a call names another: a name, or several put
    together, such as ``lexical + dense >> reader`` (``docs/retrieval.md``)."""
    graph: str = "arcadedb"
    """EVIDENTIA_GRAPH: ``arcadedb`` (embedded) or ``neo4j`` (NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD)."""
    long_inputs: int = 0
    """EVIDENTIA_LONG_INPUTS: tokens that the local model reads by looking distant ones up, once its own context is
    full; none: what does not fit the context is refused."""
    session_bytes: int = 500_000_000
    """EVIDENTIA_SESSION_BYTES: how much of what the local model has read is kept on disk, per library; 1 keeps none."""
    hnsw_m: int = 16
    """EVIDENTIA_HNSW_M: links per vector of the graph that a library above 50,000 vectors is searched by."""
    hnsw_construction: int = 128
    """EVIDENTIA_HNSW_CONSTRUCTION: effort (efConstruction) with which such a graph is built."""
    hnsw_search: int | None = None
    """EVIDENTIA_HNSW_SEARCH: effort (efSearch) of a search, stored when the index is next built; none: as the last
    ``evidentia index audit`` tuned it."""
    max_file_bytes: int = 20_000_000
    """EVIDENTIA_MAX_FILE_BYTES: larger files are listed as skipped; of CSV and TSV files the first rows are read."""
    file_seconds: int = 50
    """EVIDENTIA_FILE_SECONDS: a file that takes longer to read is listed as skipped."""
    include: tuple[str, ...] = ()
    """EVIDENTIA_INCLUDE: patterns, apart by commas, of files that are read although they would be passed over."""
    request_seconds: int = 60
    """EVIDENTIA_REQUEST_SECONDS: a request to the server that takes longer is ended."""
    slow_request_seconds: int = 180
    """EVIDENTIA_SLOW_REQUEST_SECONDS: the same where a language model reads or writes."""
    reply_seconds: int = 600
    """EVIDENTIA_REPLY_SECONDS: the same for a reply of the OpenAI-compatible API, however many tokens it has."""
    add_seconds: int = 3_600
    """EVIDENTIA_ADD_SECONDS: the same for adding files by the page; what it has finished is kept."""
    plan_steps: int = 8
    """EVIDENTIA_PLAN_STEPS: replies of a model that plans with tools, for one question."""
    plan_tokens: int = 100_000
    """EVIDENTIA_PLAN_TOKENS: tokens that such a model may read and write for one question."""
    plan_seconds: int = 180
    """EVIDENTIA_PLAN_SECONDS: time after which such a model is asked for no further reply."""
    telemetry: str = ""
    """EVIDENTIA_TELEMETRY: OpenTelemetry spans of what is asked and added: ``spans`` (names, times and counts) or
    ``texts`` (with questions, answers and what steps found); empty: none."""
    max_question_chars: int = 4_000
    """EVIDENTIA_MAX_QUESTION_CHARS: longer questions are refused."""

    @classmethod
    def from_env(cls) -> Settings:
        """Raises ``InputError`` naming the variable when a number cannot be read."""
        values: dict[str, object] = {}
        for each in fields(cls):
            name, kind = each.name, _READ_AS[each.type]
            raw = os.environ.get(f"EVIDENTIA_{name.upper()}")
            if raw and raw != str(each.default):
                try:
                    values[name] = kind(raw)
                except ValueError as error:
                    raise InputError(
                        f"EVIDENTIA_{name.upper()} must be a whole number above 0",
                        where=raw,
                        fix="set another number, or unset it",
                    ) from error
        return cls(**values)  # type: ignore[arg-type]


_READ_AS: Mapping[object, Callable[[str], object]] = {
    "Path": Path,
    "str": str,
    "int": _count,
    "int | None": _count,
    "tuple[str, ...]": lambda text: tuple(part for piece in text.split(",") if (part := piece.strip())),
}
"""How the text of a variable becomes the value of a field, by the field's type."""
