"""The steps of ``gpu.sh``: whether what is made for a GPU is really used there, each fact one JSON line.

``python benchmarks/gpu_checks.py missing | versions | model | all | guesses``. A check that fails says so in its line,
and the exit code is 1. Only ``missing`` and ``versions`` may run before the packages are there, so everything heavy is
imported where it is needed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import metadata, util
from typing import Any

LEAST = {"torch": (2, 11), "transformers": (5, 17)}
NEEDED = ("filelock", "numpy", "safetensors", "tokenizers")
TESTING = ("hypothesis", "pytest")
"""What the steps import beside ``LEAST``, and what one of them cannot do without; pip knows them by the same names."""
SHAPE = {
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "head_dim": 64,
    "vocab_size": 49152,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": True,
}
"""Of the packaged model, whose weights may not reach the machine."""
VECTORS, DIMENSION, QUESTIONS, NEAREST = 200_000, 384, 256, 10
Fact = dict[str, Any]


class Failed(Exception):
    """What should be used is not, or gives something else."""


def missing_packages(names: Sequence[str]) -> list[str]:
    return [name for name in names if util.find_spec(name) is None]


def faults(installed: Mapping[str, str | None]) -> list[str]:
    """What is wrong with the versions of ``LEAST`` that are installed."""
    found = []
    for name, least in LEAST.items():
        version, wanted = installed[name], ".".join(map(str, least))
        if version is None:
            found.append(f"{name} is not installed, {wanted} or later is needed")
        elif tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < least:
            found.append(f"{name} is {version}, {wanted} or later is needed")
    return found


def versions() -> Iterator[Fact]:
    installed = {name: _version(name) for name in (*LEAST, *NEEDED, *TESTING, "faiss")}
    wrong = faults(installed) + [f"{name} is not installed" for name in missing_packages(NEEDED)]
    if not wrong:
        import torch

        if torch.cuda.is_available():
            installed |= {"gpu": torch.cuda.get_device_name(), "cuda": torch.version.cuda}
        else:
            wrong.append("torch finds no GPU")
    yield installed
    if wrong:
        raise Failed("; ".join(wrong))


def random_model(dtype: str, device: str, shape: Mapping[str, Any] = SHAPE) -> Any:
    """A transformers model of a ``shape`` with random weights, the same ones every time."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    made = AutoModelForCausalLM.from_config(AutoConfig.for_model("llama", **shape), dtype=getattr(torch, dtype))
    return made.to(device).eval()


def lean_and_graphs(model: Any, network: Any = None) -> Iterator[Fact]:
    """The forward that is chosen for ``model`` is the lean one with graphs, they make nearly all passes of a reply that
    runs alone, and the reply is that of the plain forward. ``network`` stands in for the choice."""
    from evidentia.serving.base import Sampling
    from evidentia.serving.engine.engine import Engine
    from evidentia.serving.engine.request import EngineRequest
    from evidentia.serving.network.choose import network_for
    from evidentia.serving.network.cuda_graphs import GraphedNetwork
    from evidentia.serving.network.lean import LeanNetwork

    network = network or network_for(model, "plain")
    if not isinstance(network, LeanNetwork):
        raise Failed(f"the forward is {type(network).__name__}, not the lean one")
    if not isinstance(network, GraphedNetwork):
        raise Failed("the lean forward has no CUDA graphs")
    context = model.config.max_position_embeddings
    prompt, tokens = tuple(7919 * at % 200 + 3 for at in range(48)), 64

    def reply(on: LeanNetwork) -> tuple[list[int], float]:
        engine = Engine(on, frozenset(), context)
        start = time.perf_counter()
        said = [token for chunk in engine.submit(EngineRequest(prompt, Sampling(tokens))) for token in chunk.tokens]
        engine.close()
        return said, tokens / (time.perf_counter() - start)

    plain = LeanNetwork(model, "plain", network)
    expected, _ = reply(plain)
    reply(network)
    before = network.launched
    said, speed = reply(network)
    launched = network.launched - before
    _, plain_speed = reply(plain)
    dtype = str(model.dtype).removeprefix("torch.")
    yield {"dtype": dtype, "tokens": tokens, "launched": launched, "tokens_per_second": round(speed, 1),
           "tokens_per_second_plain": round(plain_speed, 1), "same": said == expected}  # fmt: skip
    if network.fixed is None:
        raise Failed("recordings turned out not to work; the log says why")
    if launched < tokens - 1:
        raise Failed(f"{launched} of {tokens} passes were graphs")
    if dtype != "bfloat16" and said != expected:  # in bf16 two scores are often the same, and either may be first
        raise Failed("the reply is not that of the plain forward")


def dense(vectors: int = VECTORS) -> Iterator[Fact]:
    """Where faiss offers a GPU, an exact index goes there and finds what it finds on the processor."""
    if util.find_spec("faiss") is None:
        yield {"left_out": "faiss is not installed"}
        return
    import faiss
    import numpy as np

    from evidentia.retrieval.dense import gpu

    if not gpu.gpus():
        yield {"left_out": "faiss is built for processors alone, or finds no GPU"}
        return
    random = np.random.default_rng(0)
    rows, asked = (random.normal(size=(count, DIMENSION)).astype(np.float32) for count in (vectors, QUESTIONS))
    for each in (rows, asked):
        faiss.normalize_L2(each)
    index = faiss.IndexIDMap(faiss.IndexFlatIP(DIMENSION))
    index.add_with_ids(rows, np.arange(vectors))
    there = gpu.on_gpu(index)
    if there is index:
        raise Failed("the index stayed on the processor; the log says why")
    there.search(asked, NEAREST)
    taken, found = zip(*(_timed(partial(one.search, asked, NEAREST)) for one in (there, index)), strict=True)
    same = float(
        np.mean([len(set(ours) & set(own)) / NEAREST for ours, own in zip(*(ids for _, ids in found), strict=True)])
    )
    yield {"vectors": vectors, "questions": QUESTIONS, "recall": round(same, 4), "ms": round(1e3 * taken[0], 2),
           "ms_processor": round(1e3 * taken[1], 2)}  # fmt: skip
    if same < 0.99:
        raise Failed("in float16 it finds something else")


def guesses() -> Iterator[Fact]:
    """What guesses bring on the model by kind of prompt, and that its own replies are made by graphs."""
    from evidentia.serving import bench, load_in_process
    from evidentia.serving.network.lean import is_lean
    from evidentia.settings import Settings

    settings = Settings.from_env()
    model = load_in_process(settings.model, settings)
    found = bench.bench(model, repeats=1)
    yield {"ratio": found.ratio(), "accepted_per_pass": found.accepted_per_pass()} | {
        kind: found.ratio(kind) for kind in found.kinds
    }
    yield {"launched": used_graphs(model.network, lean=is_lean(model.model))}


def used_graphs(network: Any, *, lean: bool) -> int:
    """Passes of ``network`` that were graphs. Raises ``Failed`` where a ``lean`` model made none."""
    launched = int(getattr(network, "launched", 0))
    if lean and not launched:
        raise Failed(f"the model's own replies were made by {type(network).__name__} without graphs")
    return launched


def model_is_here() -> bool:
    from evidentia.serving.models import hub
    from evidentia.settings import Settings

    settings = Settings.from_env()
    return hub.find(settings.model, settings.cache) is not None


def tell(checks: Mapping[str, Callable[[], Iterator[Fact]]]) -> bool:
    """Prints the facts of ``checks`` as JSON lines; whether all went well."""
    good = True
    for name, check in checks.items():
        facts: Fact = {}
        try:
            for fact in check():
                facts |= fact
            facts["ok"] = True
        except Exception as error:  # noqa: BLE001  (whatever a driver says, the other checks go on)
            good, facts["ok"] = False, False
            facts["error"] = str(error) if isinstance(error, Failed) else f"{type(error).__name__}: {error}"
        print(json.dumps({"check": name, **facts}), flush=True)
    return good


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["missing", "versions", "model", "all", "guesses"])
    what = parser.parse_args(arguments).what
    if what == "missing":
        print(*missing_packages((*NEEDED, *TESTING)))
        return 0
    if what == "model":
        return 0 if model_is_here() else 1
    if what == "versions":
        return 0 if tell({"versions": versions}) else 1
    if what == "guesses":
        return 0 if tell({"guesses": guesses}) else 1
    kinds = {f"graphs, {dtype}": lambda dtype=dtype: lean_and_graphs(random_model(dtype, "cuda")) for dtype in DTYPES}
    return 0 if tell({**kinds, "dense index": dense}) else 1


DTYPES = ("float32", "bfloat16")


def _version(name: str) -> str | None:
    for known in (name, f"{name}-gpu", f"{name}-cpu", f"{name}-gpu-cu12"):
        try:
            return metadata.version(known)
        except metadata.PackageNotFoundError:
            continue
    return None


def _timed(search: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = search()
    return time.perf_counter() - start, found


if __name__ == "__main__":
    sys.exit(main())
