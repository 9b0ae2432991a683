"""Recovery: what was cut learns again what the dense model says, by changes of low rank that are merged afterwards
(LoRA, Hu et al., 2021; the distance is that of the two models' next-token distributions, Hinton et al., 2015).

A layer that turns its input more gets more of the rank (CFSP's coarse importance, arXiv 2409.13199), or all the same.
peft and transformers' Trainer do the work, on a GPU where there is one. What was learnt so far is written every minute,
so that a run that was stopped goes on. Knows nothing of texts and files of models.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import require
from ..heap import keep_memory
from ..network.dtype import fastest_dtype
from .divergence import distance
from .recipes import Recipe
from .stream import Stream, turn

RATE, WARM_UP, SCALE = 2e-3, 0.05, 2.0
"""Peak learning rate, share of the time in which it rises, and what a change is multiplied by."""
BATCH, LENGTH = 2, 256
"""Windows of a step, and their tokens."""
SAVE_EVERY, FILE = 60.0, "recovery.safetensors"
SURVEYED = 4
"""Windows that tell how far each layer turns its input."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Learnt:
    """How far a recovery is."""

    steps: int = 0
    seconds: float = 0.0
    """Of processor time; on a GPU of time."""
    first: float = 0.0
    last: float = 0.0
    """The distance from the dense model in nats, over the first steps and lately."""


def recover(
    model: Any,
    dense: Any,
    windows: Any,
    recipe: Recipe,
    kept: Path,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Any, Learnt]:
    """``model`` with what it learnt from ``dense`` on ``windows`` ``[windows, LENGTH]`` in its weights, after
    ``recipe.recover`` minutes; both are transformers', and changed: ``dense`` computes in what is fastest here from
    then on. ``kept`` is a folder for a run that may be stopped. Raises ``MissingExtra`` without peft."""
    require("peft", "train")
    import torch

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device)
    dense.to(device).requires_grad_(False)
    turned = (
        turns(dense, windows[:SURVEYED].to(device)) if recipe.ranks == "importance" else [1.0] * len(_layers(model))
    )
    adapted = with_changes(model, share_ranks(turned, recipe.rank), recipe.seed)
    fastest = fastest_dtype(device.type)
    learnt = train(adapted, dense.to(fastest), windows, recipe.recover, rate=RATE, kept=kept, progress=progress)
    merged = adapted.merge_and_unload()
    for parameter in merged.parameters():
        parameter.requires_grad_(False)
    return merged.to("cpu").eval(), learnt


def share_ranks(importance: Sequence[float], rank: int) -> list[int]:
    """``rank`` for each layer on average, along ``importance``; at least one. The sum is that of equal ranks."""
    total, whole = rank * len(importance), sum(importance)
    wanted = [one / whole * total for one in importance]
    found = [max(1, int(one)) for one in wanted]
    while sum(found) != total:
        step = 1 if sum(found) < total else -1
        able = [at for at in range(len(found)) if found[at] + step >= 1]
        found[max(able, key=lambda at: ((wanted[at] - found[at]) * step, -at))] += step
    return found


def turns(model: Any, windows: Any) -> list[float]:
    """The mean angle between what goes into each layer and what comes out, as a share of half a turn."""
    stream, found = Stream(model, windows), []
    for layer in range(len(_layers(model))):
        before = stream.hidden.clone()
        stream.advance(stream.half(layer, "kv"))
        stream.advance(stream.half(layer, "ffn"))
        found.append(turn(before, stream.hidden)[0])
    return found


def _layers(model: Any) -> Any:
    return model.model.layers


def with_changes(model: Any, ranks: Sequence[int], seed: int) -> Any:
    """``model`` as peft's, with changes of low rank at every matrix of its layers, which are zero so far."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(seed)
    by_layer = {rf"layers\.{layer}\..+_proj": rank for layer, rank in enumerate(ranks)}
    return get_peft_model(
        model,
        LoraConfig(
            r=max(1, round(sum(ranks) / len(ranks))),
            lora_alpha=max(1, round(SCALE * sum(ranks) / len(ranks))),
            rank_pattern=by_layer,
            alpha_pattern={name: SCALE * rank for name, rank in by_layer.items()},
            target_modules=r".*layers\.\d+\.(self_attn|mlp)\..+_proj",
            lora_dropout=0.0,
            bias="none",
        ),
    )


def train(
    student: Any, dense: Any, windows: Any, minutes: float, *, rate: float, kept: Path, progress: Progress
) -> Learnt:
    """What of ``student`` asks for a gradient learns from ``dense`` for so many minutes, by what both say of
    ``windows``; ``rate`` is the peak of the learning rate, ``kept`` the folder of a run that may be stopped."""
    import torch
    from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

    parameters = {name: one for name, one in student.named_parameters() if one.requires_grad}
    optimiser = torch.optim.AdamW(parameters.values(), lr=rate, betas=(0.9, 0.98), weight_decay=0.0)
    learnt, seconds = _take_up(parameters, optimiser, kept), 60 * minutes
    on_cpu = student.device.type == "cpu"
    clock = time.process_time if on_cpu else time.perf_counter
    spent = learnt.seconds  # in earlier runs
    began, saved = clock(), time.monotonic()

    class Distilling(Trainer):  # type: ignore[misc]
        def compute_loss(self, model: Any, inputs: Any, *_: Any, **more: Any) -> Any:
            with torch.no_grad():
                wanted = dense(inputs["input_ids"], use_cache=False).logits
            loss = distance(model(inputs["input_ids"], use_cache=False).logits, wanted)
            told = float(loss.detach())
            learnt.first = told if not learnt.first else learnt.first
            learnt.last = 0.9 * learnt.last + 0.1 * told if learnt.last else told
            return loss

    class Keeping(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            nonlocal saved
            learnt.steps, learnt.seconds = learnt.steps + 1, spent + clock() - began
            control.should_training_stop = learnt.seconds >= seconds
            progress("recover", min(round(learnt.seconds), round(seconds)), round(seconds))
            if control.should_training_stop or time.monotonic() - saved > SAVE_EVERY:
                _keep(parameters, optimiser, learnt, kept)
                saved = time.monotonic()

    if learnt.seconds >= seconds:
        return learnt
    keep_memory()
    start = learnt.steps * BATCH % len(windows)  # a run that goes on reads on
    arguments = TrainingArguments(
        output_dir=str(kept / "trainer"),
        per_device_train_batch_size=BATCH,
        max_steps=10**6,
        max_grad_norm=1.0,
        use_cpu=on_cpu,
        save_strategy="no",
        logging_strategy="no",
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
        train_sampling_strategy="sequential",
        label_names=[],
        bf16=dense.dtype == torch.bfloat16,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda _: share_of_rate(learnt.seconds / seconds))
    trainer = Distilling(
        model=student,
        args=arguments,
        train_dataset=[{"input_ids": window} for window in torch.roll(windows, -start, 0)],
        optimizers=(optimiser, schedule),
        callbacks=[Keeping()],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return learnt


def share_of_rate(done: float) -> float:
    """Share of the peak learning rate when ``done`` of the time is over: a short rise, then a straight fall."""
    if done < WARM_UP:
        return max(done, 0.01) / WARM_UP
    return max(0.0, (1 - done) / (1 - WARM_UP))


def _keep(parameters: dict[str, Any], optimiser: Any, learnt: Learnt, kept: Path) -> None:
    from dataclasses import asdict

    from safetensors.torch import save_file

    tensors = {name: one.detach().cpu() for name, one in parameters.items()}
    for name, one in parameters.items():
        tensors |= {f"{moment}:{name}": value.cpu() for moment, value in optimiser.state[one].items()}
    kept.mkdir(parents=True, exist_ok=True)
    part = (kept / FILE).with_suffix(".part")
    save_file(
        {name: tensor.contiguous() for name, tensor in tensors.items()}, part, {"learnt": json.dumps(asdict(learnt))}
    )
    part.replace(kept / FILE)


def _take_up(parameters: dict[str, Any], optimiser: Any, kept: Path) -> Learnt:
    import torch
    from safetensors import safe_open

    if not (kept / FILE).is_file():
        return Learnt()
    with safe_open(kept / FILE, "pt") as held, torch.no_grad():
        for name, one in parameters.items():
            one.copy_(held.get_tensor(name))
            moments = {moment: held.get_tensor(f"{moment}:{name}") for moment in ("step", "exp_avg", "exp_avg_sq")}
            optimiser.state[one] = {
                moment: value if moment == "step" else value.to(one.device) for moment, value in moments.items()
            }
        return Learnt(**json.loads(held.metadata()["learnt"]))
