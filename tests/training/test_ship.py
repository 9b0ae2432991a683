"""A trained adapter takes the place of the one that a compressed model was given, and the checkpoint stays whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidentia.errors import DigestMismatch, ModelError
from evidentia.serving.models.adapters import CONFIG, OWN, WEIGHTS
from evidentia.serving.models.checkpoint import Checkpoint
from evidentia.training.ship import ship_into


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    folder = tmp_path / "trained"
    folder.mkdir()
    (folder / CONFIG).write_text(json.dumps({"r": 4, "base_model_name_or_path": "elsewhere"}))
    (folder / WEIGHTS).write_bytes(b"new")
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    (folder / OWN / "seal").mkdir(parents=True)
    (folder / OWN / "seal" / WEIGHTS).write_bytes(b"old")
    (folder / "model.safetensors").write_bytes(b"weights")
    Checkpoint.seal(folder, {"name": "large"})
    return folder


def test_the_carried_one_is_replaced_and_the_manifest_stays_true(trained: Path, model: Path) -> None:
    ship_into(trained, "seal", model)
    found = Checkpoint.read(model)
    assert found is not None
    found.verify()
    assert found.source == {"name": "large"}
    assert (model / OWN / "seal" / WEIGHTS).read_bytes() == b"new"
    assert json.loads((model / OWN / "seal" / CONFIG).read_text()) == {"r": 4, "base_model_name_or_path": "small"}


def test_nothing_is_put_into_what_was_not_made_here_or_was_changed(trained: Path, model: Path) -> None:
    with pytest.raises(ModelError, match="no model that was made here"):
        ship_into(trained, "seal", trained)
    (model / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(DigestMismatch):
        ship_into(trained, "seal", model)
    assert (model / OWN / "seal" / WEIGHTS).read_bytes() == b"old"
