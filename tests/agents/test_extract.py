"""What a language model reads out of documents: planned first, within a budget, document by document, forgotten with
its text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evidentia import Library
from evidentia.agents.extract import ExtractionBudget, TokenPrices, extract
from evidentia.cli.main import app
from evidentia.corpus.quotes import quote_holds
from evidentia.graphs.knowledge.card import card
from evidentia.graphs.knowledge.linking import find_entity
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.base import Message
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

BOATS = "# Boats\n\nAnna Berg leads Nordic Steel since 2019. Nordic Steel sells boats to Otto Lind.\n"
ISLAND = "# Island\n\nOtto Lind lives on the island of Hven. He was born in Lund.\n"


def reply(*, entities: Sequence[Any] = (), relations: Sequence[Any] = (), claims: Sequence[Any] = ()) -> str:
    return json.dumps({"entities": [*entities], "relations": [*relations], "claims": [*claims]})


def say(messages: Sequence[Message]) -> str:
    text = messages[1].content
    if "Nordic Steel" in text:
        return reply(
            entities=[
                {"name": "Anna Berg", "type": "Person", "description": "She leads Nordic Steel."},
                {"name": "Zebulon Quark", "type": "Person", "description": "Nobody wrote of him."},
            ],
            relations=[
                {"source": "Anna Berg", "type": "leads", "target": "Nordic Steel", "description": "She is its head."}
            ],
            claims=[{"subject": "Nordic Steel", "claim": "It sells boats.", "date": "2019"}],
        )
    return reply(
        relations=[{"source": "Otto Lind", "type": "lives on", "target": "Hven", "description": "It is his home."}]
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    source = tmp_path / "texts"
    source.mkdir()
    (source / "boats.md").write_text(BOATS)
    (source / "island.md").write_text(ISLAND)
    with Library(tmp_path / "library", embedder=HashEmbedder(), model=ScriptedModel(say)) as opened:
        opened.add(source)
        yield opened


ENOUGH = ExtractionBudget(1_000_000)


def said_of(library: Library, name: str) -> dict[str, Any]:
    graph, quotes = library.knowledge.graph(), library.knowledge.quotes()
    entity = find_entity(graph, name)
    return {one.description: one for one in card(quotes, entity).said} if entity is not None else {}


def test_a_plan_calls_nothing_and_tells_calls_tokens_minutes_and_money(library):
    plan = library.plan_extraction(TokenPrices(1.0, 2.0))
    assert (plan.documents, plan.calls) == (2, 2)
    assert plan.read > 0 < plan.written
    assert plan.minutes > 0
    assert plan.money == pytest.approx((plan.read + 2 * plan.written) / 1e6)
    assert not library.model().asked


def test_what_a_model_says_has_its_type_and_the_sentence_of_its_text(library):
    report = library.extract(ENOUGH)
    assert (report.documents, report.calls, report.ended, report.left) == (2, 2, "done", 0)
    head = said_of(library, "Anna Berg")["She is its head."]
    assert head.kind == "leads"
    assert head.evidence is not None
    assert head.evidence.quote == "Anna Berg leads Nordic Steel since 2019."
    assert quote_holds(library.store, head.evidence)
    assert "2019: It sells boats." in said_of(library, "Nordic Steel")


def test_a_name_that_the_text_does_not_have_is_left_out(library):
    library.extract(ENOUGH)
    assert find_entity(library.knowledge.graph(), "Zebulon Quark") is None


def test_a_second_run_calls_nothing_and_an_edited_document_is_read_again(library, tmp_path):
    library.extract(ENOUGH)
    assert library.extract(ENOUGH).calls == 0
    (tmp_path / "texts" / "island.md").write_text(ISLAND + "\nHe rows.\n")
    library.add(tmp_path / "texts")
    assert not said_of(library, "Otto Lind")
    assert library.extract(ENOUGH).calls == 1
    assert "It is his home." in said_of(library, "Otto Lind")


def test_what_was_extracted_goes_with_its_document_and_can_be_taken_back(library, tmp_path):
    before = library.knowledge.graph().phrases
    library.extract(ENOUGH)
    assert library.knowledge.forget_readings() == 2
    assert library.knowledge.graph().phrases == before
    library.extract(ENOUGH)
    library.remove(tmp_path / "texts" / "boats.md")
    connection = library.store.connection
    assert connection.execute("SELECT count(*) FROM extracted_documents").fetchone() == (1,)
    assert connection.execute("SELECT DISTINCT target FROM extracted_relations").fetchall() == [("hven",)]


def test_a_budget_is_never_exceeded_and_the_rest_is_left_for_the_next_run(library):
    plan = library.plan_extraction()
    assert plan.enough >= plan.read + plan.written
    one = extract(library.knowledge, library.model(), ExtractionBudget(plan.read // 2 + 1_000))
    assert (one.ended, one.documents, one.left) == ("budget", 1, 1)
    assert one.read + one.written <= plan.read // 2 + 1_000
    rest = library.extract(ENOUGH)
    assert (rest.ended, rest.documents, rest.left) == ("done", 1, 0)


def test_money_is_a_budget_too(library):
    report = library.extract(ExtractionBudget(1_000_000, 0.0, TokenPrices(1.0, 1.0)))
    assert (report.ended, report.calls, report.money) == ("budget", 0, 0.0)


def test_a_broken_reply_is_told_what_was_wrong_and_may_be_mended(library):
    turns = iter(['{"entities": [', say([Message("system", ""), Message("user", "Nordic Steel")]), reply()])
    model = ScriptedModel(turns)
    report = extract(library.knowledge, model, ENOUGH)
    assert (report.calls, report.broken) == (3, ())
    told = model.asked[1][-1]
    assert (told.role, "not what was asked for" in told.content) == ("user", True)


def test_a_model_that_stays_broken_leaves_out_the_piece_and_says_so(library):
    report = extract(library.knowledge, ScriptedModel(lambda messages: "Sure! Here is the list."), ENOUGH)
    assert report.documents == 2
    assert len(report.broken) == 2
    assert report.broken[0].startswith("texts/boats.md: the model's reply is not JSON of the schema")


def test_a_run_that_is_cut_off_keeps_the_documents_that_were_done(library):
    replies = iter([reply()])
    with pytest.raises(Exception, match="no more replies"):
        extract(library.knowledge, ScriptedModel(replies), ENOUGH)
    assert len(library.knowledge.unread()) == 1


def test_a_model_in_this_process_is_held_to_the_schema(library):
    report = extract(library.knowledge, ByteModel(context=20_000, replies=[reply(), reply()]), ENOUGH)
    assert (report.documents, report.broken) == (2, ())


def test_the_command_line_shows_the_plan_and_runs_within_the_budget(library):
    folder = str(library.store.folder)
    shown = CliRunner().invoke(app, ["kg", "extract", "--library", folder])
    assert shown.exit_code == 0, shown.output
    assert "nothing was called" in shown.output
    plan = json.loads(CliRunner().invoke(app, ["kg", "extract", "--json", "--library", folder]).output)
    assert plan["calls"] == 2
