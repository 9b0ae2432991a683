"""WeLore's analysis: half of the numbers of the layers, by one threshold for all matrices (low rank where that is
cheaper), and what training then brings: only the low-rank parts, only the others, or all.

Printed for each: trained numbers, loss on held-out windows before and after, tokens per processor second, and peak
memory; each in a process of its own. Trained on articles of SQuAD's train split, measured on its dev split.
"""

from __future__ import annotations

import copy
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, article_texts, read_articles, read_train, windows_of
from evidentia.serving.compress import card, make
from evidentia.serving.compress.lowrank import split
from evidentia.serving.models import hub
from evidentia.settings import Settings

RATE, LENGTH = 5e-5, 256
PARTS = ("low rank", "others", "all")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--keep", type=float, default=0.5)
    parser.add_argument("--steps", type=int, default=40, help="of one window of 256 tokens")
    parser.add_argument("--windows", type=int, default=10)
    parser.add_argument("--train", choices=PARTS, help="only this one, in this process")
    parser.add_argument("--split", type=Path, required=True, help="file for the split model, made once")
    options = parser.parse_args()
    if options.train:
        print(json.dumps(train(options)))
        return
    found = {}
    for part in PARTS:
        command = [sys.executable, *sys.argv, "--train", part]
        found[part] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = [
        (
            part,
            f"{one['trained'] / 1e6:.1f} M",
            one["before"],
            one["after"],
            one["speed"],
            f"{one['memory'] / 1e9:.2f} GB",
        )
        for part, one in found.items()
    ]
    metrics = {f"{part}_{name}": value for part, one in found.items() for name, value in one.items()}
    columns = ("trained", "numbers", "loss before", "after", "tokens/s", "peak memory")
    report(options.json, f"half low rank, {options.steps} steps of {LENGTH} tokens", columns, rows, metrics)


def train(options: Any) -> dict[str, float]:
    settings = Settings.from_env()
    tokenizer, model = make.load(hub.get(settings.model, settings.cache))
    path: Path = options.split
    low = split_once(model, options.keep, path)
    read = windows_of(read_train(options.data / "squad"), tokenizer, options.steps)[:, :LENGTH]
    held = windows_of(article_texts(read_articles(options.data / "squad" / DEV)), tokenizer, options.windows)
    before = card.surprise(model, held)
    wanted = {"low rank": {True}, "others": {False}, "all": {True, False}}[options.train]
    model.requires_grad_(False)
    for name, one in model.model.layers.named_parameters():
        one.requires_grad_(any(name.startswith(f"{part}.") for part in low) in wanted and "proj" in name)
    parameters = [one for one in model.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.0)
    spent = 0.0
    for window in read:
        began = time.process_time()
        model(window[None], labels=window[None], use_cache=False).loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        spent += time.process_time() - began
    return {
        "trained": float(sum(one.numel() for one in parameters)),
        "before": before,
        "after": card.surprise(model, held),
        "speed": read.numel() / spent,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0,
    }


def split_once(model: Any, keep: float, path: Path) -> list[str]:
    """Splits the model, or takes from ``path`` what was split before."""
    from safetensors.torch import load_file, save_file

    if path.is_file():
        held = load_file(path)
        low = sorted({name.rpartition(".")[0].rpartition(".")[0] for name in held})
        for name in low:
            down, up = held[f"{name}.0.weight"], held[f"{name}.1.weight"]
            thin = torch.nn.Sequential(
                torch.nn.Linear(down.shape[1], len(down), bias=False), torch.nn.Linear(len(down), len(up), bias=False)
            )
            thin[0].weight.data, thin[1].weight.data = down, up
            owner, _, own = name.rpartition(".")
            setattr(model.model.layers.get_submodule(owner), own, thin)
        return low
    low, _ = split(model, keep)
    tensors = {
        f"{name}.{at}.weight": model.model.layers.get_submodule(name)[at].weight.detach()
        for name in low
        for at in (0, 1)
    }
    save_file({name: copy.deepcopy(one).contiguous() for name, one in tensors.items()}, path)
    return low


if __name__ == "__main__":
    main()
