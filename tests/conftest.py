"""What every test gets: a home of its own, and no settings from the machine that runs it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A machine that does much besides is slow, and no test is about that.
settings.register_profile("evidentia", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("evidentia")

_REAL_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "evidentia"


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("EVIDENTIA_")]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("EVIDENTIA_CACHE", str(_REAL_CACHE))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
