"""The way from files to documents, passages and what is embedded for them, in a process of its own: whatever a file
does to its reader, by its nature or by design, happens there, within limits, and costs that file alone.

    Ingest ─ Request ─► Reader ═ JSON over pipes ═► worker: extract(file) = read, split, texts
                          │                            bounded in time and memory, killed and named
                          └─ Extract | Skipped | UNCHANGED, in order; the next files are read meanwhile
"""

from .extract import UNCHANGED as UNCHANGED
from .extract import Extract as Extract
from .extract import extract as extract
from .limits import Limits as Limits
from .message import Request as Request
from .process import TOO_SLOW as TOO_SLOW
from .reader import FileReader as Reader

__all__ = ["TOO_SLOW", "UNCHANGED", "Extract", "Limits", "Reader", "Request", "extract"]
