"""Checks the questions against the corpora: every stated span stands in its file, every expected pattern matches there.

    python benchmarks/everyday/check.py [CORPUS ...]

Files are turned into text by means that have nothing to do with Evidentia's readers.
"""

from __future__ import annotations

import email
import email.policy
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

from evidentia.benchmarks.everyday import question_sets
from evidentia.benchmarks.everyday.corpora import CORPORA, prepare
from evidentia.benchmarks.everyday.judge import letters
from evidentia.benchmarks.everyday.question_sets import UNANSWERABLE, Question


def plain(path: Path) -> str:
    reader = READERS.get(path.suffix)
    return reader(path) if reader else path.read_text(encoding="utf-8", errors="replace")


def _html(path: Path) -> str:
    from lxml import html

    return str(html.fromstring(path.read_bytes()).text_content())


def _pdf(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = (f"\f[{number + 1}]\n{document[number].get_textpage().get_text_range()}" for number in range(len(document)))
    return "\n".join(pages).replace("\r", "").replace("\ufffe", "").replace("\x02", "")


def _docx(path: Path) -> str:
    from docx import Document

    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def _xlsx(path: Path) -> str:
    from openpyxl import load_workbook

    sheets = load_workbook(path, read_only=True, data_only=True)
    return "\n".join(
        " | ".join("" if cell is None else str(cell) for cell in row)
        for sheet in sheets
        for row in sheet.iter_rows(values_only=True)
    )


def _pptx(path: Path) -> str:
    from pptx import Presentation

    shapes = (shape for slide in Presentation(str(path)).slides for shape in slide.shapes)
    return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)


def _eml(path: Path) -> str:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    head = "\n".join(f"{name}: {value}" for name, value in mail.items())
    return f"{head}\n\n{mail.get_content()}"


READERS = {".html": _html, ".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx, ".pptx": _pptx, ".eml": _eml}


@cache
def texts(corpus: str) -> dict[str, str]:
    folder = prepare(CORPORA[corpus])
    return {str(path.relative_to(folder)): plain(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def problems(corpus: str, question: Question) -> list[str]:
    if question.kind == UNANSWERABLE:
        return ["an unanswerable question states an answer"] * bool(question.expected or question.span)
    files = {name: text for name, text in texts(corpus).items() if re.search(question.file, name, re.I)}
    if not files:
        return [f"no file is called {question.file}"]
    found = []
    if not question.expected:
        found.append("no answer is stated")
    if question.span and not any(letters(question.span) in letters(text) for text in files.values()):
        found.append(f"the span is not in the text: {question.span}")
    wanted = [re.sub(r"\s+", " ", question.span)] if question.span else []
    wanted += [re.sub(r"[^\S\n]+", " ", text) for text in files.values()] + list(files.values())
    missed = (one for one in question.expected if not any(re.search(one, text, re.I | re.S) for text in wanted))
    return [*found, *(f"matches nothing: {one}" for one in missed)]


def main() -> int:
    counts: Counter[tuple[str, str]] = Counter()
    bad = 0
    for corpus in sys.argv[1:] or CORPORA:
        for question in question_sets.read(corpus):
            counts[question.kind, question.split] += 1
            counts[corpus, question.split] += 1
            for problem in problems(corpus, question):
                bad += 1
                print(f"{question.id}: {problem}")
    for name in sorted({name for name, _ in counts}):
        print(f"{name:16} dev {counts[name, 'dev']:3}  held {counts[name, 'held']:3}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
