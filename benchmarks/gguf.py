"""The engine against llama.cpp on the same cores: the GGUF that our model comes from, and its best requantisation.

A retrieval answer (a 500 to 750-token prompt, 40 to 75 tokens out) end to end, and decoding alone, both on prompts that
ask for a quote. llama.cpp runs as llama-cpp-python with its defaults, without guesses and with its own n-gram drafts
(``LlamaPromptLookupDecoding`` of two tokens, its advice for a CPU, and of ten, its default), the same number of
threads, its cache reset before every prompt; ours starts every prompt without a cached prefix too. They take turns,
one rival at a time; figures are medians of the ratios of pairs.

Needs ``pip install llama-cpp-python`` (built from source where there is no wheel) and the packaged model's GGUF file.
Requantised files are made with llama.cpp's own ``llama_model_quantize`` in ``--cache``.
"""

from __future__ import annotations

import ctypes
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from evidentia.evaluation.data import DATA
from evidentia.evaluation.prompts import QUOTE
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, read_articles
from evidentia.serving import load_in_process
from evidentia.serving.base import Message, Sampling
from evidentia.serving.engine.request import EngineRequest
from evidentia.settings import Settings

Run = tuple[float, float, int]
"""Seconds end to end, seconds from the first token to the last, tokens in those."""
GOALS = {"answer over the same GGUF": 1.4, "answer over its best": 1.0, "decoding a quote over its best": 0.9}


def retrieval_prompts(data: Path, model: Any, count: int, low: int = 500, high: int = 750) -> list[list[int]]:
    """A question with paragraphs of its article around the one that answers it, as many as fill the prompt."""
    mixed = read_articles(data / "squad" / DEV)
    random.Random(8).shuffle(mixed)
    found: list[list[int]] = []
    for article in mixed * 4:
        paragraphs = article["paragraphs"]
        at = random.Random(len(found)).randrange(len(paragraphs))
        evidence = [paragraphs[at]["context"]]
        question = paragraphs[at]["qas"][len(found) % len(paragraphs[at]["qas"])]["question"]
        for other in paragraphs:
            text = "\n\n".join(evidence)
            prompt = model.chat_tokens([Message("user", f"Passage:\n{text}\n\nQuestion: {question}\n\n{QUOTE}")])
            if len(prompt) >= low:
                break
            evidence.append(other["context"])
        if low <= len(prompt) <= high:
            found.append(prompt)
        if len(found) == count:
            break
    return found


def requantised(source: Path, cache: Path, name: str) -> Path:
    """``source`` as Q4_0 or Q8_0, made once."""
    import llama_cpp.llama_cpp as low

    made = cache / f"{source.stem}.{name}.gguf"
    if not made.exists():
        cache.mkdir(parents=True, exist_ok=True)
        how = low.llama_model_quantize_default_params()
        how.ftype = {"Q4_0": low.LLAMA_FTYPE_MOSTLY_Q4_0, "Q8_0": low.LLAMA_FTYPE_MOSTLY_Q8_0}[name]
        how.allow_requantize = True
        if low.llama_model_quantize(str(source).encode(), str(made).encode(), ctypes.byref(how)):
            raise SystemExit(f"llama.cpp could not write {made}")
    return made


def llama(path: Path, threads: int, drafts: int) -> Any:
    """llama.cpp with its own n-gram drafts of so many tokens; 0 for none."""
    import llama_cpp
    from llama_cpp.llama_speculative import LlamaPromptLookupDecoding

    return llama_cpp.Llama(
        str(path),
        n_ctx=2048,
        n_threads=threads,
        n_threads_batch=threads,
        draft_model=LlamaPromptLookupDecoding(num_pred_tokens=drafts) if drafts else None,
        logits_all=bool(drafts),
        verbose=False,
    )


def theirs(llama: Any, prompt: Sequence[int], tokens: int) -> Run:
    llama.reset()
    start, first, count = time.perf_counter(), 0.0, 0
    for _ in llama.generate(list(prompt), temp=0.0, reset=True):
        count += 1
        first = first or time.perf_counter()
        if count == tokens:
            break
    end = time.perf_counter()
    return end - start, end - first, count - 1


def ours(model: Any, prompt: Sequence[int], tokens: int) -> Run:
    model.engine.prefixes.shrink(0)
    start, first, count, head = time.perf_counter(), 0.0, 0, 0
    for chunk in model.engine.submit(EngineRequest(tuple(prompt), Sampling(max_tokens=tokens), ignore_ends=True)):
        if not first:
            first, head = time.perf_counter(), len(chunk.tokens)
        count += len(chunk.tokens)
    end = time.perf_counter()
    return end - start, end - first, count - head


def turns(model: Any, rival: Any, asked: Sequence[Sequence[int]], tokens: int) -> list[tuple[Run, Run]]:
    """Ours and the rival on every prompt, each first in turn. No other rival is in memory, whose threads and scores of
    whole prompts would be in the way, and ``model`` has not seen the prompts: it guesses from its own replies."""
    for prompt in asked[-2:]:
        ours(model, prompt[:256], 16)
        theirs(rival, prompt[:256], 16)
    pairs = []
    for number, prompt in enumerate(asked):
        if number % 2:
            its, mine = theirs(rival, prompt, tokens), ours(model, prompt, tokens)
        else:
            mine, its = ours(model, prompt, tokens), theirs(rival, prompt, tokens)
        pairs.append((mine, its))
    return pairs


def decode(run: Run) -> float:
    """Seconds a token after the first."""
    return run[1] / max(1, run[2])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--gguf", type=Path, required=True, help="SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--cache", type=Path, default=Settings.from_env().cache / "llama_cpp")
    parser.add_argument("--prompts", type=int, default=12)
    parser.add_argument("--tokens", type=int, default=60)
    parser.add_argument("--drafts", type=int, nargs="+", default=[0, 2, 10], help="tokens llama.cpp guesses; 0: none")
    parser.add_argument("--files", nargs="+", default=["Q4_0", "Q8_0"], help="requantised beside the file as it is")
    options = parser.parse_args()
    import torch

    settings = Settings.from_env()
    model = load_in_process(settings.model, settings)
    files = {"Q4_1 (as packaged)": options.gguf}
    files |= {name: requantised(options.gguf, options.cache, name) for name in options.files}
    threads = torch.get_num_threads()
    rivals = [(name, path, drafts) for name, path in files.items() for drafts in options.drafts]
    asked = retrieval_prompts(options.data, model, options.prompts)
    model.close()
    every: list[Run] = []
    rows: list[list[object]] = []
    for name, path, drafts in rivals:
        fresh = load_in_process(settings.model, settings)
        pairs = turns(fresh, llama(path, threads, drafts), asked, options.tokens)
        fresh.close()
        every += [mine for mine, _ in pairs]
        rows.append([
            f"{name}, drafts of {drafts}" if drafts else name,
            median(its[0] for _, its in pairs), median(1 / decode(its) for _, its in pairs),
            median(its[0] / mine[0] for mine, its in pairs), median(decode(its) / decode(mine) for mine, its in pairs),
        ])  # fmt: skip
        print(*rows[-1], file=sys.stderr, flush=True)
    rows.insert(0, ["ours", median(mine[0] for mine in every), median(1 / decode(mine) for mine in every), 1.0, 1.0])
    columns = ("", "answer, s", "tokens/s", "ours so many times faster: answer", "decoding")
    metrics = {
        "answer_over_same_gguf": rows[1][3], "answer_over_best": min(row[3] for row in rows[1:]),  # type: ignore[type-var]
        "decoding_over_best": min(row[4] for row in rows[1:]), "goals": GOALS,  # type: ignore[type-var]
    }  # fmt: skip
    lengths = sorted(map(len, asked))
    title = f"{len(asked)} retrieval prompts of {lengths[0]} to {lengths[-1]} tokens, {options.tokens} tokens out"
    report(options.json, title, columns, rows, metrics)


if __name__ == "__main__":
    main()
