"""lm-evaluation-harness: its two models of servers on two small tasks, with the model's tokenizer and without."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import lm_eval
from lm_eval.models.openai_completions import LocalChatCompletion, LocalCompletionsAPI
from lm_eval.tasks import TaskManager

from evidentia.benchmarks.client_talks.talk import ADDRESS, MODEL, case, run

FOLDER = os.environ.get("TALK_TOKENIZER", "")
"""Where the model's tokenizer is."""
WHERE: Any = {"model": MODEL, "num_concurrent": 1, "max_retries": 1, "tokenizer": FOLDER}
CAPITALS = [
    {"question": "The capital of France is", "choices": ["Paris", "Bern", "Rome"], "answer": 0},
    {"question": "The capital of Italy is", "choices": ["Paris", "Bern", "Rome"], "answer": 2},
]


def plain(**more: Any) -> Any:
    return LocalCompletionsAPI(**{"base_url": f"{ADDRESS}/completions", **WHERE, **more})


def chat(**more: Any) -> Any:
    given = {"base_url": f"{ADDRESS}/chat/completions", **WHERE, "tokenizer_backend": None, **more}
    return LocalChatCompletion(**given)


def evaluate(model: Any, task: dict[str, Any], **more: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "capitals.jsonl")
        file.write_text("".join(json.dumps(row) + "\n" for row in CAPITALS))
        whole = {
            "task": "capitals",
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": str(file)}},
            "test_split": "test",
            "doc_to_text": "{{question}}",
            **task,
        }
        found: Any = lm_eval.simple_evaluate(
            model, tasks=[whole], task_manager=TaskManager(), bootstrap_iters=0, cache_requests=False, **more
        )
    return dict(found["results"]["capitals"])


CHOICES = {
    "output_type": "multiple_choice",
    "doc_to_choice": "choices",
    "doc_to_target": "answer",
    "metric_list": [{"metric": "acc"}],
}
WORDS = {
    "output_type": "generate_until",
    "doc_to_target": "{{choices[answer]}}",
    "generation_kwargs": {"until": ["\n", "."], "max_gen_toks": 8, "do_sample": False, "temperature": 0.0},
    "metric_list": [{"metric": "exact_match"}],
}


@case("likelihoods of choices")
def _() -> None:
    assert evaluate(plain(), CHOICES)["acc,none"] == 1


@case("likelihoods in batches and side by side")
def _() -> None:
    assert evaluate(plain(batch_size=4, num_concurrent=2), CHOICES)["acc,none"] == 1


@case("likelihoods behind shots in the chat template")
def _() -> None:
    more: Any = {"num_fewshot": 1, "apply_chat_template": True, "fewshot_as_multiturn": True}
    shots = {**CHOICES, "fewshot_split": "test"}
    assert 0 <= evaluate(plain(), shots, **more)["acc,none"] <= 1


@case("likelihood of a text, rolling")
def _() -> None:
    task = {
        "output_type": "loglikelihood_rolling",
        "doc_to_text": "",
        "doc_to_target": "{{question}}",
        "metric_list": [{"metric": "word_perplexity"}],
    }
    assert evaluate(plain(), task)["word_perplexity,none"] > 1


@case("words until a stop string")
def _() -> None:
    assert 0 <= evaluate(plain(), WORDS)["exact_match,none"] <= 1


@case("words from text, without a tokenizer here")
def _() -> None:
    assert 0 <= evaluate(plain(tokenizer_backend=None, tokenized_requests=False), WORDS)["exact_match,none"] <= 1


@case("words in the chat template")
def _() -> None:
    assert 0 <= evaluate(chat(), WORDS, apply_chat_template=True)["exact_match,none"] <= 1


@case("words in the chat template, with shots and an instruction")
def _() -> None:
    more: Any = {"num_fewshot": 1, "apply_chat_template": True, "system_instruction": "Answer with one word."}
    shots = {**WORDS, "fewshot_split": "test"}
    assert 0 <= evaluate(chat(), shots, fewshot_as_multiturn=True, **more)["exact_match,none"] <= 1


if __name__ == "__main__":
    run(*sys.argv[1:])
