"""A narrower BERT: what is cut, what is learnt, and the folder that it becomes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from evidentia.errors import InputError, ModelError
from evidentia.retrieval.embedders import compress, folder, load
from evidentia.retrieval.embedders.bert_torch import TorchBert
from evidentia.retrieval.embedders.compress import narrow
from evidentia.retrieval.embedders.distil import Student, distil
from evidentia.settings import Settings

WIDTH, LAYERS = 48, 2
Tensors = dict[str, NDArray[np.float32]]


def bert(tensors: Tensors) -> TorchBert:
    return TorchBert(tensors, torch.device("cpu"), torch.float32)


def test_channels_that_are_made_of_others_are_hardly_missed(tensors: Tensors, ids: list[list[int]]) -> None:
    made, errors = narrow(tensors, ids, [20] * LAYERS)
    assert made["encoder.layer.1.output.dense.weight"].shape == (24, 20)
    assert made["encoder.layer.1.intermediate.dense.weight"].shape == (20, 24)
    assert max(errors) < 0.05
    assert (bert(made).mean_vectors(ids) * bert(tensors).mean_vectors(ids)).sum(1).mean() > 0.99


def test_what_is_not_cut_stays_as_it_was(tensors: Tensors, ids: list[list[int]]) -> None:
    made, errors = narrow(tensors, ids, [WIDTH] * LAYERS)
    assert errors == [0.0, 0.0]
    assert all(np.array_equal(made[name], values) for name, values in tensors.items())


def test_the_error_is_that_of_the_feed_forward(tensors: Tensors, ids: list[list[int]]) -> None:
    _, few = narrow(tensors, ids, [4, WIDTH])
    _, more = narrow(tensors, ids, [12, WIDTH])
    assert 0 < more[0] < few[0] < 1


def test_widths_for_a_speed_are_those_of_least_error_that_are_fast_enough(
    tensors: Tensors, ids: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compress, "MULTIPLE", 4)
    monkeypatch.setattr(compress, "latencies", lambda *_: {0: 1.0, WIDTH: 3.0})
    for number, values in enumerate((0.01, 1.0)):
        tensors[f"encoder.layer.{number}.output.dense.weight"] *= values
        tensors[f"encoder.layer.{number}.intermediate.dense.weight"][1 + number * 8 : WIDTH] = 0
    widths, _ = compress.widths_for(tensors, ids, 2.35)
    assert sum(1 + 2 * width / WIDTH for width in widths) <= 6 / 2.35
    assert widths == [4, 8]
    with pytest.raises(InputError, match="cannot make it so fast"):
        compress.widths_for(tensors, ids, 5)


def test_too_little_text_is_refused(tensors: Tensors, ids: list[list[int]]) -> None:
    with pytest.raises(InputError, match="too few"):
        narrow(tensors, ids[:2], [20] * LAYERS)


def test_distilling_brings_vectors_nearer_and_leaves_the_whole_model_as_it_was(
    tensors: Tensors, ids: list[list[int]]
) -> None:
    made, _ = narrow(tensors, ids, [4] * LAYERS)
    whole, steps = bert(tensors), list[int]()
    student = Student(bert(made))
    before = {name: values.copy() for name, values in tensors.items()}

    def report(step: int, *_: float) -> None:
        steps.append(step)

    distil(whole, student, itertools.repeat(ids), 0.03, kept=range(LAYERS), rate=5e-4, told=report)
    learnt = made | student.tensors()
    wanted = whole.mean_vectors(ids)
    near = [float((bert(some).mean_vectors(ids) * wanted).sum(1).mean()) for some in (made, learnt)]
    assert steps[0] == 1
    assert near[1] > near[0]
    assert all(np.array_equal(values, before[name]) for name, values in tensors.items())


def test_a_run_that_was_stopped_goes_on_where_it_was(
    tensors: Tensors, ids: list[list[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidentia.retrieval.embedders.distil.SAVED", 0.0)
    first, second = Student(bert(tensors)), Student(bert(tensors))
    counted: dict[str, list[int]] = {"first": [], "second": []}
    for name, student, minutes in (("first", first, 0.005), ("second", second, 0.01)):
        distil(
            bert(tensors), student, itertools.repeat(ids), minutes, kept=range(LAYERS),
            checkpoint=tmp_path / "held.safetensors", told=lambda step, *_, name=name: counted[name].append(step),
        )  # fmt: skip
    assert counted["second"][0] == counted["first"][-1] + 1


@pytest.mark.slow
def test_a_folder_is_loaded_by_its_name_and_by_sentence_transformers(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from evidentia.retrieval.embedders import minilm, weights

    cache = Settings.from_env().cache
    tensors = dict(weights.tensors(weights.published_file(minilm.MODEL, cache)))
    for kind in ("weight", "bias"):
        for number in range(6):
            name = f"encoder.layer.{number}.intermediate.dense.{kind}"
            tensors[name] = tensors[name][:64]
    for number in range(6):
        name = f"encoder.layer.{number}.output.dense.weight"
        tensors[name] = tensors[name][:, :64]
    made = folder.write("mine", tmp_path, tensors, {})
    texts = ["A sentence.", "Another one, which is longer than the first."]
    embedder = load("mine", Settings(cache=tmp_path))
    own = embedder.encode(texts)
    assert embedder.fingerprint.startswith("mine ")
    theirs = SentenceTransformer(str(made), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(own, theirs, atol=1e-4)
    with pytest.raises(InputError, match="is here already"):
        folder.refuse_taken("mine", tmp_path, {})


def test_a_folder_whose_manifest_is_damaged_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "embedders" / "mine").mkdir(parents=True)
    (tmp_path / "embedders" / "mine" / folder.MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="manifest cannot be read"):
        load("mine", Settings(cache=tmp_path))


@pytest.mark.parametrize("name", ["a/b", ".hidden", "all-MiniLM-L6-v2"])
def test_names_that_are_taken_or_none_are_refused(name: str, tmp_path: Path) -> None:
    from evidentia.retrieval.embedders import EMBEDDERS

    with pytest.raises(InputError):
        folder.refuse_taken(name, tmp_path, EMBEDDERS.entries)
