"""Many clients at once for minutes: ``--streams`` streams against ``evidentia model serve``'s application in a process
of its own, through the official client's protocol (HTTP, server-sent events), each asking again as soon as it has its
answer. Printed: replies, errors, how evenly the streams were served, memory at the start and the end.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import httpx

from evidentia.evaluation.report import arguments, report


def resident(process: int) -> float:
    """Megabytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1e3
    return 0.0


def small_model(folder: Path) -> None:
    """A random Llama of two layers over bytes, with a chat template."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(
        models.BPE(vocab={"<s>": 0, "</s>": 1} | {one: at + 2 for at, one in enumerate(letters)}, merges=[])
    )
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", eos_token="</s>")
    tokenizer.chat_template = (
        "{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}</s>{% endfor %}<s>assistant\n"
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=128, intermediate_size=256, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        vocab_size=258, max_position_embeddings=2048, eos_token_id=1, bos_token_id=0,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def ask(url: str, model: str, number: int, turn: int) -> int:
    """Pieces of one streamed reply."""
    body = {
        "model": model, "stream": True, "max_tokens": 40, "temperature": 1.0, "seed": 1000 * number + turn,
        "messages": [{"role": "user", "content": f"Stream {number} asks for the {turn}th time."}],
    }  # fmt: skip
    pieces = 0
    with httpx.stream("POST", f"{url}/chat/completions", json=body, timeout=120) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                pieces += bool(json.loads(line[6:])["choices"])
    return pieces


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--streams", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--model", help="a model in the cache (default: a small random one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        name = options.model or folder
        if not options.model:
            small_model(Path(folder))
        words = [sys.executable, "-m", "evidentia", "model", "serve", "--model", name, "--port", str(port)]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            rows, metrics = soak(f"http://127.0.0.1:{port}", server.pid, options.streams, options.seconds)
        finally:
            server.terminate()
            server.wait()
    report(options.json, f"{options.streams} streams, {options.seconds} s", ("", "", "goal"), rows, metrics)


def soak(address: str, process: int, streams: int, seconds: int) -> tuple[list[list[object]], dict[str, object]]:
    for _ in range(600):
        try:
            model = httpx.get(f"{address}/v1/models").json()["data"][0]["id"]
            break
        except httpx.TransportError:
            time.sleep(0.1)
    counts, errors, slowest = [0] * streams, [], [0.0] * streams
    begin = time.perf_counter()

    def run(number: int) -> None:
        while time.perf_counter() - begin < seconds:
            start = time.perf_counter()
            try:
                ask(f"{address}/v1", model, number, counts[number])
            except (httpx.HTTPError, ValueError) as error:
                errors.append(repr(error))
            counts[number] += 1
            slowest[number] = max(slowest[number], time.perf_counter() - start)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(streams)]
    for thread in threads:
        thread.start()
    time.sleep(seconds * 0.3)
    early = resident(process)
    for thread in threads:
        thread.join()
    late = resident(process)
    rows: list[list[object]] = [
        ["replies", sum(counts), ""],
        ["errors", len(errors), "0"],
        [
            "replies of the stream with fewest, median, most",
            f"{min(counts)}, {median(counts):.0f}, {max(counts)}",
            "none starves",
        ],
        ["longest wait for a whole reply, s", max(slowest), ""],
        [
            "memory after a third of the time, at the end, MB",
            f"{early:.0f}, {late:.0f}",
            "within 5 %",
        ],
    ]
    metrics: dict[str, object] = {
        "replies": sum(counts), "errors": len(errors), "fewest": min(counts), "most": max(counts),
        "rss_early_mb": early, "rss_late_mb": late, "growth_percent": 100 * (late / early - 1),
        "first_errors": errors[:3],
    }  # fmt: skip
    return rows, metrics


if __name__ == "__main__":
    main()
