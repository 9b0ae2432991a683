from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.corpus.schema import open_catalog
from evidentia.corpus.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "library", create=True)
    open_catalog(opened)
    return opened
