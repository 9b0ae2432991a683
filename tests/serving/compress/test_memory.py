"""What recovery holds in memory is counted from a model's settings as a run needs it at most."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evidentia.serving.compress.memory import to_recover, to_survey
from evidentia.serving.compress.plan import count

CONFIG = {
    "hidden_size": 192,
    "intermediate_size": 1024,
    "num_hidden_layers": 8,
    "num_attention_heads": 3,
    "num_key_value_heads": 3,
    "vocab_size": 16384,
    "tie_word_embeddings": True,
}
RUN = """
import copy, json, sys, time
from pathlib import Path

import peft, torch, transformers.trainer
from transformers import LlamaConfig, AutoModelForCausalLM

from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.recover import recover
from evidentia.serving.compress.rounding import nearest
from evidentia.serving.compress.tune import MATRICES, tune
from evidentia.serving.network.dtype import fastest_dtype

way, config, kept = sys.argv[1], json.loads(sys.argv[2]), Path(sys.argv[3])

def held(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) * 1024

torch.set_num_threads(1)
before = held("VmRSS")
model = AutoModelForCausalLM.from_config(LlamaConfig(**config)).float().eval()
if way == "tune":
    with torch.no_grad():
        for layer in model.model.layers:
            for name in MATRICES:
                weight = layer.get_submodule(name).weight
                weight.copy_(nearest(weight))
dense = copy.deepcopy(model)
windows = torch.randint(config["vocab_size"], (8, 256))
ticks = iter(range(10**9))
time.process_time = lambda: float(next(ticks))
quiet = lambda stage, done, total: None
if way == "tune":
    tune(model, dense, windows, 0.1, kept=kept, progress=quiet)
else:
    recover(model, dense, windows, Recipe(recover=0.1, ranks="equal"), kept, quiet)
number = 2 if fastest_dtype("cpu") is torch.bfloat16 else 4
print(json.dumps([held("VmHWM") - before, number]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the most memory that a process had")
@pytest.mark.parametrize("way", ["tune", "recover"])
def test_recovery_holds_what_was_counted(way: str, tmp_path: Path) -> None:
    asked = [sys.executable, "-c", RUN, way, json.dumps(CONFIG), str(tmp_path)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    measured, number = json.loads(told.stdout.splitlines()[-1])
    parameters = count(CONFIG)
    counted = 4 * parameters + to_recover(CONFIG, 16, parameters=parameters, number=number)
    assert 0.5 * counted < measured < 1.15 * counted


def test_what_is_held_grows_with_what_is_wide() -> None:
    parameters = count(CONFIG)
    plain = to_recover(CONFIG, 16, parameters=parameters, number=2)
    for more in ({"vocab_size": 32768}, {"num_hidden_layers": 16}, {"intermediate_size": 2048}):
        assert to_recover({**CONFIG, **more}, 16, parameters=parameters, number=2) > plain
    assert to_recover(CONFIG, 64, parameters=parameters, number=2) > plain
    assert to_recover(CONFIG, 16, parameters=parameters, number=4) > plain
    assert to_survey(2048, 64) == 2 * to_survey(1024, 64)
