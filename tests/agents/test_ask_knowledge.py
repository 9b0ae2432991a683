from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from evidentia import Library, Settings
from evidentia.agents.reports.markdown import to_markdown
from evidentia.agents.tools.library import TOOLS, run
from evidentia.app.server import create_app
from evidentia.cli.main import app
from evidentia.errors import InputError, NotFoundError
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ScriptedModel

TEXTS = {
    "q1.md": "# First call\n\nDate: March 3, 2021\n\nSatya Nadella is the chief executive officer of Microsoft. Microsoft acquired LinkedIn. "
    "Azure is a cloud platform. The revenue of Azure grew with the gross margin.\n",
    "q2.md": "# Second call\n\nDate: June 4, 2021\n\nAmy Hood spoke about Azure and LinkedIn. LinkedIn hired Jeff Weiner. "
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
        ("Which documents mention LinkedIn?", "documents"),
        ("What do these calls say about the gross margin?", "global"),
        ("What is said about Jeff Weiner?", "local"),
        ("How are these documents organised?", "outline"),
        ("How has the gross margin changed over the years?", "time"),
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


def test_the_trace_names_the_way_that_was_taken(library):
    steps = {step.name: step.detail for step in library.ask("What do these calls say about the gross margin?").trace}
    assert steps["route"] == "global: asks what the whole says about the gross margin"
    assert "documents" in steps["knowledge"]


def test_an_answer_about_the_whole_says_what_it_rests_on_and_quotes_several_documents_without_repeating(library):
    answer = library.knowledge.verb("global", "the gross margin of Azure and Yahoo")
    assert len({one.evidence.name for one in answer.citations}) > 1
    assert len({one.quote for one in answer.citations}) == len(answer.citations)
    rests = answer.metadata["rests_on"]
    assert (rests["documents_of"], rests["sentences"]) == (3, len(answer.citations))
    assert "of 3 documents" in answer.reasons[0]


def test_a_count_of_documents_says_over_how_many_it_is_complete(library):
    answer = library.knowledge.verb("documents", "Azure")
    assert answer.text.startswith("2 documents name Azure, 4 times in all; complete over 3 documents:")
    assert answer.short == "2"


def test_claims_come_in_the_order_of_their_dates_and_stay_within_them(library):
    answer = library.knowledge.verb("time", "gross margin")
    days = [line.partition(":")[0] for line in answer.text.splitlines()]
    assert days == sorted(days)
    assert {"2021-03-03", "2021-06-04"} == set(days)
    assert "no date" in answer.reasons[1]
    later = library.knowledge.verb("time", "gross margin", since="May 2021")
    assert [line.partition(":")[0] for line in later.text.splitlines()] == ["2021-06-04"]
    with pytest.raises(NotFoundError, match="no date"):
        library.knowledge.verb("time", "gross margin", since="soon")


def test_an_outline_quotes_how_each_section_begins(library):
    answer = library.knowledge.verb("outline", "q3")
    assert "Third call: Yahoo is an internet company." in answer.text
    with pytest.raises(NotFoundError, match="name or title"):
        library.knowledge.verb("outline", "q9")


def test_what_is_said_about_a_name_shows_what_it_is_tied_to(library):
    answer = library.knowledge.verb("local", "Jeff Weiner")
    ends = {end for edge in answer.metadata["graph"]["edges"] for end in (edge["source"], edge["target"])}
    assert {"Jeff Weiner", "LinkedIn", "Yahoo"} <= ends
    assert all("Weiner" in one.quote for one in answer.citations)


def test_a_model_writes_points_of_the_quotes_and_each_is_checked(library):
    told = "The gross margin of Azure improved, and the revenue too. The moon is made of cheese."
    model = ScriptedModel(lambda messages: told)
    with Library(library.store.folder, embedder=HashEmbedder(), model=model) as opened:
        answer = opened.ask("What do these calls say about the gross margin?", write=True)
    assert answer.status == "written"
    assert [sentence.supported for sentence in answer.sentences] == [True, False]
    assert "cheese" not in answer.text
    assert answer.citations[0].quote == "The gross margin of Azure improved, and the revenue too."
    numbers = {edge["citation"] for edge in answer.metadata["graph"]["edges"]}
    assert numbers <= {0, 1}
    assert "map" in [step.name for step in answer.trace]


def test_points_of_a_model_that_plans_are_put_together_and_a_spent_budget_is_told(library):
    replies = iter(["The gross margin of Yahoo fell with its revenue.", "Nothing."])
    model = ScriptedModel(replies, plans=True)
    settings = Settings(embedder="hash", plan_steps=1)
    with Library(library.store.folder, settings=settings, model=model) as opened:
        answer = opened.ask("What are the main themes of these calls?", write=True)
    assert len(model.asked) == 1
    assert answer.status == "written"
