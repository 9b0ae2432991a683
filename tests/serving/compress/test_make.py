"""From a checkpoint to a smaller one in the cache, which loads with nothing of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from evidentia.errors import InputError, NotFoundError
from evidentia.serving.compress import card, make
from evidentia.serving.compress.latency import LatencyTable
from evidentia.serving.compress.plan import RISES, known_rise
from evidentia.serving.compress.recipes import Recipe, recipe
from evidentia.serving.compress.rounding import nearest
from evidentia.serving.models import hub
from evidentia.serving.models.checkpoint import verify
from evidentia.serving.models.local import load_local
from evidentia.serving.network.grid import grid_of

TEXT = "\n".join(f"Line {number}: the quick brown fox jumps over {number * 7} lazy dogs." for number in range(200))
SMALL = Recipe(keep=0.5, multiple=32, windows=16, length=64)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def source(tiny_checkpoint: Callable[..., Path]) -> Path:
    return tiny_checkpoint("llama", tie_word_embeddings=True)


def test_the_new_model_is_a_plain_checkpoint_with_a_card(source: Path, cache: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    before = {path.name: path.read_bytes() for path in source.iterdir()}
    folder = make.make("narrow", str(source), [TEXT], SMALL, cache)
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before
    assert hub.find("narrow", cache) == folder
    verify(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert model.config.intermediate_size == 32
    assert type(model).__module__.startswith("transformers.")
    ids = torch.tensor([tokenizer.encode("the quick brown")])
    assert model.generate(ids, max_new_tokens=5, do_sample=False).shape[1] > ids.shape[1]
    found = card.read(folder)
    assert [row.model for row in found.rows] == [str(source), "narrow"]
    assert found.rows[1].parameters < found.rows[0].parameters
    assert found.facts["recipe"]["keep"] == 0.5
    assert "narrow" in (folder / "README.md").read_text(encoding="utf-8")
    assert not list((cache / "models").glob(".compress-*"))


def test_it_is_served_like_any_other(source: Path, cache: Path) -> None:
    from evidentia.serving.base import Message, Sampling

    folder = make.make("narrow", str(source), [TEXT], SMALL, cache)
    model = load_local(folder, "narrow", dtype="float32", device="cpu")
    assert "".join(model.stream([Message("user", "hello")], Sampling(max_tokens=4))) is not None
    model.close()


def test_the_same_settings_give_the_same_weights(source: Path, cache: Path) -> None:
    one = make.make("one", str(source), [TEXT], SMALL, cache)
    two = make.make("two", str(source), [TEXT], SMALL, cache)
    assert (one / "model.safetensors").read_bytes() == (two / "model.safetensors").read_bytes()


def test_a_stopped_run_leaves_no_model_and_goes_on(source: Path, cache: Path) -> None:
    class Stop(Exception):
        pass

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "layers" and done == 1:
            raise Stop

    with pytest.raises(Stop):
        make.make("narrow", str(source), [TEXT], SMALL, cache, stop)
    assert hub.find("narrow", cache) is None
    assert len(list((cache / "models" / ".compress-narrow").glob("layer-*"))) == 1
    resumed = make.make("narrow", str(source), [TEXT], SMALL, cache)
    whole = make.make("whole", str(source), [TEXT], SMALL, cache)
    assert (resumed / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()


def test_a_run_that_goes_on_surveys_no_layer_again(source: Path, cache: Path) -> None:
    class Stop(Exception):
        pass

    surveyed = []

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "survey":
            surveyed.append(done)
        if stage == "layers" and done == 1:
            raise Stop

    recipe = replace(SMALL, by_layer=True)
    for _ in range(2):
        with pytest.raises(Stop):
            make.make("narrow", str(source), [TEXT], recipe, cache, stop)
    assert len(surveyed) == len(set(surveyed)) > 1


def test_biases_have_a_slot_in_llama_alone(source: Path, cache: Path, tiny_checkpoint: Callable[..., Path]) -> None:
    from transformers import AutoModelForCausalLM

    folder = make.make("flap", str(source), [TEXT], replace(SMALL, strategy="flap"), cache)
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.model.layers[0].mlp.down_proj.bias.abs().max() > 0
    assert model.model.layers[0].mlp.up_proj.bias.abs().max() == 0
    with pytest.raises(InputError, match="no bias"):
        make.make("other", str(tiny_checkpoint("qwen3")), [TEXT], replace(SMALL, strategy="flap"), cache)


def test_a_smaller_vocabulary_is_exported_with_its_tokenizer(source: Path, cache: Path) -> None:
    from transformers import AutoTokenizer

    whole = len(AutoTokenizer.from_pretrained(source))
    with pytest.raises(InputError, match="has no room"):
        make.make("rows", str(source), [TEXT], replace(SMALL, rows=192), cache)
    config = json.loads((source / "config.json").read_text())
    assert config["vocab_size"] == whole == 258


def test_recipes_have_names_and_bounds() -> None:
    assert recipe("small").keep == 0.75
    with pytest.raises(NotFoundError, match="smaller"):
        recipe("tiny")
    with pytest.raises(InputError):
        Recipe(keep=0)


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # peft asks for it
def test_recovery_is_part_of_the_run_and_of_the_card(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(10**6))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))
    asked = replace(SMALL, recover=0.1, rank=2)
    stages: list[str] = []
    folder = make.make("taught", str(source), [TEXT], asked, cache, lambda stage, done, total: stages.append(stage))
    found = card.read(folder)
    assert found.facts["steps"] == ["prune", "recover", "merge"]
    assert found.facts["recovered"]["steps"] >= 1
    assert "recover" in stages
    assert "read what the whole model says" in (folder / "README.md").read_text()
    assert (folder / "card.svg").read_text().startswith("<svg")
    verify(folder)


def test_what_lies_on_the_grid_learns_on_it(
    tiny_checkpoint: Callable[..., Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tiny_checkpoint("llama", tie_word_embeddings=True, hidden_size=64, intermediate_size=128)
    weights = load_file(source / "model.safetensors")
    rounded = {name: nearest(one).float() if name.endswith("_proj.weight") else one for name, one in weights.items()}
    save_file(rounded, source / "model.safetensors", {"format": "pt"})
    ticks = iter(range(10**6))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))
    asked = replace(SMALL, multiple=64, recover=0.2, rank=2)
    folder = make.make("taught", str(source), [TEXT], asked, cache)
    facts = card.read(folder).facts
    assert facts["steps"] == ["prune", "recover", "quantise"]
    assert facts["recovered"]["steps"] >= 1
    assert "on the grid of four bits" in (folder / "README.md").read_text()
    made = load_file(folder / "model.safetensors")
    wide = [one for name, one in made.items() if name.endswith(("down_proj.weight", "up_proj.weight"))]
    assert all(grid_of(one.to(torch.bfloat16)) is not None for one in wide)


def test_a_model_that_was_rounded_is_not_cut_again(source: Path, cache: Path) -> None:
    folder = make.make("once", str(source), [TEXT], SMALL, cache)
    twice = make.make("twice", "once", [TEXT], replace(SMALL, keep=0.5, multiple=16), cache)
    assert json.loads((twice / "config.json").read_text())["intermediate_size"] == 16
    told = json.loads((folder / "evidentia.json").read_text())
    told["source"]["steps"] = ["prune", "quantise"]
    (folder / "evidentia.json").write_text(json.dumps(told))
    with pytest.raises(InputError, match="prune would undo what quantise did"):
        make.make("thrice", "once", [TEXT], replace(SMALL, keep=0.5, multiple=16), cache)


def test_the_price_is_told_where_it_was_measured() -> None:
    assert known_rise(Recipe()) == RISES[0.75, False]
    assert known_rise(Recipe(by_layer=True)) == RISES[0.75, True]
    for other in (Recipe(strategy="wanda"), Recipe(solve="none"), Recipe(heads=0.5), Recipe(rows=64), Recipe(keep=0.3)):
        assert known_rise(other) is None


def test_a_dry_run_tells_minutes_bytes_and_price(
    tiny_checkpoint: Callable[..., Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from evidentia.cli.main import app

    monkeypatch.setenv("EVIDENTIA_CACHE", str(cache))
    folder = tiny_checkpoint("llama", intermediate_size=256, max_position_embeddings=1024)
    asked = ["model", "compress", str(folder), "--dry-run"]
    told = CliRunner().invoke(app, [*asked, "--recover", "7"]).stdout
    assert "192 of 256 channels in each feed-forward" in told
    assert "about 7 minutes and 1.0 GB of memory" in told
    assert f"rose by {100 * RISES[0.75, False]:.0f} % so, before what recovery brings back" in told
    layered = CliRunner().invoke(app, [*asked, "--by-layer"]).stdout
    assert "192 of 256 channels on average" in layered
    assert f"rose by {100 * RISES[0.75, True]:.0f} % so" in layered
    assert "price" not in CliRunner().invoke(app, [*asked, "--strategy", "wanda"]).stdout


def test_the_mildest_recipe_that_fits_is_taken(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evidentia.serving.compress.plan import remaining, smallest, width_of

    known = {"light": replace(SMALL, keep=0.75, multiple=16), "small": SMALL}
    monkeypatch.setattr("evidentia.serving.compress.recipes.RECIPES", known)
    config = json.loads((source / "config.json").read_text())
    sizes = {name: width_of(config) * remaining(config, one) for name, one in known.items()}
    assert smallest(source, sizes["light"]) == known["light"]
    assert smallest(source, sizes["light"] - 1) == SMALL
    with pytest.raises(InputError, match="no recipe makes this model as small"):
        smallest(source, sizes["small"] - 1)


def test_the_card_shows_jobs_and_a_plot() -> None:
    rows = (
        card.CardRow("dense", "int4", 100, 200, 20.0, plain=10.0, jobs={"quoting": 0.8}),
        card.CardRow("small", "int4", 80, 160, 30.0, plain=12.0, jobs={"quoting": 0.6}),
    )
    facts = {"name": "dense", "four_bits": False, "perplexity": {"tokens": 512}, "text": "t", "weights": "w"}
    found = card.ModelCard("small", {**facts, "recipe": {**vars_of(SMALL)}}, rows)
    head, shown = card.columns(found)
    assert head[-1] == "quoting"
    assert [row[-1] for row in shown] == ["0.80", "0.60"]
    assert "memory" not in head
    plot = card.plot(found)
    assert "1.20" in plot
    assert "0.75" in plot
    assert "quoting" in plot


def vars_of(asked: Recipe) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(asked)


def test_a_model_without_a_card_says_so(source: Path) -> None:
    with pytest.raises(NotFoundError, match="card"):
        card.read(source)


def test_the_commands_say_what_it_will_take_make_it_and_show_its_card(
    source: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from evidentia.cli.main import app

    monkeypatch.setenv("EVIDENTIA_CACHE", str(cache))
    (tmp_path / "text.txt").write_text(TEXT)
    asked = ["model", "compress", str(source), "--recipe", "small", "--keep", "0.5", "--name", "narrow", "--json"]
    monkeypatch.setattr("evidentia.serving.compress.recipes.RECIPES", {"small": SMALL})
    dry = CliRunner().invoke(app, [*asked, "--dry-run"])
    assert json.loads(dry.stdout)["narrower"] == 32
    assert hub.find("narrow", cache) is None
    made = CliRunner().invoke(app, [*asked, "--calibrate", str(tmp_path / "text.txt")])
    assert json.loads(made.stdout)["path"] == str(cache / "models" / "narrow")
    shown = CliRunner().invoke(app, ["model", "show", "narrow"])
    assert "narrow" in shown.stdout
    written = CliRunner().invoke(app, ["model", "export", "narrow", str(tmp_path / "narrow.gguf"), "--json"])
    assert json.loads(written.stdout)["bytes"] == (tmp_path / "narrow.gguf").stat().st_size
    table = LatencyTable(2, 0.0, {32: 0.1, 64: 0.2})
    monkeypatch.setattr("evidentia.serving.compress.make.latency_table", lambda *_: table)
    fast = CliRunner().invoke(app, [*asked, "--faster", "1.2", "--faster", "2", "--dry-run"])
    assert [(one["name"], one["narrower"]) for one in json.loads(fast.stdout)] == [
        ("narrow-1.2x", 32),
        ("narrow-2x", 32),
    ]
    for words, expected in (
        (["--strategy", "guess"], "no way to compress has this name"),
        (["--recipe", "huge"], "no such recipe"),
        (["--solve", "pray"], "no way to compensate"),
        (["--ranks", "luck"], "no way to share rank"),
        (["--fit", "0"], "no recipe makes this model as small"),
        (["--faster", "3"], "Ask for at most 2,"),
        (["--calibrate", str(tmp_path / "missing")], "missing"),
    ):
        error = CliRunner().invoke(app, [*asked[:-3], "--name", "other", *words]).exception
        assert expected in str(error)


def test_widths_that_differ_are_filled_up_with_zeros(source: Path, cache: Path) -> None:
    from transformers import AutoModelForCausalLM

    from evidentia.serving.network.lean import LeanNetwork
    from evidentia.serving.network.network import SequenceInput

    asked = replace(SMALL, keep=0.75, multiple=8, strategy="flap", solve="squares", by_layer=True)
    with torch.no_grad():
        weights = load_file(source / "model.safetensors")
        weights["model.layers.1.mlp.down_proj.weight"][:, ::2] *= 20  # so that scores of this layer are uneven
        save_file(weights, source / "model.safetensors", {"format": "pt"})
    folder = make.make("layered", str(source), [TEXT], asked, cache)
    widths = card.read(folder).facts["widths"]
    assert len(set(widths)) == 2, "the test is to have layers of two widths"
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    assert model.config.intermediate_size == max(widths)
    network = LeanNetwork(model, "plain")
    ids = [2, 40, 90, 7, 133]
    with torch.no_grad():
        expected = model(torch.tensor([ids])).logits[0]
    found = network.forward([SequenceInput(network.memory(8), ids)]).logits
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)
    assert [layer.down(torch.zeros(1, width)).shape[1] for layer, width in zip(network.layers, widths, strict=True)]
    assert "filled up with zeros" in (folder / "README.md").read_text()
    with pytest.raises(InputError, match="the same in every layer"):
        make.make("other", str(source), [TEXT], replace(asked, strategy="wanda"), cache)
