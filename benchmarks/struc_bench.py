"""Struc-Bench on this machine: a text is to become a table in Markdown, HTML or LaTeX, by a small model, with a plain
instruction or with one that describes the form, and with or without the constraint that holds the reply to it.

    python benchmarks/struc_bench.py [--tables 20] [--judge http://localhost:8000/v1 --judge-model NAME]

The tables are of ``../shared/data/worldcup``, told in sentences (``evaluation/worldcup.py``). The plain instruction
names syntax and columns; the other adds ``describe_table`` of the wanted table, as FormatCoT makes its instructions
from the target, the number of its rows included. The constraint knows syntax and columns and allows 1 to 10 rows
(*columns*), or the number of the rows besides (*columns, rows*).
*As asked*: the reply holds a table with these columns, a cell for each in every row, and its end. *Only it*: nothing
else. *H*: ``table_scores``; *P*: the model's own judgement by the likelihood of its digits, or that of an endpoint
(``evaluation/table_judge.py``). The last lines are what both say of the reference itself and of an unrelated table:
where P hardly tells these apart, it tells nothing of the others. Replies are greedy.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.table_judge import TableJudge, likelihood_judge, reply_judge
from evidentia.evaluation.worldcup import ToldTable, told_tables
from evidentia.serving import load_in_process
from evidentia.serving.base import Message, Sampling
from evidentia.serving.constraints.constraint import Constraint
from evidentia.serving.constraints.table_scores import has_form, likeness
from evidentia.serving.constraints.table_syntaxes import NAMES, describe_table, write_table
from evidentia.serving.talk import forms
from evidentia.serving.talk.text import ServedModel, ask
from evidentia.settings import Settings

ROWS = (1, 10)
INSTRUCTIONS = ("plain", "described")
CONSTRAINTS = ("none", "columns", "columns, rows")
COLUMNS = ("syntax", "instruction", "constraint", "as asked", "only it")
SCORES = ("H content", "H structure", "P content", "P structure")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds worldcup/")
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=320, help="of a reply, at most")
    parser.add_argument("--judge", help="URL of an OpenAI-compatible endpoint; the model itself without it")
    parser.add_argument("--judge-model", default="default", help="its name there")
    parser.add_argument("--replies", type=Path, help="a file that the replies are written to, a line of JSON each")
    options = parser.parse_args()
    settings = Settings.from_env()
    model = load_in_process(settings.model, settings)
    judge = _judge(model, options.judge, options.judge_model)
    tables = told_tables(options.data / "worldcup", options.tables)
    rows: list[tuple[object, ...]] = []
    kept: list[dict[str, object]] = []
    for syntax in NAMES:
        wanted = [write_table(table.columns, table.rows, syntax) for table in tables]
        others = wanted[1:] + wanted[:1]  # the kinds come in turn, so the next is of another one
        for instruction in INSTRUCTIONS:
            for constraint in CONSTRAINTS:
                begun = time.perf_counter()
                replies = answers(model, tables, syntax, instruction, constraint, options.tokens)
                way = (NAMES[syntax], instruction, constraint)
                rows.append(
                    (*way, *_form_shares(model, replies, tables, syntax), *_scores(replies, wanted, syntax, judge))
                )
                print(f"{rows[-1]} in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
                named = dict(zip(COLUMNS, way, strict=False))
                kept += ({**named, "wanted": one, "reply": text} for one, text in zip(wanted, replies, strict=True))
        rows.append((NAMES[syntax], "(the reference itself)", "", 1.0, 1.0, *_scores(wanted, wanted, syntax, judge)))
        rows.append((NAMES[syntax], "(an unrelated table)", "", 0.0, 0.0, *_scores(others, wanted, syntax, judge)))
        print(*rows[-2:], sep="\n", file=sys.stderr, flush=True)
    if options.replies:
        options.replies.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in kept), "utf-8")
    by = options.judge_model if options.judge else "itself"
    title = f"Struc-Bench on {len(tables)} tables, {settings.model}, judged by {by}"
    report(options.json, title, (*COLUMNS, *SCORES), rows, dict(_metrics(rows)))


def _judge(model: ServedModel, endpoint: str | None, name: str) -> TableJudge:
    if endpoint is None:
        return likelihood_judge(model)
    from evidentia.serving.models.endpoint import EndpointModel

    return reply_judge(EndpointModel(name, endpoint))


def instruction_for(table: ToldTable, syntax: str, instruction: str) -> str:
    count = len(table.rows)
    described = describe_table(table.columns, syntax, rows=(count, count))
    task = f"Write what the text says as one table in {NAMES[syntax]} with the columns {', '.join(table.columns)}."
    return f"{task}\n\n{f'{described}{chr(10) * 2}' if instruction == 'described' else ''}Text: {table.text}"


def answers(
    model: ServedModel, tables: Sequence[ToldTable], syntax: str, instruction: str, constraint: str, tokens: int
) -> list[str]:
    """All asked side by side."""
    replies = [
        ask(
            model,
            model.chat_tokens([Message("user", instruction_for(table, syntax, instruction))]),
            Sampling(max_tokens=tokens),
            constraint=_constraint(model, table, syntax, constraint),
        )
        for table in tables
    ]
    return ["".join(piece.text for piece in reply) for reply in replies]


def _constraint(model: ServedModel, table: ToldTable, syntax: str, constraint: str) -> Constraint | None:
    rows = [len(table.rows)] * 2 if constraint == "columns, rows" else ROWS
    form = {"columns": list(table.columns), "syntax": syntax, "rows": rows}
    return None if constraint == "none" else forms.constraint(model, ("table", form))


def _form_shares(
    model: ServedModel, replies: Sequence[str], tables: Sequence[ToldTable], syntax: str
) -> tuple[float, float]:
    pairs = list(zip(replies, tables, strict=True))
    asked = fmean(has_form(text, table.columns, syntax) for text, table in pairs)
    return asked, fmean(_is_only(model, text, table, syntax) for text, table in pairs)


def _is_only(model: ServedModel, text: str, table: ToldTable, syntax: str) -> bool:
    """Whether the constraint would let the whole reply through; blanks around it are no fault."""
    constraint = _constraint(model, table, syntax, "columns")
    assert constraint is not None
    guide = constraint.start()
    for token in model.encode(text.strip()):
        if not guide.allows(token):
            return False
        guide.advance(token)
    return any(guide.allows(end) for end in model.ends)


def _scores(produced: Sequence[str], wanted: Sequence[str], syntax: str, judge: TableJudge) -> tuple[float, ...]:
    """In the order of ``SCORES``."""
    pairs = list(zip(produced, wanted, strict=True))
    found = [(likeness(one, other, syntax), judge(one, other, syntax)) for one, other in pairs]
    return tuple(
        fmean(getattr(each[which], part) for each in found) for which in (0, 1) for part in ("content", "structure")
    )


def _metrics(rows: Sequence[Sequence[object]]) -> Iterator[tuple[str, object]]:
    names = (*COLUMNS, *SCORES)
    for *way, asked, only, h_content, h_structure, p_content, p_structure in rows:
        figures = (asked, only, h_content, h_structure, p_content, p_structure)
        for name, figure in zip(names[3:], figures, strict=True):
            yield (
                "_".join(filter(None, (*map(str, way), name))).lower().replace(", ", "_and_").replace(" ", "_"),
                figure,
            )


if __name__ == "__main__":
    main()
