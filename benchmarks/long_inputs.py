"""Long inputs: passkey and key-value recall at many times a model's window, beside no method and a sliding window.

    python training/passkey.py --out runs/passkey
    python benchmarks/long_inputs.py --model runs/passkey --questions 50
    python benchmarks/long_inputs.py --local --tokens 14000

The first model was trained on texts of 128 tokens, its window; a text is filled with one record among repeated words
(passkey) or with records alone (key-value), and one record is asked for. ``--local`` hides a passkey in a long English
text for the default local model, at several depths.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidentia.evaluation import passkey
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.serving.network.cache import KVCache
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.long_inputs import LongNetwork
from evidentia.serving.network.long_memory import LongMemory, Reach, reach_for
from evidentia.serving.network.network import CausalNetwork, SequenceInput

LENGTHS = (2, 4, 8, 16, 32, 64)
"""Windows per text."""
PASSAGE = 24
"""Words that a passkey's text repeats."""
BEHIND = 8
"""Tokens behind a record that belong to it: a model sums up what it read in the tokens that follow, and looks there."""


@dataclass(frozen=True, slots=True)
class Question:
    prompt: list[int]
    answer: passkey.Symbols
    record: range
    """Where the record stands in the prompt."""


@dataclass(slots=True)
class Found:
    """What one method made of the questions of one length."""

    right: list[bool] = field(default_factory=list)
    recalled: list[list[bool]] = field(default_factory=list)
    """Of each look-up behind the question and in the answer, by layer: whether it brought a block of the record or of
    the tokens behind it."""
    device: int = 0
    reading: list[float] = field(default_factory=list)
    writing: list[float] = field(default_factory=list)
    """Seconds of processor time per token, so that what else runs counts little."""


def hidden_record(rng: random.Random, length: int) -> Question:
    """One record among the same words over and over."""
    ((key, value),) = passkey.records(rng, 1).items()
    size, asked = len(passkey.record(key, value)), passkey.question(key)
    count = length - 1 - size - len(asked)
    words = (passkey.filler(rng, PASSAGE) * (count // PASSAGE + 1))[:count]
    at = rng.randint(0, count)
    prompt = [passkey.START, *words[:at], *passkey.record(key, value), *words[at:], *asked]
    return Question(prompt, value, range(1 + at, 1 + at + size))


def many_records(rng: random.Random, length: int) -> Question:
    """Nothing but records."""
    asked = len(passkey.question((0,) * passkey.PART))
    size = asked + passkey.PART
    known = list(passkey.records(rng, (length - 1 - asked) // size).items())
    at = rng.randrange(len(known))
    key, value = known[at]
    tokens = [token for pair in known for token in passkey.record(*pair)]
    return Question(
        [passkey.START, *tokens, *passkey.question(key)],
        value,
        range(1 + at * size, 1 + (at + 1) * size),
    )


TASKS: dict[str, Callable[[random.Random, int], Question]] = {"passkey": hidden_record, "key-value": many_records}


def answered(network: CausalNetwork, question: Question, tail: int | None, found: Found) -> None:
    """Reads the prompt, or its last ``tail`` tokens, and writes the answer."""
    prompt = question.prompt[-tail:] if tail else question.prompt
    memory, start = network.memory(), time.process_time()
    for at in range(0, len(prompt), 512):
        logits = network.forward(
            [SequenceInput(memory, prompt[at : at + 512])], [min(512, len(prompt) - at) - 1]
        ).logits
    read = time.process_time()
    written, looked = [int(logits[0].argmax())], [_looked(memory, question.record)]
    while len(written) < len(question.answer):
        logits = network.forward([SequenceInput(memory, written[-1:])]).logits
        looked.append(_looked(memory, question.record))
        written.append(int(logits[0].argmax()))
    found.right.append(tuple(written) == question.answer)
    found.reading.append((read - start) / len(prompt))
    found.writing.append((time.process_time() - read) / max(1, len(written) - 1))
    found.device = max(found.device, memory.device_size if isinstance(memory, LongMemory) else memory.size)
    if looked[0]:
        found.recalled.extend(looked)


def _looked(memory: KVCache, record: range) -> list[bool]:
    """Of each layer whether the last token's look-up brought a block of ``record`` or of what stands ``BEHIND`` it, or
    had it in its window."""
    if not isinstance(memory, LongMemory) or not memory.start:
        return []
    reach = memory.reach
    if record.stop > memory.start or record.start < reach.initial:
        return [True] * memory.shape.layers
    blocks = {(place - reach.initial) // reach.block for place in range(record.start, record.stop + BEHIND)}
    return [not blocks.isdisjoint(layer[-1]) for layer in memory.recalled]


def measured(model: Any, reach: Reach, lengths: Sequence[int], questions: int) -> dict[tuple[str, int, str], Found]:
    plain = LeanNetwork(model, "plain")
    long = LongNetwork(model, "plain", reach, plain)
    window = reach.context
    results: dict[tuple[str, int, str], Found] = {}
    for task, make in TASKS.items():
        for length in (1, *lengths):
            rng = random.Random(f"{task} {length}")
            asked = [make(rng, window * length) for _ in range(questions)]
            for method, network, tail in (("none", plain, None), ("window", plain, window), ("recall", long, None)):
                found = results[task, length, method] = Found()
                for question in asked:
                    answered(network, question, tail, found)
                layers = [round(statistics.mean(layer), 2) for layer in zip(*found.recalled, strict=True)]
                print(task, length, method, statistics.mean(found.right), layers, file=sys.stderr, flush=True)
    return results


def small(folder: Path, lengths: Sequence[int], questions: int, as_json: bool, changes: dict[str, Any]) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    reach = replace(reach_for(passkey.WINDOW), **changes)
    results = measured(model, reach, lengths, questions)
    rows, metrics = [], dict[str, object]()
    for (task, length, method), found in results.items():
        layers = [statistics.mean(layer) for layer in zip(*found.recalled, strict=True)]
        right = statistics.mean(found.right)
        metrics[f"{task}_{length}W_{method}"] = right
        if layers:
            metrics[f"{task}_{length}W_looked_up"] = max(layers)
        metrics[f"{task}_{length}W_{method}_device_bytes"] = found.device
        rows.append(
            [
                task,
                f"{length} W",
                method,
                right,
                " ".join(f"{share:.2f}" for share in layers) or "-",
                f"{found.device / 1024:,.0f} KB",
                f"{1e3 * statistics.median(found.reading):.3f}",
                f"{1e3 * statistics.median(found.writing):.2f}",
            ]
        )
    title = f"W = {reach.context}: {reach}, {questions} questions"
    columns = ["task", "text", "method", "right", "found by layers", "device", "ms/token read", "ms/token written"]
    report(as_json, title, columns, rows, metrics)


ASKED = "The pass key is {key}. Remember it. {key} is the pass key."
CUE = "The pass key is"
"""The reply begins so."""
QUESTION = "What is the pass key mentioned in the text above? Answer with the number."


def local(
    data: Path, tokens: int, depths: Sequence[float], as_json: bool, full: int | None, changes: dict[str, Any]
) -> None:
    """The default local model, a number hidden at ``depths`` among ``tokens`` of Wikipedia, as SQuAD quotes it."""
    import torch

    from evidentia.serving import load_in_process
    from evidentia.settings import Settings

    settings = Settings(long_inputs=1 << 17)
    model = load_in_process(settings.model, settings)
    network = model.network
    assert isinstance(network, LongNetwork)
    plain = LeanNetwork(model.model, model.kind, network)
    reach = replace(reach_for(full or model.own_context), **changes)
    network = LongNetwork(model.model, model.kind, reach, network)
    body, rng = model.encode("\n\n".join(_paragraphs(data)))[:tokens], random.Random(0)
    before, after = _frame(model)
    rows, metrics = [], dict[str, object](tokens=tokens)
    for depth in depths:
        key = str(rng.randint(10_000, 99_999))
        at = int(depth * len(body))
        hidden = model.encode(f"\n{ASKED.format(key=key)}\n")
        prompt = [*before, *body[:at], *hidden, *body[at:], *after]
        last = [*before, *prompt[-(model.own_context - len(before) - 16) :]]
        for method, runs, asked in (("recall", network, prompt), ("window", plain, last), ("none", plain, prompt)):
            memory, start = runs.memory(), time.process_time()
            for first in range(0, len(asked), 512):
                logits = runs.forward(
                    [SequenceInput(memory, asked[first : first + 512])], [len(asked[first : first + 512]) - 1]
                )
            read, written = time.process_time(), [int(logits.logits[0].argmax())]
            while len(written) < 16 and written[-1] not in model.ends:
                written.append(int(runs.forward([SequenceInput(memory, written[-1:])]).logits[0].argmax()))
            wrote = (time.process_time() - read) / max(1, len(written) - 1)
            said = model.decode(written)
            device = memory.device_size if isinstance(memory, LongMemory) else memory.size
            metrics[f"depth_{depth}_{method}"] = key in said
            rows.append(
                [
                    depth,
                    method,
                    len(asked),
                    key,
                    said.strip(),
                    key in said,
                    f"{device / 2**20:,.0f} MB",
                    f"{1e3 * (read - start) / len(asked):.2f}",
                    f"{1e3 * wrote:.1f}",
                ]
            )
            print(*rows[-1], file=sys.stderr, flush=True)
    columns = ["depth", "method", "tokens", "key", "says", "right", "device", "ms/token read", "ms/token written"]
    report(as_json, f"{model.name}, {torch.get_num_threads()} threads: {network.reach}", columns, rows, metrics)


def _paragraphs(data: Path) -> list[str]:
    articles = json.loads(data.read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in articles[:20] for paragraph in article["paragraphs"]]


def _frame(model: Any) -> tuple[list[int], list[int]]:
    """The chat's tokens before and behind a text that a question follows."""
    mark = "TEXT"
    whole = model.tokenizer.apply_chat_template(
        [{"role": "user", "content": f"{mark}\n\n{QUESTION}"}], tokenize=False, add_generation_prompt=True
    )
    before, after = f"{whole}{CUE}".split(mark)
    encode = model.tokenizer.encode
    return encode(before, add_special_tokens=False), encode(after, add_special_tokens=False)


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--model", type=Path, help="folder that training/passkey.py wrote")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--lengths", type=int, nargs="*", default=LENGTHS)
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="fields of Reach to change")
    parser.add_argument("--local", action="store_true", help="hide a number in a long text for the local model")
    parser.add_argument("--data", type=Path, default=DATA / "squad" / "dev-1.1.rebuilt.json", help="text for --local")
    parser.add_argument("--tokens", type=int, default=14_000)
    parser.add_argument("--full", type=int, help="with --local: tokens up to which everything is seen")
    parser.add_argument("--depths", type=float, nargs="*", default=(0.1, 0.3, 0.5))
    asked = parser.parse_args()
    changes = {name: int(to) if to.isdigit() else to for name, to in (pair.split("=") for pair in asked.set)}
    if asked.local:
        local(asked.data, asked.tokens, asked.depths, asked.json, asked.full, changes)
    else:
        small(asked.model, asked.lengths, asked.questions, asked.json, changes)
