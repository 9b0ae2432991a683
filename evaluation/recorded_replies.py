"""Greedy replies of the local model, recorded once so that drafters can be replayed without it in seconds.

Prompts: ``--prompts`` of each of Spec-Bench's six categories (first turns), and ``--quotes`` that ask for a sentence of
a SQuAD paragraph. One npz per prompt in ``--cache``, so that a stopped run goes on: the prompt, the reply, and the
eight likeliest next tokens behind every one of both, which is what a drafter learns from a pass of the model.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..serving import load
from ..serving.base import Message
from ..serving.drafting.drafter import BEST
from ..settings import Settings
from .data import DATA
from .prompts import mixed_prompts

LONGEST = 128


@dataclass(frozen=True)
class Recording:
    name: str
    category: str
    prompt: NDArray[np.int32]
    reply: NDArray[np.int32]
    best: NDArray[np.int32]
    """``[len(prompt) + len(reply), BEST]``"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=Settings.from_env().cache / "drafting")
    parser.add_argument("--prompts", type=int, default=24, help="prompts of each category of Spec-Bench")
    parser.add_argument("--quotes", type=int, default=80, help="prompts that ask for a sentence of a paragraph")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")


def record(chosen: argparse.Namespace) -> Path:
    settings = Settings.from_env()
    folder: Path = chosen.cache / f"{settings.model}-{chosen.dtype}"
    folder.mkdir(parents=True, exist_ok=True)
    asked = mixed_prompts(chosen.data, chosen.prompts, chosen.quotes)
    missing = [one for one in asked if not (folder / f"{one[1]}.npz").exists()]
    if missing:
        import torch

        model: Any = load(settings.model, settings)
        model.model.to(getattr(torch, chosen.dtype))
    for number, (category, name, text) in enumerate(missing):
        prompt = model.chat_tokens([Message("user", text)])
        reply, best = reply_to(model.model, prompt)
        part = folder / f"{name}.part"
        with part.open("wb") as stream:
            np.savez_compressed(stream, category=category, prompt=np.array(prompt, np.int32), reply=reply, best=best)
        part.replace(folder / f"{name}.npz")
        print(f"{number + 1}/{len(missing)} {name} {len(prompt)}+{len(reply)}", flush=True)
    return folder


def reply_to(model: Any, prompt: list[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    import torch

    ids = torch.tensor([prompt])
    with torch.inference_mode():
        whole = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=LONGEST, do_sample=False)
        best = model(whole).logits[0].topk(BEST).indices
    return whole[0, len(prompt) :].to(torch.int32).numpy(), best.to(torch.int32).numpy()


def read_recordings(chosen: argparse.Namespace) -> list[Recording]:
    """What is recorded of the prompts asked for, in their order; records what is missing."""
    folder = record(chosen)
    found = []
    for category, name, _ in mixed_prompts(chosen.data, chosen.prompts, chosen.quotes):
        with np.load(folder / f"{name}.npz", allow_pickle=False) as kept:
            found.append(Recording(name, category, kept["prompt"], kept["reply"], kept["best"]))
    return found
