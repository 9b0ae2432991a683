# ruff: noqa: E501
"""Look-ups in tables of 20 to 100,000 rows: by identifier, by name, by a value, by two columns; and what is not there.

    python benchmarks/tables.py [--sizes 20,500,5000,100000] [--split open|held] [--show]

Eight shapes of table (``lookups/shapes.py``), each in each size as CSV, XLSX, Markdown or HTML (turn about; ``--every``
writes all four), beside small tables of the other shapes in the same library. Right: the first quote is the row that
was asked for, and the short answer, where one is given, its cell. Of a question for a row or column that is not there:
refused, or called unsure. ``--worldcup`` asks the real tables of ``../shared/data/worldcup`` besides.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from evidentia import Answer, Library
from evidentia.benchmarks.lookups.shapes import SHAPES, Row, Shape
from evidentia.benchmarks.lookups.writing import WRITERS
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import machine

SIZES = (20, 500, 5_000, 100_000)
SMALL = 20
KINDS = ("right", "short", "wrong, fitting", "wrong, unsure", "not found")


@dataclass(frozen=True, slots=True)
class Ask:
    question: str
    value: str
    """Empty where nothing answers."""
    keys: tuple[str, ...] = ()


def judged(answer: Answer, ask: Ask) -> str:
    fitting = answer.fit in ("sure", "likely")
    if not ask.value:
        return "wrong, fitting" if answer.status != "not_found" and fitting else "right"
    if answer.status == "not_found":
        return "not found"
    first = answer.citations[0].quote
    row = "\n" not in first and ask.value in first and all(key in first for key in ask.keys)
    if row and answer.short in ("", ask.value):
        return "right"
    return "wrong, fitting" if fitting else "wrong, unsure"


def asks(shape: Shape, rows: list[Row], each: int, seed: int) -> Iterator[Ask]:
    random = Random(seed)
    for number in range(each):
        question, column = shape.asks[number % len(shape.asks)]
        row = random.choice(rows)
        shown = [value.shown for value in row]
        yield Ask(question.format(*shown), shown[column], tuple(shown[key] for key in shape.keys))
    for number in range(each // 4):
        shown = [value.shown for value in shape.foreign(random)]
        yield Ask(shape.asks[number % len(shape.asks)][0].format(*shown), "")
        shown = [value.shown for value in random.choice(rows)]
        yield Ask(shape.lacks[number % len(shape.lacks)].format(*shown), "")


def made(shape: Shape, size: int, seed: int) -> list[Row]:
    random = Random(seed)
    return [shape.row(random, number) for number in range(size)]


def ask_all(library: Library, questions: list[Ask], show: bool) -> tuple[Counter[str], Counter[str]]:
    there, not_there = Counter[str](), Counter[str]()
    for one in questions:
        answer = library.ask(one.question)
        verdict = judged(answer, one)
        counts = there if one.value else not_there
        counts[verdict] += 1
        counts["short"] += bool(one.value and answer.short == one.value)
        counts["asked"] += 1
        if show and verdict != "right":
            print(f"    {verdict:15} {one.question}  wanted {one.value!r}\n        {answer.fit} {answer.text[:160]!r}")
            print(f"        short {answer.short!r} {answer.reasons}")
    return there, not_there


def worldcup(folder: Path, each: int) -> Iterator[tuple[str, list[Ask]]]:
    """Questions to real tables: by name, by identifier, and by two columns."""
    forms = {
        "stadiums": [("What is the capacity of the {stadium_name}?", "stadium_capacity"), ("In which city is the {stadium_name}?", "city_name")],
        "players": [("When was {given_name} {family_name} born?", "birth_date"), ("What is the birth date of player {player_id}?", "birth_date"), ("In how many tournaments did {player_id} play?", "count_tournaments")],
        "matches": [("What was the score of match {match_id}?", "score"), ("On which date was {match_name} at the {tournament_name} played?", "match_date"), ("In which stadium was match {match_id} played?", "stadium_name")],
        "tournaments": [("Who won the {tournament_name}?", "winner"), ("When did the {tournament_name} start?", "start_date"), ("Which country hosted the {tournament_name}?", "host_country"), ("How many teams played in the {tournament_name}?", "count_teams")],
        "goals": [("Who scored goal {goal_id}?", "family_name"), ("In which minute was goal {goal_id} scored?", "minute_label")],
        "managers": [("Which country is manager {manager_id} from?", "country_name"), ("Which country is the manager {given_name} {family_name} from?", "country_name")],
        "referees": [("Which country is the referee {given_name} {family_name} from?", "country_name"), ("What is the confederation of referee {referee_id}?", "confederation_name")],
        "teams": [("What is the team code of {team_name}?", "team_code"), ("In which region is {team_name}?", "region_name"), ("What is the federation of {team_name}?", "federation_name")],
        "squads": [("What was the shirt number of {given_name} {family_name} at the {tournament_name}?", "shirt_number"), ("Which position did {given_name} {family_name} play at the {tournament_name}?", "position_name")],
    }  # fmt: skip
    for name, questions in forms.items():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        random = Random(7)
        found: list[Ask] = []
        while len(found) < each:
            question, column = questions[len(found) % len(questions)]
            row = random.choice(rows)
            named = {part.split("}")[0] for part in question.split("{")[1:]}
            twins = {other[column] for other in rows if all(other[key] == row[key] for key in named)}
            if (
                len(twins) == 1
                and row[column] not in ("", "not available", "not applicable")
                and all(row[key] and row[key] != "not applicable" for key in named)
            ):
                found.append(Ask(question.format(**row), row[column], tuple(row[key] for key in named)))
        yield name, found


def line(name: str, size: int, form: str, added: float, there: Counter[str], not_there: Counter[str]) -> str:
    of = there["asked"] or 1
    shares = " | ".join(f"{there[kind] / of:.0%}" for kind in KINDS)
    absent = f"{not_there['right'] / not_there['asked']:.0%}" if not_there["asked"] else "–"
    return f"| {name} | {size:,} | {form} | {added:.1f} s | {there['asked']} | {shares} | {absent} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--split", choices=("open", "held", "all"), default="all")
    parser.add_argument("--shapes", default="")
    parser.add_argument("--forms", default="", help="csv,xlsx,md,html; turn about when empty")
    parser.add_argument("--each", type=int, default=20, help="questions a table; half as many for what is not there")
    parser.add_argument("--worldcup", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds worldcup/")
    parser.add_argument("--show", action="store_true", help="print what is not right")
    options = parser.parse_args()
    head = ("table", "rows", "as", "added in", "asked", *KINDS, "not there: refused or unsure")
    print(f"{machine()}\n\n| {' | '.join(head)} |\n{'|---' * len(head)}|")
    totals: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    embedder = None

    def tally(name: str, there: Counter[str], not_there: Counter[str]) -> None:
        totals[name][0].update(there)
        totals[name][1].update(not_there)

    sizes = [int(size) for size in options.sizes.split(",") if size]
    for place, size in enumerate(sizes):
        for number, shape in enumerate(SHAPES):
            split = "held" if shape.held else "open"
            if options.split not in ("all", split) or (options.shapes and shape.name not in options.shapes.split(",")):
                continue
            forms = options.forms.split(",") if options.forms else [list(WRITERS)[(number + place) % 4]]
            for form in forms:
                rows = made(shape, size, number)
                with TemporaryDirectory() as at, Library(Path(at) / "library", embedder=embedder) as library:
                    folder = Path(at) / "tables"
                    folder.mkdir()
                    WRITERS[form](folder / f"{shape.name}.{form}", shape.title, shape.header, rows)
                    for turn, other in enumerate(SHAPES):
                        if other is not shape and other.held == shape.held:
                            few, kind = made(other, SMALL, turn), list(WRITERS)[turn % 4]
                            WRITERS[kind](folder / f"{other.name}.{kind}", other.title, other.header, few)
                    begun = time.perf_counter()
                    said = library.add(folder)
                    added = time.perf_counter() - begun
                    embedder = library.embedder()
                    if options.show:
                        print(said.skipped, said.partial)
                    there, not_there = ask_all(library, list(asks(shape, rows, options.each, size)), options.show)
                print(line(f"{shape.name} ({split})", size, form, added, there, not_there), flush=True)
                tally(f"{split}, {size:,} rows", there, not_there)
                tally(split, there, not_there)
    if options.worldcup:
        with TemporaryDirectory() as at, Library(Path(at) / "library", embedder=embedder) as library:
            begun = time.perf_counter()
            library.add(options.data / "worldcup")
            added = time.perf_counter() - begun
            for name, questions in worldcup(options.data / "worldcup", options.each):
                there, not_there = ask_all(library, questions, options.show)
                print(line(f"worldcup: {name}", 0, "csv", added, there, not_there), flush=True)
                tally("worldcup", there, not_there)
    for name, (there, not_there) in totals.items():
        print(line(f"**{name}**", 0, "", 0, there, not_there))


if __name__ == "__main__":
    main()
