"""``benchmarks/gpu.sh`` and its checks, where there is no GPU: what they name exists, and they can fail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faiss
import pytest

from evidentia.benchmarks import gpu_checks
from evidentia.retrieval.dense import gpu
from evidentia.serving.network.cuda_graphs import with_graphs
from evidentia.serving.network.lean import LeanNetwork

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "gpu.sh"
TINY = {
    **gpu_checks.SHAPE,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "vocab_size": 256,
    "max_position_embeddings": 512,
}


def test_all_files_that_the_script_names_are_here_and_its_limits_are_six_minutes() -> None:
    text = SCRIPT.read_text()
    named = set(re.findall(r"\b(?:tests|benchmarks)/[\w/]+\.\w+", text))
    assert len(named) > 3
    assert not [path for path in named if not (ROOT / path).is_file()]
    assert sum(map(int, re.findall(r"(?:^|\s)(?:step|timeout) (\d+)", text))) <= 360
    assert subprocess.run(["sh", "-n", SCRIPT]).returncode == 0
    kept = (ROOT / "tests" / "serving" / "network" / "test_cuda_graphs.py").read_text()
    assert "-k on_a_gpu" in text
    assert "def test_on_a_gpu" in kept


def test_without_a_gpu_the_script_says_so_and_stops() -> None:
    ran = subprocess.run(
        ["sh", SCRIPT], env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable}, capture_output=True, text=True
    )
    assert ran.returncode == 1
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    assert said[0]["check"] == "versions"
    assert said[0]["error"] == "torch finds no GPU"
    assert said[1]["exit"] == 1
    assert len(said) == 2


@pytest.mark.parametrize(
    ("torch", "transformers", "said"),
    [
        ("2.11.0+cu130", "5.17.0", []),
        ("3.0", "6.1.dev0", []),
        ("2.9.1", "5.17.0", ["torch is 2.9.1, 2.11 or later is needed"]),
        (None, "4.57.1", ["torch is not installed, 2.11 or later is needed", "transformers is 4.57.1, 5.17 or later is needed"]),
    ],
)  # fmt: skip
def test_old_versions_are_named(torch: str | None, transformers: str, said: list[str]) -> None:
    assert gpu_checks.faults({"torch": torch, "transformers": transformers}) == said


def test_what_is_missing_is_named_and_installed_with_what_it_needs() -> None:
    """pytest alone, without pluggy, does not start."""
    assert gpu_checks.missing_packages(("json", "nothing_of_the_kind")) == ["nothing_of_the_kind"]
    assert "--no-deps" not in SCRIPT.read_text()
    assert not {"torch", "transformers"} & {*gpu_checks.NEEDED, *gpu_checks.TESTING}


def in_turn(action: Any) -> Any:
    """Stands in for a recording."""
    action()
    return action


def broken(action: Any) -> Any:
    raise RuntimeError("operation not permitted when stream is capturing")


def test_graphs_that_are_used_pass_and_others_fail() -> None:
    model = gpu_checks.random_model("float32", "cpu", TINY)
    lean = LeanNetwork(model, "plain")
    (fact,) = gpu_checks.lean_and_graphs(model, with_graphs(model, lean, in_turn))
    assert fact["same"]
    assert fact["launched"] >= 63
    with pytest.raises(gpu_checks.Failed, match="has no CUDA graphs"):
        list(gpu_checks.lean_and_graphs(model, lean))
    with pytest.raises(gpu_checks.Failed, match="not the lean one"):
        list(gpu_checks.lean_and_graphs(model, object()))
    with pytest.raises(gpu_checks.Failed, match="recordings turned out not to work"):
        list(gpu_checks.lean_and_graphs(model, with_graphs(model, lean, broken)))


def test_replies_of_the_model_itself_must_be_made_by_graphs() -> None:
    assert gpu_checks.used_graphs(SimpleNamespace(launched=3), lean=True) == 3
    assert gpu_checks.used_graphs(object(), lean=False) == 0
    with pytest.raises(gpu_checks.Failed, match="without graphs"):
        gpu_checks.used_graphs(SimpleNamespace(launched=0), lean=True)


def test_a_reply_of_graphs_that_is_another_fails() -> None:
    model = gpu_checks.random_model("float32", "cpu", TINY)
    network = with_graphs(model, LeanNetwork(model, "plain"), in_turn)
    replay = network._replay

    def wrong(*asked: Any) -> Any:
        found = replay(*asked)
        found.logits[:] = found.logits.roll(1, -1)
        return found

    network._first = wrong_first(network, wrong)
    with pytest.raises(gpu_checks.Failed, match="not that of the plain forward"):
        list(gpu_checks.lean_and_graphs(model, network))


def wrong_first(network: Any, replay: Any) -> Any:
    """A first pass that is held to nothing."""

    def first(fixed: Any, form: Any, part: Any, wanted: Any) -> Any:
        network._recorded[form] = lambda: fixed.run(form)
        network._replay = replay
        return replay(fixed, form, part, wanted)

    return first


def test_the_dense_index_is_left_out_passes_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "left_out" in next(gpu_checks.dense(100))
    monkeypatch.setattr(gpu, "_RESOURCES", [])
    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1, raising=False)
    monkeypatch.setattr(faiss, "GpuClonerOptions", lambda: SimpleNamespace(useFloat16=False), raising=False)
    monkeypatch.setattr(faiss, "StandardGpuResources", SimpleNamespace, raising=False)
    monkeypatch.setattr(faiss, "index_cpu_to_gpu", lambda _, __, index, ___: faiss.clone_index(index), raising=False)
    assert next(gpu_checks.dense(2000))["recall"] == 1

    def full(*_: object) -> Any:
        raise RuntimeError("cudaMalloc error out of memory")

    monkeypatch.setattr(faiss, "index_cpu_to_gpu", full)
    with pytest.raises(gpu_checks.Failed, match="stayed on the processor"):
        list(gpu_checks.dense(100))


def test_a_check_that_fails_is_told_and_the_others_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def bad() -> Any:
        yield {"a": 1}
        raise ValueError("no")

    assert not gpu_checks.tell({"bad": bad, "good": lambda: iter([{"b": 2}])})
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"check": "bad", "a": 1, "ok": False, "error": "ValueError: no"}
    assert second == {"check": "good", "b": 2, "ok": True}
