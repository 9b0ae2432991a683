from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from evidentia import Library
from evidentia.agents.reports.markdown import to_markdown
from evidentia.agents.tools.library import TOOLS, run
from evidentia.app.server import create_app
from evidentia.cli.main import app
from evidentia.errors import InputError, NotFoundError
from evidentia.retrieval.embedders.hash import HashEmbedder

TEXTS = {
    "q1.md": "# First call\n\nSatya Nadella is the chief executive officer of Microsoft. Microsoft acquired LinkedIn. "
    "Azure is a cloud platform. The revenue of Azure grew with the gross margin.\n",
    "q2.md": "# Second call\n\nAmy Hood spoke about Azure and LinkedIn. LinkedIn hired Jeff Weiner. "
    "The gross margin of Azure improved, and the revenue too.\n",
    "q3.md": "# Third call\n\nYahoo is an internet company. Jeff Weiner worked for Yahoo. "
    "The gross margin of Yahoo fell with its revenue.\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("knowledge")
    source = folder / "calls"
    source.mkdir()
    for name, text in TEXTS.items():
        (source / name).write_text(text)
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(source)
        yield opened


@pytest.mark.parametrize(
    ("question", "verb"),
    [
        ("What are the main themes of these calls?", "themes"),
        ("How are Azure and Jeff Weiner related?", "path"),
        ("Compare Azure and LinkedIn", "compare"),
        ("Which companies are mentioned?", "mentioned"),
    ],
)
def test_an_answer_of_the_graph_is_made_of_checked_quotes_and_shows_its_part_of_the_graph(library, question, verb):
    answer = library.ask(question)
    assert answer.status == "quoted"
    assert answer.metadata["verb"] == verb
    assert answer.citations
    assert all(one.verified for one in answer.citations)
    assert answer.metadata["graph"]["nodes"]
    assert "knowledge" in [step.name for step in answer.trace]
    assert not library.verify(to_markdown(answer)).failures
    json.dumps(answer.to_dict())


def test_a_question_that_the_graph_cannot_answer_is_searched_for(library):
    answer = library.ask("How are Zanzibar and LinkedIn related?")
    assert "Zanzibar is not mentioned: searched the text" in [step.detail for step in answer.trace]
    assert {"fused"} & {step.name for step in answer.trace}


def test_a_plain_question_never_reaches_the_graph(library):
    assert "knowledge" not in [step.name for step in library.ask("Who is the chief executive officer?").trace]


def test_a_scope_is_searched_and_not_asked_of_the_graph(library):
    answer = library.ask("What are the main themes of these calls?", where="q1.md")
    assert "knowledge" not in [step.name for step in answer.trace]


def test_the_sdk_refuses_what_it_does_not_know(library):
    with pytest.raises(NotFoundError, match="has this name"):
        library.knowledge.verb("dance")
    with pytest.raises(NotFoundError, match="LinkedIn"):
        library.knowledge.verb("entity", "LinkedIn Learning")
    with pytest.raises(InputError):
        library.knowledge.verb("entity", "")


def test_the_command_line_has_every_verb(library):
    folder = str(library.store.folder)
    done = CliRunner().invoke(app, ["kg", "path", "Azure", "Jeff Weiner", "--library", folder])
    assert done.exit_code == 0, done.output
    assert "LinkedIn hired Jeff Weiner. [" in done.output
    shown = CliRunner().invoke(app, ["kg", "entity", "Azure", "--json", "--library", folder])
    assert json.loads(shown.output)["citations"][0]["verified"]


def test_http_has_every_verb(library):
    client = TestClient(create_app(library), base_url="http://127.0.0.1")
    reply = client.get("/api/knowledge/compare", params={"start": "Azure", "end": "LinkedIn"})
    assert reply.status_code == 200
    assert reply.json()["metadata"]["graph"]["edges"]
    assert client.get("/api/knowledge/entity", params={"name": "Zanzibar"}).status_code == 404
    assert client.get("/api/knowledge/dance").status_code == 404


def test_a_model_gets_quotes_as_evidence(library):
    found = run(TOOLS["kg-themes"], library, {})
    assert found.evidence
    assert any(line.startswith("1. ") for line in found.lines)
