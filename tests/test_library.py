"""The library as its users see it: add, ask, edit, remove, crash, repair."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.corpus import catalog, schema
from evidentia.errors import InputError, LibraryError, LibraryIncompatible, LibraryLocked, NotFoundError
from evidentia.library import LEARNT

NOTES = """# Penguins

Emperor penguins live in Antarctica. The oldest emperor penguin on record was 40 years old.

| species | weight |
|---|---|
| emperor | 40 kg |

# Falcons

A peregrine falcon dives at 320 km/h.
"""
CODE = '''"""Shapes."""


class Shape:
    """A figure with an area."""

    def area(self):
        return 0


class Square(Shape):
    """A figure with four equal sides."""

    def area(self):
        return side_length(self) ** 2


def side_length(shape):
    """Length of one side in metres."""
    return shape.side
'''


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "notes.md").write_text(NOTES)
    (folder / "shapes.py").write_text(CODE)
    return folder


@pytest.fixture
def library(tmp_path: Path, source: Path):
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(source)
        yield opened


def test_an_answer_quotes_the_document_verbatim_with_its_place(library: Library, source: Path):
    answer = library.ask("How old was the oldest emperor penguin on record?")
    assert answer.status == "quoted"
    citation = answer.citations[0]
    assert citation.quote == "The oldest emperor penguin on record was 40 years old."
    assert citation.verified
    assert citation.place == "source/notes.md:3"
    span = citation.evidence.span
    assert span is not None
    assert (source / "notes.md").read_text()[span.start : span.end] == citation.quote


def test_a_code_question_is_answered_by_rows_whose_query_is_shown(library: Library):
    answer = library.ask("What does `Square.area` call?")
    assert answer.status == "rows"
    assert "side_length" in answer.text
    assert answer.citations[0].evidence.query.startswith("MATCH")
    assert answer.citations[1].quote == "return side_length(self) ** 2"


def test_what_a_function_does_is_its_docstring(library: Library):
    answer = library.ask("What does `side_length` do?")
    assert answer.citations[0].quote == "Length of one side in metres."


def test_an_unknown_symbol_is_not_guessed_at(library: Library):
    answer = library.ask("Who calls `side_lenght`?")
    assert answer.status == "not_found"
    assert "side_length" in answer.text


def test_a_question_that_nothing_answers_gets_not_found(library: Library):
    answer = library.ask("What is the boiling point of mercury in Kelvin?")
    assert answer.status == "not_found"
    assert answer.text.startswith("Not found here.")


def test_every_step_is_in_the_trace(library: Library):
    names = [step.name for step in library.ask("At how many km/h does a peregrine falcon dive?").trace]
    assert names == ["route", "fused", "read", "fit", "verify"]


@pytest.mark.parametrize("question", ["", "  \n", "x" * 1_000_000])
def test_impossible_questions_are_refused_with_one_sentence(library: Library, question: str):
    with pytest.raises(InputError):
        library.ask(question)


def test_a_second_run_does_nothing(library: Library, source: Path):
    report = library.add(source)
    assert (report.added, report.changed, report.removed, report.unchanged) == ([], [], [], 2)


def test_an_edited_file_touches_only_itself(library: Library, source: Path):
    keep = library.store.connection.execute("SELECT id, start FROM passages WHERE document_id = 1").fetchall()
    (source / "shapes.py").write_text(CODE.replace("side_length", "edge_length"))
    report = library.add(source)
    assert report.changed == ["source/shapes.py"]
    assert library.store.connection.execute("SELECT id, start FROM passages WHERE document_id = 1").fetchall() == keep
    assert "edge_length" in library.ask("What does `Square.area` call?").text
    assert library.search("side_length", 10, "lexical") == [] or all(
        "side_length" not in hit.quote for hit in library.search("side_length")
    )


def test_a_file_touched_without_change_is_not_read_anew(library: Library, source: Path):
    os.utime(source / "notes.md", (1, 1))
    assert library.add(source).unchanged == 2


def test_a_deleted_file_takes_its_evidence_with_it(library: Library, source: Path):
    (source / "notes.md").unlink()
    assert library.add(source).removed == ["source/notes.md"]
    assert library.ask("How old was the oldest emperor penguin on record?").status == "not_found"


def test_a_removed_folder_leaves_an_empty_library(library: Library, source: Path):
    library.remove(source)
    assert set(library.status()["counts"].values()) == {0}
    assert library.status()["graph"]["nodes"] == 0


def test_what_drafting_learnt_goes_with_a_removed_document(library: Library, source: Path):
    learnt = library.store.folder / LEARNT
    learnt.write_bytes(b"tables")
    library.remove(source)
    assert not learnt.exists()


def test_what_drafting_learnt_goes_with_text_that_changed_and_stays_with_text_that_came(library: Library, source: Path):
    learnt = library.store.folder / LEARNT
    learnt.write_bytes(b"tables")
    (source / "new.md").write_text("Emus run too.")
    library.add(source)
    assert learnt.exists()
    (source / "new.md").write_text("Emus rest.")
    library.add(source)
    assert not learnt.exists()


def test_one_bad_file_never_stops_a_run(library: Library, source: Path):
    (source / "broken.pdf").write_bytes(b"%PDF-1.7 this is not a PDF")
    (source / "more.md").write_text("Ostriches run at 70 km/h.")
    report = library.add(source)
    assert report.added == ["source/more.md"]
    assert [Path(path).name for path, _ in report.skipped] == ["broken.pdf"]
    assert library.status()["skipped"][0]["path"].endswith("broken.pdf")


def test_what_a_file_holds_and_its_text_does_not_is_said(library: Library, source: Path):
    (source / "birds.html").write_text("<p>Ostriches run.<p hidden>Emus too.</p><p><img src=a.png>")
    missing = "1 hidden part; 1 picture without text"
    path = (source / "birds.html").as_posix()
    assert library.add(source).partial == [(path, missing)]
    assert library.add(source / "shapes.py").partial == []
    assert library.add(source).partial == [(path, missing)]
    assert library.status()["partial"] == [{"path": path, "omitted": missing}]
    assert library.document(path).metadata["omitted"] == missing
    library.remove(source)
    assert library.status()["partial"] == []


def test_a_bad_file_is_read_again_only_when_it_changes(library: Library, source: Path):
    (source / "broken.pdf").write_bytes(b"%PDF-1.7 this is not a PDF")
    library.add(source)
    again = library.add(source)
    assert [Path(path).name for path, _ in again.skipped] == ["broken.pdf"]
    (source / "broken.pdf").unlink()
    assert library.add(source).skipped == []
    assert library.status()["skipped"] == []


def test_a_repository_with_syntax_errors_keeps_its_good_files(library: Library, source: Path):
    (source / "bad.py").write_text("def broken(:\n")
    library.add(source)
    assert library.status()["graph"]["problems"][0]["path"] == "source/bad.py"
    assert library.ask("What does `Square.area` call?").status == "rows"


def test_a_missing_path_is_named(library: Library, tmp_path: Path):
    with pytest.raises(NotFoundError, match="nowhere"):
        library.add(tmp_path / "nowhere")


def test_a_library_cannot_swallow_itself(library: Library):
    with pytest.raises(InputError, match="itself"):
        library.add(library.store.folder)


def test_a_library_embedded_by_another_model_is_not_mixed(library: Library, source: Path):
    library.store.set("embedder", "another model")
    (source / "more.md").write_text("Ostriches run at 70 km/h.")
    with pytest.raises(LibraryIncompatible, match="another model"):
        library.add(source)
    assert library.status()["counts"]["documents"] == 2


def test_a_file_below_two_added_folders_is_kept_once(library: Library, source: Path):
    library.add(source / "notes.md")
    assert library.status()["counts"]["documents"] == 2


def test_a_file_added_alone_goes_with_its_folder_when_it_is_deleted(library: Library, source: Path, tmp_path: Path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "one.md").write_text("Ostriches run at 70 km/h.")
    library.add(folder / "one.md")
    library.add(folder)
    (folder / "one.md").unlink()
    assert library.add(folder).removed == ["one.md"]


def test_half_of_a_surrogate_pair_is_no_question(library: Library):
    for ask in (library.ask, library.search):
        with pytest.raises(InputError, match="UTF-8"):
            ask("What is \ud800?")


def test_no_passages_cannot_be_asked_for(library: Library):
    with pytest.raises(InputError, match="k=0"):
        library.search("penguins", 0)


def test_a_folder_that_is_copied_read_only_still_answers(library: Library, tmp_path: Path):
    library.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    answer = library.ask("At how many km/h does a peregrine falcon dive?")
    assert answer.citations[0].quote == "A peregrine falcon dives at 320 km/h."


def _killed_while(stage: tuple[str, int], folder: Path, source: Path) -> None:
    """A process that adds ``source`` and dies by SIGKILL when it reports ``stage``."""
    code = f"""
        import os, signal
        from evidentia import Library, Settings, ingest
        ingest.BATCH_TEXTS = 1
        def progress(stage, done, total):
            if stage == {stage[0]!r} and done >= {stage[1]}:
                os.kill(os.getpid(), signal.SIGKILL)
        Library({str(folder)!r}, settings=Settings(embedder="hash")).add({str(source)!r}, progress=progress)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "stage", [("reading", 1), ("embedding", 1), ("reading", 2), ("code graph", 0), ("dense index", 0)]
)
def test_a_killed_run_loses_nothing_and_the_next_one_makes_it_good(
    tmp_path: Path, source: Path, stage: tuple[str, int]
):
    folder = tmp_path / "killed"
    _killed_while(stage, folder, source)
    with Library(folder, settings=Settings(embedder="hash")) as library:
        assert library.status()["unfinished"] == [f"add {source}"]
        report = library.add(source)
        assert any("cut off" in note for note in report.notes)
        assert library.ask("At how many km/h does a peregrine falcon dive?").status == "quoted"
        assert library.ask("What does `Square.area` call?").status == "rows"
        fresh = Library(tmp_path / "fresh", settings=Settings(embedder="hash"))
        fresh.add(source)
        assert catalog.overview(library.store)["counts"] == catalog.overview(fresh.store)["counts"]
        fresh.close()


def test_a_second_writer_gets_a_clear_error(library: Library, source: Path):
    code = f"""
        from evidentia import Library, Settings
        library = Library({str(library.store.folder)!r}, settings=Settings(embedder="hash"))
        with library.store.writing():
            print("held", flush=True)
            input()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        with pytest.raises(LibraryLocked, match=str(process.pid)):
            library.add(source)
        assert library.ask("At how many km/h does a peregrine falcon dive?").status == "quoted"
    finally:
        process.communicate("\n")


def test_what_other_readers_made_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("Penguins eat fish.", encoding="utf-8")
    (folder / "b.bin").write_bytes(bytes(range(256)) * 9)
    with Library(tmp_path / "library") as library:
        library.add(folder)
        assert library.add(folder).unchanged == 1
        monkeypatch.setattr(schema, "READING", "another")
        again = library.add(folder)
        assert again.changed == ["docs/a.txt"]
        assert library.add(folder).unchanged == 1


def test_the_code_graph_comes_before_the_vectors_which_the_next_run_makes(tmp_path: Path) -> None:
    source = tmp_path / "pier"
    source.mkdir()
    (source / "gate.py").write_text("def shut(): ...\n\ndef close():\n    shut()\n")
    (source / "gate.md").write_text("The gate is shut at 10 pm.\n")
    told: list[str] = []
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(source, graph_only=True, progress=lambda stage, done, total: told.append(stage))
        assert list(dict.fromkeys(told)) == ["reading", "code graph", "knowledge graph"]
        counts = library.status()["counts"]
        assert counts["vectors"] == 0 < counts["unembedded"]
        assert "close" in library.ask("Who calls `shut`?").text
        by_words = library.ask("When is the gate shut?")
        assert "10 pm" in by_words.text
        assert "no vector yet" in by_words.notes[0]
        library.add(source, progress=lambda stage, done, total: told.append(stage))
        assert list(dict.fromkeys(told)) == ["reading", "code graph", "knowledge graph", "embedding", "dense index"]
        assert library.status()["counts"]["vectors"] == counts["unembedded"]
        assert library.ask("When is the gate shut?").notes == ()


def test_a_run_that_is_stopped_while_it_embeds_keeps_what_it_has_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidentia.ingest.BATCH_VECTORS", 2)
    source = tmp_path / "notes"
    source.mkdir()
    for number in range(8):
        (source / f"{number}.md").write_text(f"The buoy {number} is green.\n")

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "embedding" and done >= 4:
            raise KeyboardInterrupt

    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        with pytest.raises(KeyboardInterrupt):
            library.add(source, progress=stop)
        counts = library.status()["counts"]
        assert counts["documents"] == 8
        assert 0 < counts["vectors"] < 8
        assert "green" in library.ask("Which colour has the buoy 7?", retriever="lexical").text
        report = library.add(source)
        assert report.unchanged == 8
        assert "cut off" in report.notes[0]
        assert library.status()["counts"]["vectors"] == 8


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        (note,) = library.ask("When is the gate shut?").notes
        assert "evidentia add PATH" in note


def test_folders_inside_each_other_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "docs" / "inner").mkdir(parents=True)
    (tmp_path / "docs" / "inner" / "a.md").write_text("The buoy is green.\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        report = library.add(tmp_path / "docs", tmp_path / "docs" / "inner")
        assert len(report.added) == 1
        assert library.status()["counts"]["documents"] == 1


def test_a_closed_library_says_that_it_is_closed(tmp_path: Path) -> None:
    library = Library(tmp_path / "library", settings=Settings(embedder="hash"))
    library.close()
    library.close()
    for use in (lambda: library.ask("Where is the gate?"), library.status, lambda: library.search("gate")):
        with pytest.raises(LibraryError, match="has been closed"):
            use()
