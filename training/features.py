"""Replies of the local model with the output of its last layer at every token: what drafters are trained on.

``python training/features.py --data … --out runs/features --replies 400``. The prompts are paragraphs of SQuAD's train
split under several instructions; half of the replies are greedy, half are sampled. One safetensors file per reply, so a
stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import torch
from safetensors.torch import save_file

from evidentia import serving
from evidentia.agents import grounded
from evidentia.serving.base import Message, Sampling
from evidentia.serving.engine.engine import Engine, EngineReply
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.heap import keep_memory
from evidentia.settings import Settings
from evidentia.training.articles import squad
from evidentia.training.pass_recorder import Recorder
from evidentia.training.tasks import SQUAD

ASKED = (
    "Passage:\n{text}\n\nQuestion: {question}\n\nQuote the full sentence that contains the answer, then answer.",
    "Summarize in three sentences:\n{text}",
    "{question}\nUse this passage:\n{text}",
    "{question}",
    "Translate to German: {sentence}",
    "Explain to a pupil, step by step: {sentence}",
    "Write a short story that begins like this: {sentence}",
)
CHARS = 700
"""Of a paragraph that are shown."""
AT_ONCE = 16
log = logging.getLogger("training")


def prompts(model: Any, data: Path, seed: int, adapted: bool) -> Iterator[list[int]]:
    """Without end. ``adapted``: as the ``grounded`` adapter is asked."""
    rng, articles = Random(seed), squad(data / SQUAD)
    while True:
        paragraph = rng.choice(rng.choice(articles))
        if not paragraph.questions or not paragraph.sentences:
            continue
        start, end = rng.choice(paragraph.sentences)
        text, question = paragraph.text[:CHARS], rng.choice(paragraph.questions).text
        if adapted:
            yield model.chat_tokens(grounded.messages(question, [text]))
            continue
        asked = rng.choice(ASKED).format(text=text, question=question, sentence=paragraph.text[start:end])
        yield model.chat_tokens([Message("user", asked)])


def write(reply: EngineReply, recorder: Recorder, path: Path) -> int:
    """``tokens`` ``[n]``, ``hidden`` ``[m, width]`` of those from the first of ``places`` on, and ``places``: that and
    where the reply starts. Returns n."""
    written = [token for chunk in reply for token in chunk.tokens]
    tokens = [*reply.request.prompt, *written]
    places = torch.tensor([reply.usage.cached, len(reply.request.prompt)])
    hidden = torch.cat([step.hidden[0] for step in recorder.started[reply.request.prompt].steps])[
        : len(tokens) - reply.usage.cached
    ]
    part = path.with_suffix(".part")
    save_file({"tokens": torch.tensor(tokens), "hidden": hidden.contiguous(), "places": places}, part)
    part.replace(path)
    return len(tokens)


def main() -> None:
    options = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    keep_memory()
    options.out.mkdir(parents=True, exist_ok=True)
    model: Any = serving.load(options.model, Settings.from_env())
    asked = prompts(model, options.data, options.seed, options.adapter == "grounded")
    if options.adapter:
        from evidentia.serving.models.adapters import with_adapter

        model = with_adapter(model, options.adapter)
    recorder = Recorder([model.network.shape.layers])
    engine = Engine(model.network, model.ends, model.context, drafter=recorder)
    tokens = 0
    for first in range(0, options.replies, AT_ONCE):
        paths = [options.out / f"{number:05}.safetensors" for number in range(first, first + AT_ONCE)]
        todo = [(path, next(asked)) for path in paths]
        replies = [
            (
                path,
                engine.submit(EngineRequest(tuple(prompt), Sampling(options.longest, float(number % 2), seed=number))),
            )
            for number, (path, prompt) in enumerate(todo)
            if not path.exists()
        ]
        for path, reply in replies:
            tokens += write(reply, recorder, path)
        recorder.started.clear()
        log.info("%d replies, %d tokens", first + len(paths), tokens)
    engine.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds squad/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--replies", type=int, default=400)
    parser.add_argument("--longest", type=int, default=128, help="tokens of a reply")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--adapter", default="", help="record the model with this adapter")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
