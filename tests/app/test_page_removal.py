"""A file that was handed over on the page is deleted there: asked first, by mouse or keyboard, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evidentia import Library, Settings
from evidentia.retrieval.embedders.hash import HashEmbedder

from .browsing import IN_BROWSER, opened_page
from .conftest import listening

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = IN_BROWSER


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two files that were handed over, and one of another place."""
    with Library(tmp_path / "library", settings=Settings(embedder="hash"), embedder=HashEmbedder()) as opened:
        opened.store.files.mkdir()
        for name in ("guide", "well"):
            (opened.store.files / f"{name}.md").write_text(f"# The {name}\n\nThe {name} is deep.\n")
        elsewhere = tmp_path / "plans"
        elsewhere.mkdir()
        (elsewhere / "plan.md").write_text("# The plan\n\nThe plan is good.\n")
        opened.add(opened.store.files, elsewhere)
        yield opened


@pytest.fixture
def page(browser: Browser, library: Library) -> Iterator[Page]:
    with listening(library, may_add=True) as address, opened_page(browser, address) as opened:
        open_library(opened)
        yield opened


def open_library(page: Page) -> None:
    page.wait_for_selector("#status-line:text('document')")
    page.click("#status")
    page.wait_for_selector("#library[open]")


def names(page: Page) -> list[str]:
    return page.locator(".listed .place").all_inner_texts()


def test_a_file_is_deleted_once_it_was_said_what_goes(page: Page, library: Library) -> None:
    guide = library.store.files / "guide.md"
    page.click("[aria-label='Delete files/guide.md']")
    assert page.inner_text("#delete-title") == "Delete files/guide.md?"
    told = page.inner_text("#delete-what")
    assert str(guide) in told
    assert "passages and vectors" in told
    assert "cannot be undone" in told
    page.click("#delete-yes")
    page.wait_for_selector("#delete", state="hidden")
    assert names(page) == ["files/well.md", "plans/plan.md"]
    assert page.inner_text("#library-documents") == "2 documents"
    assert page.text_content("#library-said") == "files/guide.md was deleted"
    assert not guide.exists()
    page.keyboard.press("Escape")
    page.wait_for_selector("#status-line:text('2 documents')")


@pytest.mark.parametrize("leave", ["Escape", "Enter"])
def test_nothing_goes_when_it_is_cancelled(page: Page, library: Library, leave: str) -> None:
    """The button that deletes nothing has the focus first, so that Enter pressed twice does no harm."""
    page.focus("[aria-label='Delete files/guide.md']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#delete[open]")
    page.keyboard.press(leave)
    page.wait_for_selector("#delete", state="hidden")
    assert page.is_visible("#library")
    assert page.evaluate("document.activeElement.ariaLabel") == "Delete files/guide.md"
    assert (library.store.files / "guide.md").exists()
    assert len(names(page)) == 3


def test_by_keyboard_alone_one_file_after_the_other_goes(page: Page, library: Library) -> None:
    page.focus("[aria-label='Delete files/guide.md']")
    for left in ("Delete files/well.md", None):
        page.keyboard.press("Enter")
        page.wait_for_selector("#delete[open]")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#delete", state="hidden")
        assert page.evaluate("document.activeElement.ariaLabel") == left
    assert page.evaluate("document.activeElement.id") == "library-documents"
    assert list(library.store.files.iterdir()) == []
    assert names(page) == ["plans/plan.md"]


def test_documents_of_other_places_have_no_button_and_it_is_said_how_they_are_taken_out(
    page: Page, library: Library
) -> None:
    assert page.locator(".listed .delete").count() == 2
    assert page.locator(".listed li", has_text="plans/plan.md").locator(".delete").count() == 0
    assert f"evidentia remove PATH --library {library.store.folder.resolve()}" in page.inner_text(".listed + .hint")


def test_where_nothing_can_be_added_nothing_can_be_deleted(browser: Browser, library: Library) -> None:
    with listening(library) as address, opened_page(browser, address) as page:
        open_library(page)
        assert page.locator(".listed .delete").count() == 0
        assert "Nothing can be deleted here" in page.inner_text(".listed + .hint")
        assert "--allow-add" in page.inner_text(".listed + .hint")


def test_what_cannot_be_deleted_now_says_why_and_stays(page: Page, library: Library) -> None:
    page.click("[aria-label='Delete files/guide.md']")
    with library.store.writing():
        page.click("#delete-yes")
        page.wait_for_selector("#delete-said.failed:not(:empty)")
    assert page.inner_text("#delete-said").startswith("The library is being written")
    page.click("#delete-no")
    assert len(names(page)) == 3


def test_the_page_of_a_library_that_became_empty_says_how_it_is_filled(page: Page, library: Library) -> None:
    library.remove(library.store.folder.parent / "plans")
    for name in ("guide", "well"):
        page.click(f"[aria-label='Delete files/{name}.md']")
        page.click("#delete-yes")
        page.wait_for_selector("#delete", state="hidden")
    assert page.inner_text("#library-documents") == "No document yet"
    page.keyboard.press("Escape")
    page.wait_for_selector(".fill-first")
    assert page.is_hidden("#examples")
