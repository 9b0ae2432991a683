"""The local model on this machine: loading, first token of a 500-token prompt, a 40-token answer, memory.

The rival is transformers' own ``generate()`` on the same weights, dtype and threads, in the same process, the two
taking turns. A second question about the same evidence is timed too: ours keeps the last session, theirs starts over.
Needs the default model (``evidentia model get``).
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from evidentia.evaluation.report import arguments, report
from evidentia.serving.base import Message, Sampling
from evidentia.settings import Settings

PROMPT, ANSWER = 500, 40


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    result = action()
    return time.perf_counter() - begin, result


def load() -> tuple[float, float, Any]:
    def imports() -> None:
        import torch  # noqa: F401
        from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM, PreTrainedTokenizerFast  # noqa: F401

    from evidentia.serving import load as load_model

    settings = Settings.from_env()
    import_seconds, _ = timed(imports)
    load_seconds, model = timed(lambda: load_model(settings.model, settings))
    return import_seconds, load_seconds, model


def question(model: Any, number: int, ask: str) -> list[Message]:
    """A chat whose prompt has ``PROMPT`` tokens; its evidence differs with ``number`` from the first words on."""
    evidence = ""
    for line in range(1, PROMPT):
        more = f"{evidence}Station {number}-{line} measured {line * 7 % 50} mm of rain and a wind from the west.\n"
        messages = [Message("user", f"{more}\n{ask}")]
        if len(model.chat_tokens(messages)) > PROMPT:
            break
        evidence = more
    return [Message("user", f"{evidence}\n{ask}")]


def ours(model: Any, messages: list[Message]) -> tuple[float, float]:
    begin = time.perf_counter()
    stream = model.stream(messages, Sampling(max_tokens=ANSWER))
    next(stream)
    first = time.perf_counter() - begin
    for _ in stream:
        pass
    return first, time.perf_counter() - begin


def theirs(model: Any, messages: list[Message]) -> tuple[float, float]:
    import torch

    def generate(count: int) -> Any:
        ids = torch.tensor([model.chat_tokens(messages)], device=model.model.device)
        mask = torch.ones_like(ids)
        return model.model.generate(ids, attention_mask=mask, max_new_tokens=count, do_sample=False)

    return timed(lambda: generate(1))[0], timed(lambda: generate(ANSWER))[0]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    import_seconds, load_seconds, model = load()
    resident = _peak_mb()
    runs: dict[str, list[tuple[float, float]]] = {"ours": [], "again": [], "theirs": []}
    ours(model, question(model, 0, "Warm up."))
    for number in range(1, options.repeat + 1):
        messages = question(model, number, "Explain at length what these measurements say.")
        runs["ours"].append(ours(model, messages))
        runs["again"].append(ours(model, question(model, number, "Describe in detail where it rained most.")))
        runs["theirs"].append(theirs(model, messages))
    first = {name: statistics.median(run[0] for run in taken) for name, taken in runs.items()}
    answer = {name: statistics.median(run[1] for run in taken) for name, taken in runs.items()}
    rows = [
        ["import torch and the classes of transformers, s", import_seconds, import_seconds, ""],
        ["load, digests checked, s", load_seconds, "", "1.0"],
        [f"first token, {PROMPT}-token prompt, s", first["ours"], first["theirs"], "1.5"],
        [f"{ANSWER}-token answer, s", answer["ours"], answer["theirs"], "4.0"],
        ["first token, same evidence again, s", first["again"], first["theirs"], ""],
        ["memory after loading, MB", resident, "", ""],
        ["peak memory, MB", _peak_mb(), "", "2500"],
    ]
    metrics = {
        "import_seconds": import_seconds, "load_seconds": load_seconds, "first_token_seconds": first["ours"],
        "answer_seconds": answer["ours"], "again_first_token_seconds": first["again"], "peak_mb": _peak_mb(),
        "generate_first_token_seconds": first["theirs"], "generate_answer_seconds": answer["theirs"],
        "first_token_ratio": first["theirs"] / first["ours"], "answer_ratio": answer["theirs"] / answer["ours"],
    }  # fmt: skip
    report(options.json, f"Local model: {model}", ("", "ours", "generate()", "target"), rows, metrics)


def _peak_mb() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    main()
