"""Small tables of the Fjelstul World Cup database (jfjelstul/worldcup, CC BY-SA 4.0), each told in sentences: what a
model is to turn back into the table."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

FEWEST, MOST = 3, 5
"""Rows of a table."""
_NOTHING = ("", "not applicable", "not available")

Record = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToldTable:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text: str
    """Says every cell."""


@dataclass(frozen=True, slots=True)
class TableKind:
    file: str
    columns: Mapping[str, str]
    """The field of the file by the name of the column."""
    same: tuple[str, ...]
    """Fields that all rows of a table have in common."""
    title: str
    sentence: str
    """For each row; in braces the fields of the file."""


KINDS = (
    TableKind(
        "group_standings",
        {"Team": "team_name", "Wins": "wins", "Draws": "draws", "Losses": "losses", "Points": "points"},
        ("tournament_name", "stage_name", "group_name"),
        "This is how {group_name} of the {tournament_name} ended.",
        "{team_name} won {wins}, drew {draws} and lost {losses} of its matches, which made {points} points.",
    ),
    TableKind(
        "stadiums",
        {"Stadium": "stadium_name", "City": "city_name", "Capacity": "stadium_capacity"},
        ("country_name",),
        "Several stadiums in {country_name} have seen matches of the World Cup.",
        "{stadium_name} in {city_name} holds {stadium_capacity} spectators.",
    ),
    TableKind(
        "tournaments",
        {"Year": "year", "Host": "host_country", "Winner": "winner", "Teams": "count_teams"},
        (),
        "The World Cup has been played in many countries.",
        "In {year} it was held in {host_country} with {count_teams} teams, and {winner} won it.",
    ),
    TableKind(
        "matches",
        {"Date": "match_date", "Home": "home_team_name", "Away": "away_team_name", "Score": "score"},
        ("tournament_name", "stage_name", "group_name"),
        "These are matches of {group_name} at the {tournament_name}.",
        "On {match_date}, {home_team_name} received {away_team_name}, and it ended {score}.",
    ),
    TableKind(
        "award_winners",
        {"Award": "award_name", "Player": "family_name", "Team": "team_name"},
        ("tournament_name",),
        "After the {tournament_name} players were honoured.",
        "The {award_name} went to {family_name}, who played for {team_name}.",
    ),
    TableKind(
        "referees",
        {"Family name": "family_name", "Given name": "given_name", "Country": "country_name"},
        ("confederation_name",),
        "The {confederation_name} sent referees.",
        "{given_name} {family_name} came from {country_name}.",
    ),
)


def told_tables(folder: Path, count: int, seed: int = 0) -> list[ToldTable]:
    """``count`` tables of the CSV files in ``folder``, the kinds in turn, the same for the same ``seed``."""
    random = Random(seed)
    groups = {kind.file: _groups(folder, kind) for kind in KINDS}
    return [_draw(random, kind, groups[kind.file]) for number in range(count) for kind in [KINDS[number % len(KINDS)]]]


def _groups(folder: Path, kind: TableKind) -> list[list[Record]]:
    """The records that have all fields, by what they have in common."""
    found: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    with (folder / f"{kind.file}.csv").open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            if all(record[field] not in _NOTHING for field in (*kind.same, *kind.columns.values())):
                found[tuple(record[field] for field in kind.same)].append(record)
    return [records for records in found.values() if len(records) >= FEWEST]


def _draw(random: Random, kind: TableKind, groups: list[list[Record]]) -> ToldTable:
    records = random.choice(groups)
    size = random.randint(FEWEST, min(MOST, len(records)))
    first = random.randrange(len(records) - size + 1)
    return tell(kind, records[first : first + size])


def tell(kind: TableKind, records: list[Record]) -> ToldTable:
    rows = tuple(tuple(record[field] for field in kind.columns.values()) for record in records)
    sentences = (kind.title, *(kind.sentence for _ in records))
    text = " ".join(
        sentence.format_map(record) for sentence, record in zip(sentences, (records[0], *records), strict=True)
    )
    return ToldTable(tuple(kind.columns), rows, text)
