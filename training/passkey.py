"""Trains a very small model that looks things up within its window: what the reach of long inputs is measured with.

    python training/passkey.py --out runs/passkey

Three layers, a quarter of a million weights, a window of 128 tokens. A text holds records, a key of three symbols with
a value of three; a question begins a record again, and the value is to be written. Texts grow while the model learns. A
run that was stopped goes on where its last checkpoint was. Half an hour on one core.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from evidentia.evaluation.passkey import PART, START, SYMBOLS, WINDOW, WORDS, filler, question, record, records

ALPHABETS = (4, 8, len(SYMBOLS))
"""Symbols that the keys of a text are made of: of few, keys are alike, and only all of one tells it from the others."""
SHARES = 0.25, 0.5, 0.75, 0.95
BATCH, RATE, WARMUP, EVERY = 32, 2e-3, 100, 50


def text(rng: random.Random, length: int, share: float) -> tuple[list[int], list[bool]]:
    """Tokens, and which of them are to be predicted: records among fillers, then questions until ``length``. The end
    of the key is to be predicted too: it is learned sooner.

    ``share`` is that of the text which the records and fillers take.
    """
    size = len(record((0,) * PART, (0,) * PART))
    most = int((length - 1 - size) * share) // size
    alphabet = rng.sample(SYMBOLS, rng.choice(ALPHABETS))
    known = records(rng, rng.choice((1, rng.randint(1, max(1, most)), max(1, most))), alphabet)
    words = filler(rng, rng.randint(0, max(0, most - len(known)) * size))
    if words and rng.random() < 0.5:
        passage = words[: rng.randint(4, 32)]
        words = (passage * len(words))[: len(words)]
    tokens, cuts = [START], sorted(rng.randint(0, len(words)) for _ in known)
    for (key, value), start, end in zip(known.items(), cuts, [*cuts[1:], len(words)], strict=True):
        tokens += [*record(key, value), *words[start:end]]
    wanted = [False] * len(tokens)
    while len(tokens) + size <= length:
        key = rng.choice(list(known))
        tokens += [*question(key), *known[key]]
        wanted += [False] * PART + [True] * (PART + 2)
    left = length - len(tokens)
    return tokens + filler(rng, left), wanted + [False] * left


def made(seed: int) -> Any:
    """The model before training."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=WORDS.stop,
        hidden_size=96,
        intermediate_size=192,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=WINDOW,
        tie_word_embeddings=True,
        attn_implementation="eager",  # the backward of the fused kernel is slow on a CPU
        initializer_range=0.08,
        eos_token_id=START,
        bos_token_id=START,
    )
    return LlamaForCausalLM(config)


def loss(model: Any, batch: Sequence[tuple[list[int], list[bool]]]) -> tuple[Tensor, float]:
    """Of the values, and the share of their tokens that is right."""
    ids = torch.tensor([tokens for tokens, _ in batch], device=model.device)
    wanted = torch.tensor([marks for _, marks in batch], device=model.device)[:, 1:]
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1][wanted]
    logits, targets = model.lm_head(hidden), ids[:, 1:][wanted]
    return functional.cross_entropy(logits, targets), float((logits.argmax(-1) == targets).float().mean())


def train(folder: Path, steps: int, seed: int) -> None:
    """Longer texts follow when nine of ten tokens are right, until the window is full."""
    model = made(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    facts = _load(model, optimiser, folder) or {"step": 0, "length": 48, "right": 0.0}
    while facts["step"] < steps:
        rng = random.Random(f"{seed} {facts['step']}")
        length = facts["length"]
        share = rng.choice(SHARES if length == WINDOW else SHARES[:3])
        batch = [text(rng, length, share) for _ in range(BATCH * WINDOW // length)]
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (facts["step"] + 1) / WARMUP, 2.5 * (1 - facts["step"] / steps))
        wrong, right = loss(model, batch)
        optimiser.zero_grad()
        wrong.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        facts["step"] += 1
        facts["right"] = 0.95 * facts["right"] + 0.05 * right
        if facts["right"] > 0.9 and length < WINDOW:
            facts["length"], facts["right"] = min(WINDOW, length + 16), 0.5
        if facts["step"] % EVERY == 0:
            print(f"step {facts['step']}: {length} tokens, loss {wrong.item():.3f}, right {facts['right']:.3f}")
            _save(model, optimiser, facts, folder)
    _save(model, optimiser, facts, folder)
    model.save_pretrained(folder)


def _save(model: Any, optimiser: Any, facts: dict[str, Any], folder: Path) -> None:
    tensors = {name: weight.detach() for name, weight in model.named_parameters()}
    for name, weight in model.named_parameters():
        tensors |= {f"{moment}:{name}": torch.as_tensor(held) for moment, held in optimiser.state[weight].items()}
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "state.part"
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, part, {"facts": json.dumps(facts)})
    part.replace(folder / "state.safetensors")


def _load(model: Any, optimiser: Any, folder: Path) -> dict[str, Any] | None:
    from safetensors import safe_open

    path = folder / "state.safetensors"
    if not path.exists():
        return None
    tensors = load_file(path)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(tensors[name])
            optimiser.state[weight] = {
                moment: tensors[f"{moment}:{name}"] for moment in ("step", "exp_avg", "exp_avg_sq")
            }
    with safe_open(path, "pt") as opened:
        facts: dict[str, Any] = json.loads(opened.metadata()["facts"])
    return facts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    train(asked.out, asked.steps, asked.seed)
