"""What drafting has learnt, kept in a file between processes.

A damaged file, or one of other weights, costs speed only: it is logged and begun anew.
Knows nothing of models.
"""

from __future__ import annotations

import logging
from pathlib import Path

from ...errors import ModelError, StorageError
from .drafter import LearningDrafter

_log = logging.getLogger(__name__)


def take_up(drafter: LearningDrafter, path: Path, fingerprint: str) -> None:
    if not path.exists():
        return
    try:
        drafter.load(path, fingerprint)
    except (StorageError, ModelError) as error:
        _log.warning("what drafting had learnt is begun anew: %s", error)


def keep(drafter: LearningDrafter, path: Path, fingerprint: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        drafter.save(path, fingerprint)
    except (StorageError, OSError) as error:
        _log.warning("what drafting has learnt is not kept: %s", error)
