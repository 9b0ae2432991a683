"""BEIR's SciFact: abstracts, claims, and which abstracts bear on which claim (train split)."""

from __future__ import annotations

from pathlib import Path

from .data import DATA, read_rows

FOLDER = DATA / "beir-scifact"


def read(folder: Path = FOLDER) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, int]]]:
    """Files by name (``KEY.md``), claims by key, and for each claim the grades of abstracts by their key."""
    return texts_of(read_corpus(folder)), read_queries(folder), read_grades(folder)


def read_corpus(folder: Path = FOLDER) -> dict[str, tuple[str, str]]:
    """Title and text of each abstract."""
    return {str(row["_id"]): (row["title"], row["text"]) for row in read_rows(folder / "corpus.jsonl.gz")}


def read_queries(folder: Path = FOLDER) -> dict[str, str]:
    return {str(row["_id"]): row["text"] for row in read_rows(folder / "queries.jsonl")}


def read_grades(folder: Path = FOLDER) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels_train.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[document] = int(grade)
    return grades


def texts_of(corpus: dict[str, tuple[str, str]]) -> dict[str, str]:
    """A file for each abstract, named by its key."""
    return {f"{key}.md": f"# {title}\n\n{text}\n" for key, (title, text) in corpus.items()}
