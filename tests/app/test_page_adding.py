"""Files that a person drops on the page or chooses: progress, what became of each, and how it is stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evidentia import Library, Settings
from evidentia.retrieval.embedders.hash import HashEmbedder

from .browsing import IN_BROWSER, ask, opened_page
from .conftest import listening
from .test_adding import SlowEmbedder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = IN_BROWSER

GUIDE = "# Pump\n\nThe default rate of the pump is four litres in a second.\n"
DROP = """(files) => {
  const moved = new DataTransfer();
  for (const [name, text] of Object.entries(files)) moved.items.add(new File([text], name));
  const tell = (kind) => document.querySelector(".turns").dispatchEvent(
    new DragEvent(kind, { dataTransfer: moved, bubbles: true, cancelable: true }));
  window.kinds = ["dragenter", "dragover"].map(tell);
  window.shown = !document.getElementById("drop").hidden;
  tell("drop");
}"""


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: HashEmbedder) -> Iterator[Library]:
    settings = Settings(embedder="hash", max_file_bytes=100_000)
    with Library(tmp_path / "library", settings=settings, embedder=embedder) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, library: Library) -> Iterator[Page]:
    with listening(library, may_add=True) as address, opened_page(browser, address) as opened:
        opened.wait_for_selector(".fill-first")
        yield opened


def drop(page: Page, **files: str) -> None:
    page.evaluate(DROP, {name.replace("_", "."): text for name, text in files.items()})


def title(page: Page) -> str:
    """Of the last card, once it has ended."""
    page.wait_for_selector(".adding-card:last-child [aria-label='Close this message']")
    return page.locator(".adding-card h2").last.inner_text()


def unhurried(page: Page, pause: float = 0.3) -> None:
    """The server takes its time for each file."""

    def later(route: Any) -> None:
        time.sleep(pause)
        route.continue_()

    page.route("**/api/uploads/*?*", later)


def test_files_that_are_dropped_are_added_and_can_be_asked(page: Page, tmp_path: Path) -> None:
    drop(page, guide_md=GUIDE, well_md="# Well\n\nThe well is deep.\n")
    assert title(page) == "2 files added"
    assert f"lie in {tmp_path / 'library' / 'files'}" in page.inner_text(".adding-line")
    assert page.evaluate("window.shown")
    assert page.is_hidden("#drop")
    page.wait_for_selector("#status-line:text('2 documents')")
    assert page.is_hidden("#fill")
    page.click("#status")
    page.wait_for_selector("#library[open]")
    assert page.locator("#library-body .place").all_inner_texts() == ["files/guide.md", "files/well.md"]
    page.keyboard.press("Escape")
    assert "four litres" in ask(page, "What is the default rate of the pump?").locator("blockquote").first.inner_text()


def test_questions_to_begin_with_come_when_the_library_has_been_filled(page: Page) -> None:
    assert page.is_hidden("#examples")
    drop(page, guide_md=GUIDE * 2 + "\n## Opening the valve\n\nThe valve opens at 30 bar.\n")
    title(page)
    page.wait_for_selector(".example")


def test_files_can_be_chosen_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    (tmp_path / "chosen.md").write_text(GUIDE)
    page.on("filechooser", lambda _: None)  # a key is faster than the browser hears that its choosers are wanted
    page.focus("#add")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(tmp_path / "chosen.md")
    assert title(page) == "1 file added"
    page.wait_for_selector("#status-line:text('1 document')")
    page.locator(".adding-card button").focus()
    page.keyboard.press("Enter")
    assert page.is_hidden("#adding")
    assert page.evaluate("document.activeElement.id") == "add"


def test_the_button_of_an_empty_library_chooses_files_too(page: Page, tmp_path: Path) -> None:
    (tmp_path / "chosen.md").write_text(GUIDE)
    with page.expect_file_chooser() as choosing:
        page.click("#fill [data-choose]")
    choosing.value.set_files(tmp_path / "chosen.md")
    assert title(page) == "1 file added"


RECORD = """() => {
    window.states = [];
    new MutationObserver(() => {
        const bar = document.querySelector(".adding progress"), line = document.querySelector(".adding-line");
        const said = document.querySelector("#adding-said").textContent;
        if (bar && line) window.states.push([line.textContent, bar.max, bar.value, said]);
    }).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
}"""


def test_progress_says_which_file_and_how_many(page: Page) -> None:
    page.evaluate(RECORD)
    drop(page, a_md="# A\n\nOne.\n", b_md="# B\n\nTwo.\n", c_md="# C\n\nThree.\n")
    assert title(page) == "3 files added"
    seen = page.evaluate("window.states")
    assert any(line.startswith("Uploading b.md, 2 of 3") and bar == [3, 1] for line, *bar, _ in seen), seen
    assert any(said == "Uploading 3 files" for *_, said in seen)
    assert page.inner_text("#adding-said").startswith("3 files added")


@pytest.mark.parametrize("embedder", [SlowEmbedder()])
def test_embedding_is_told_while_questions_are_answered(page: Page, embedder: SlowEmbedder) -> None:
    drop(page, guide_md=GUIDE)
    page.wait_for_selector(".adding-line:text('Embedding 0 of 1 passage')")
    turn = ask(page, "What is the default rate of the pump?")
    assert "four litres" in turn.inner_text()
    embedder.go_on.set()
    assert title(page) == "1 file added"


def test_each_file_that_is_not_added_says_why(page: Page) -> None:
    drop(page, guide_md=GUIDE, broken_pdf="%PDF-1.7 no more", large_md="x" * 200_000, _env="KEY=secret")
    assert title(page) == "1 file added, 3 not added"
    told = dict(item.split("\n", 1) for item in page.locator(".adding .skipped li").all_inner_texts())
    assert told["large.md"] == "larger than 0.1 MB"
    assert "hidden files are passed over" in told[".env"]
    assert told["broken.pdf"]
    assert "guide.md" not in told


def test_a_file_of_the_same_name_is_replaced(page: Page) -> None:
    drop(page, guide_md=GUIDE)
    assert title(page) == "1 file added"
    drop(page, guide_md=GUIDE.replace("four", "nine"))
    page.wait_for_selector(".adding-card:nth-child(2) [aria-label='Close this message']")
    assert title(page) == "1 file replaced"
    assert "nine litres" in ask(page, "What is the default rate of the pump?").inner_text()


def test_an_upload_that_is_cancelled_leaves_nothing(page: Page, tmp_path: Path) -> None:
    page.route("**/api/uploads/*name=b.md", lambda _: None)  # it never arrives
    drop(page, a_md="# A\n\nOne.\n", b_md="# B\n\nTwo.\n", c_md="# C\n\nThree.\n")
    page.wait_for_selector(".adding-line:text('Uploading b.md')")
    with page.expect_response(lambda reply: reply.request.method == "DELETE"):
        page.locator(".adding-card button").click()
    assert title(page) == "Stopped: nothing was added"
    assert not (tmp_path / "library" / "files").exists()
    assert not list((tmp_path / "library" / ".incoming").iterdir())


@pytest.mark.parametrize("embedder", [SlowEmbedder()])
def test_an_adding_that_is_cancelled_goes_on_when_wanted(page: Page, embedder: SlowEmbedder) -> None:
    drop(page, guide_md=GUIDE)
    page.wait_for_selector(".adding-line:text('Embedding')")
    page.locator(".adding-card button").click()
    assert title(page) == "Stopped"
    embedder.go_on.set()
    page.click("text=Go on")
    assert title(page) == "The library is up to date"
    page.wait_for_selector("#status-line:text('1 document')")


def test_drops_are_taken_one_after_the_other(page: Page) -> None:
    unhurried(page)
    drop(page, a_md="# A\n\nOne.\n")
    drop(page, b_md="# B\n\nTwo.\n")
    assert page.locator(".adding-line").last.inner_text() == "Waiting for its turn"
    page.wait_for_selector(".adding-card:nth-child(2) [aria-label='Close this message']")
    assert page.locator(".adding-card h2").all_inner_texts() == ["1 file added", "1 file added"]


def test_a_drop_that_meets_an_open_dialog_closes_it(page: Page) -> None:
    page.click("#status")
    page.wait_for_selector("#library[open]")
    drop(page, guide_md=GUIDE)
    assert page.is_hidden("#library")
    assert title(page) == "1 file added"


def test_a_dropped_text_is_no_file(page: Page) -> None:
    page.evaluate("""() => { const moved = new DataTransfer(); moved.setData("text/plain", "x");
      window.dispatchEvent(new DragEvent("drop", { dataTransfer: moved, cancelable: true })); }""")
    assert page.locator(".adding-card").count() == 0


def test_where_nothing_can_be_added_the_page_says_so(browser: Browser, library: Library) -> None:
    with listening(library) as address, opened_page(browser, address) as page:
        page.wait_for_selector(".fill-first")
        assert "evidentia add PATH --library" in page.inner_text("#fill")
        assert "--allow-add" in page.inner_text("#fill")
        drop(page, guide_md=GUIDE)
        assert title(page) == "Nothing can be added here"
        assert "--allow-add" in page.inner_text(".adding-line")


def test_a_read_only_library_says_so_on_the_page(browser: Browser, library: Library) -> None:
    library.store.read_only = True
    with listening(library, may_add=True) as address, opened_page(browser, address) as page:
        page.wait_for_selector(".fill-first")
        assert "the library's folder is read-only" in page.inner_text("#fill")
        drop(page, guide_md=GUIDE)
        assert title(page) == "Nothing can be added here"
        assert "folder is read-only" in page.inner_text(".adding-line")


def test_with_a_token_files_are_added(browser: Browser, library: Library) -> None:
    with (
        listening(library, token="sesame", may_add=True) as address,
        opened_page(browser, f"{address}/#token=sesame") as page,
    ):
        page.wait_for_selector(".fill-first")
        drop(page, guide_md=GUIDE)
        assert title(page) == "1 file added"
