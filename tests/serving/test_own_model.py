"""A user's own model, which keeps the contract and knows nothing of ours, works wherever a local model does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from evidentia import Library, Settings
from evidentia.serving.base import (
    GREEDY,
    PLAIN_TEMPLATE,
    Adaptable,
    FunctionTool,
    Learning,
    LocalModel,
    Message,
    Sampling,
    Session,
    TemplateOptions,
    adapt,
    is_adapted,
    joins_sessions,
    shows_scores,
)
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.talk.text import is_served

TEXTS = {
    "birds.txt": "The emperor penguin eats fish. It swims in cold water. Its chicks wait on the ice.",
    "bread.txt": "Bread is baked in an oven. It is cooled on a rack. Some people eat it warm.",
}
QUESTION = "What does the emperor penguin eat?"
Open = Callable[[LocalModel], Library]


class OwnModel:
    """The contract of ``LocalModel`` and nothing besides, over somebody else's scores."""

    name, plans, context, tools, fingerprint = "own", False, 4096, None, "own-1"
    ends = ByteModel.ends

    def __init__(self) -> None:
        self._bytes = ByteModel()

    def stream(self, messages: Sequence[Message], sampling: Sampling = GREEDY) -> Iterator[str]:
        return self._bytes.stream(messages, sampling)

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode(self, tokens: Sequence[int]) -> str:
        return self._bytes.decode(tokens)

    def control(self, text: str) -> int | None:
        return None

    def chat_tokens(
        self,
        messages: Sequence[Message],
        tools: Sequence[FunctionTool] = (),
        template: TemplateOptions = PLAIN_TEMPLATE,
    ) -> list[int]:
        return self._bytes.chat_tokens(messages, tools, template)

    def start(self) -> Session:
        return self._bytes.start()

    def join(self, sessions: Sequence[Session]) -> Session:
        return self._bytes.join(sessions)

    def resume(self, path: Path) -> Session:
        return self._bytes.resume(path)


class TunedModel(OwnModel):
    """One with adapters of its own; ``taken`` are those that were asked for."""

    def __init__(self, adapter: str = "", taken: list[str] | None = None) -> None:
        super().__init__()
        self.adapter, self.taken = adapter, [] if taken is None else taken

    def adapters(self) -> Sequence[str]:
        return ("seal", "evidence")

    def with_adapter(self, task: str) -> LocalModel:
        self.taken.append(task)
        return TunedModel(task, self.taken)


@pytest.fixture
def open_with(tmp_path: Path) -> Iterator[Open]:
    opened: list[Library] = []

    def library(model: LocalModel) -> Library:
        source = tmp_path / "source"
        source.mkdir()
        for name, text in TEXTS.items():
            (source / name).write_text(text)
        opened.append(Library(tmp_path / "library", settings=Settings(embedder="hash"), model=model))
        opened[-1].add(source)
        return opened[-1]

    yield library
    for one in opened:
        one.close()


@pytest.mark.parametrize("retriever", ["seal", "cfic", "likelihood"])
def test_retrievers_read_with_it(open_with: Open, retriever: str) -> None:
    hits = open_with(OwnModel()).search(QUESTION, 2, retriever)
    assert hits
    assert not any("without a" in hit.why for hit in hits)


@pytest.mark.parametrize(("retriever", "task"), [("seal", "seal"), ("cfic", "evidence")])
def test_they_take_its_adapter_where_it_has_one(open_with: Open, retriever: str, task: str) -> None:
    model = TunedModel()
    assert open_with(model).search(QUESTION, 2, retriever)
    assert set(model.taken) == {task}


def test_what_it_can_do_is_asked_of_it_and_not_of_its_class() -> None:
    own, tuned = OwnModel(), TunedModel()
    assert shows_scores(own)
    assert joins_sessions(own)
    assert not is_served(own)
    assert not isinstance(own, Adaptable | Learning)
    assert adapt(own, "seal") is own
    assert adapt(tuned, "grounded") is tuned
    assert is_adapted(adapt(tuned, "seal"), "seal")


def test_what_is_learnt_is_forgotten_when_a_document_goes(open_with: Open) -> None:
    class LearningModel(OwnModel):
        forgotten = 0

        def remember(self, path: Path) -> None: ...

        def forget(self) -> None:
            self.forgotten += 1

    model: Any = LearningModel()
    library = open_with(model)
    source = library.store.folder.parent / "source"
    (source / "bread.txt").unlink()
    library.add(source)
    assert model.forgotten == 1
