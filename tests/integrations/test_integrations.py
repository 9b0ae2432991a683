"""A library in other frameworks' terms, notebooks and networkx."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.app.openai.answers import with_sources
from evidentia.errors import MissingExtra
from evidentia.retrieval.embedders.hash import HashEmbedder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "pump.md").write_text("# Pump\n\nThe pump is checked every 14 days. Its <b>hose</b> is blue.\n")
    (folder / "code.py").write_text("def inner():\n    return 1\n\n\ndef outer():\n    return inner()\n")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as made:
        made.add(folder)
        yield made


def test_langchain_retrieves_passages_with_their_places(library: Library) -> None:
    found = library.as_retriever(k=3).invoke("How often is the pump checked?")
    assert "every 14 days" in found[0].page_content
    assert found[0].metadata["source"].endswith("pump.md")
    assert found[0].metadata["line"] >= 1


def test_langchain_tools_ask_and_search(library: Library) -> None:
    ask, search = library.as_tools()
    assert "14 days" in ask.invoke({"question": "How often is the pump checked?"})
    assert "pump.md" in search.invoke({"question": "pump", "k": 2})
    assert set(search.args) == {"question", "k"}


def test_llamaindex_retrieves_passages(library: Library) -> None:
    found = library.as_llamaindex_retriever(k=3).retrieve("How often is the pump checked?")
    assert "every 14 days" in found[0].node.get_content()


def test_a_framework_that_is_absent_names_its_extra(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "evidentia.integrations.llamaindex", raising=False)
    monkeypatch.setitem(sys.modules, "llama_index.core.retrievers", None)
    with pytest.raises(MissingExtra, match="llamaindex"):
        library.as_llamaindex_retriever()


def test_a_question_can_be_awaited(library: Library) -> None:
    assert "14 days" in asyncio.run(library.aask("How often is the pump checked?")).text


def test_a_notebook_shows_the_answer_with_its_sources_and_nothing_of_a_document_as_html(library: Library) -> None:
    answer = library.ask("What colour is the hose of the pump?")
    assert "pump.md" in answer._repr_markdown_()
    shown = answer._repr_html_()
    assert "pump.md" in shown
    assert "<b>hose" not in shown


def test_networkx_gets_the_code_graph(library: Library) -> None:
    graph = library.graph.to_networkx()
    outer, inner = (next(name for name in graph if name.endswith(end)) for end in ("outer", "inner"))
    assert graph.nodes[inner]["line"] == 1
    assert any(kind == "CALLS" for kind in graph[outer][inner])


def test_the_few_words_that_answer_stand_above_the_text(library: Library) -> None:
    answer = library.ask("How often is the pump checked?")
    assert answer.short
    assert answer.full_text == f"{answer.short}\n\n{answer.text}"
    assert answer._repr_markdown_().startswith(f"**{answer.short}**\n\n{answer.text}")
    assert answer._repr_html_().index(answer.short) < answer._repr_html_().index("The pump is checked")
    assert library.as_tools()[0].invoke({"question": answer.question}).startswith(answer.full_text)
    text, marks = with_sources(answer)
    assert text.startswith(answer.full_text)
    assert {text[mark["start_index"] : mark["end_index"]] for mark in marks} == {"[1]"}
