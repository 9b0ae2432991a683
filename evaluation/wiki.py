"""2WikiMultiHopQA, MuSiQue and HotpotQA: pages, and questions that several of them answer together.

Gold on 2Wiki are the documents titled like the subjects of a question's evidence. A first subject that no title equals
is taken for the longest title in the question that is not gold already; questions that still lack one are left out and
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..corpus.phrases.names import normal, title_forms
from .data import read_json

Page = tuple[str, str]
"""Title, text."""
Question = tuple[str, list[set[int]]]
"""The question; for each document that is gold, the numbers of the pages that may stand for it."""


def read_2wiki(folder: Path) -> tuple[list[Page], list[Question], int]:
    """Pages, questions with gold, and how many questions have no clear gold."""
    pages = [(page["title"], page["text"]) for page in read_json(folder / "corpus.json")]
    titled: dict[str, set[int]] = {}
    for number, (title, _) in enumerate(pages):
        for form in title_forms(title):
            titled.setdefault(form, set()).add(number)
    entries = read_json(folder / "questions.json")
    found = [(entry["question"], _gold(entry, titled, pages)) for entry in entries]
    clear = [(question, gold) for question, gold in found if gold is not None]
    return pages, clear, len(found) - len(clear)


def _gold(entry: dict[str, object], titled: dict[str, set[int]], pages: Sequence[Page]) -> list[set[int]] | None:
    evidence = entry["evidence"]
    assert isinstance(evidence, list)
    subjects, objects = dict.fromkeys(triple[0] for triple in evidence), {normal(triple[2]) for triple in evidence}
    gold = [_pages_titled(subject, titled, pages) for subject in subjects]
    for place, subject in enumerate(subjects):
        if not gold[place] and normal(subject) not in objects:
            gold[place] = _named_in(str(entry["question"]), titled, set().union(*gold))
    return gold if all(gold) else None


def _pages_titled(subject: str, titled: dict[str, set[int]], pages: Sequence[Page]) -> set[int]:
    alike = titled.get(normal(subject), set())
    return {number for number in alike if pages[number][0] == subject} or alike


def _named_in(question: str, titled: dict[str, set[int]], taken: set[int]) -> set[int]:
    asked = f" {normal(question)} "
    inside = [form for form in titled if (f" {form} " in asked or f" {form}s " in asked) and not titled[form] & taken]
    return titled[max(inside, key=len)] if inside else set()


def read_musique(folder: Path) -> tuple[list[Page], list[Question]]:
    pages = [(page["title"], page["text"]) for page in read_json(folder / "train_corpus.json")]
    number = {page: at for at, page in enumerate(pages)}
    questions = []
    for entry in read_json(folder / "qa_train100.json"):
        gold = [part for part in entry["paragraphs"] if part["is_supporting"]]
        questions.append((entry["question"], [{number[part["title"], part["paragraph_text"]]} for part in gold]))
    return pages, questions


def read_hotpotqa(folder: Path) -> tuple[list[Page], list[Question]]:
    pages = [(title, "".join(sentences)) for title, sentences in read_json(folder / "train_corpus.json").items()]
    number = {title: at for at, (title, _) in enumerate(pages)}
    entries = read_json(folder / "qa_train.json")
    gold = [list(dict.fromkeys(title for title, _ in entry["supporting_facts"])) for entry in entries]
    asked = zip((entry["question"] for entry in entries), gold, strict=True)
    return pages, [(question, [{number[title]} for title in titles]) for question, titles in asked]


def texts_of(pages: Sequence[Page]) -> dict[str, str]:
    """A file for each page, named by its number."""
    return {f"{number:05d}.md": f"# {title}\n\n{text}\n" for number, (title, text) in enumerate(pages)}
