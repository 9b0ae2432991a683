"""Edges that people declare over the rows of a table: who won, who lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.errors import InputError, NotFoundError
from evidentia.retrieval.embedders.hash import HashEmbedder

TEAMS = "team_id,team_name\nT1,Norway\nT2,Italy\nT3,Chile\n"
MATCHES = """match_id,home_team_id,away_team_id,home_goals,away_goals
M1,T1,T2,2,1
M2,T2,T3,0,3
M3,T3,T1,1,1
M4,T1,T3,4,0
"""
WINNER = ("home_team_id if home_goals > away_goals", "away_team_id if away_goals > home_goals")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "teams.csv").write_text(TEAMS)
    (tmp_path / "data" / "matches.csv").write_text(MATCHES)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as opened:
        opened.add(tmp_path / "data")
        yield opened


def test_a_declared_edge_is_in_the_schema_the_graph_and_the_answers(library: Library):
    library.tables.derive("matches", "winner", WINNER)
    assert ("WINNER", "TEAM", "winner") in library.tables.schema("matches")[0].edges
    query = "MATCH (m:MATCH_ROW)-[:WINNER]->(t:TEAM) RETURN m.match_id, t.team_name"
    label = library.tables.schema("matches")[0].label
    rows = library.graph.query(query.replace("MATCH_ROW", f"`{label}`")).rows
    assert set(rows) == {("M1", "Norway"), ("M2", "Chile"), ("M4", "Norway")}
    answer = library.tables.ask("How many matches did Norway win?")
    assert (answer.short, answer.fit) == ("2", "sure")
    assert library.tables.ask("Which team won the most matches?").citations[0].evidence.rows[0][-2:] == ("Norway", 2)


def test_it_lives_through_an_edit_and_goes_when_it_is_taken_away(library: Library, tmp_path: Path):
    library.tables.derive("matches", "winner", WINNER)
    (tmp_path / "data" / "matches.csv").write_text(MATCHES + "M5,T2,T1,5,0\n")
    library.add(tmp_path / "data")
    assert library.tables.ask("How many matches did Italy win?").short == "1"
    library.tables.derive("matches", "winner")
    assert library.tables.derived_edges == []
    assert "WINNER" not in {kind for kind, *_ in library.tables.schema("matches")[0].edges}


@pytest.mark.parametrize(
    ("table", "case", "said"),
    [
        ("games", "home_team_id if home_goals > 1", "no such table"),
        ("matches", "home_goals if home_goals > 1", "no foreign key"),
        ("matches", "home_team_id if score > 1", "no test"),
        ("matches", "home_team_id if home_goals > 1; drop", "no test"),
        ("matches", "home_team_id when home_goals > 1", "no case"),
    ],
)
def test_what_cannot_be_declared_is_told(library: Library, table: str, case: str, said: str):
    with pytest.raises(InputError, match=said):
        library.tables.derive(table, "winner", (case,))
    with pytest.raises(NotFoundError):
        library.tables.derive(table, "loser")
