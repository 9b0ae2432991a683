"""What axe-core (``axe/``) finds on the page: nothing, in every state that a person meets, in light and dark, wide and
narrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evidentia import Library, Settings
from evidentia.retrieval.embedders.hash import HashEmbedder

from .browsing import IN_BROWSER, ask, opened_page
from .conftest import listening
from .test_page_adding import DROP, drop, title

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Path(__file__).parent / "axe" / "axe.min.js"

pytestmark = [
    *IN_BROWSER,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here (npm pack axe-core, into tests/app/axe)"),
]
looks = pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{rule['id']} ({rule['help']}): {node['target']}" for rule in found for node in rule["nodes"]]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    with (
        Library(tmp_path / "library", settings=Settings(embedder="hash"), embedder=HashEmbedder()) as library,
        listening(library, may_add=True) as address,
    ):
        yield address


@looks
def test_an_empty_library_and_adding_to_it(browser: Browser, empty: str, scheme: str, width: int) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with opened_page(browser, empty, **look) as page:
        page.wait_for_selector(".fill-first")
        assert violations(page) == []
        page.evaluate(DROP.replace('tell("drop")', ""), {"guide.md": "# Guide"})
        assert page.is_visible("#drop")
        assert violations(page) == []
        page.evaluate("document.getElementById('drop').hidden = true")
        drop(page, guide_md="# Pump\n\nThe rate is four litres.\n", broken_pdf="%PDF-1.7 no more")
        assert title(page) == "1 file added, 1 not added"
        assert violations(page) == []
        page.click("#status")
        page.wait_for_selector(".listed .delete")
        assert violations(page) == []
        page.click(".listed .delete")
        page.wait_for_selector("#delete[open]")
        assert violations(page) == []


@looks
def test_turns_the_document_and_the_library(browser: Browser, address: str, scheme: str, width: int) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with opened_page(browser, address, **look) as page:
        page.wait_for_selector(".example")
        assert violations(page) == []
        ask(page, "Is there a pump on the moon?")
        ask(page, "Which settings are there?")
        ask(page, "How is it started by hand?")
        ask(page, "Who calls check?").locator(".trace summary").click()
        ask(page, "which model?")
        page.locator("label", has_text="Written").click()
        ask(page, "What is the rate?")
        page.locator("label", has_text="Quoted").click()
        turn = ask(page, "What is the default rate?")
        assert violations(page) == []
        page.click("#status")
        page.wait_for_selector("#library[open]")
        assert violations(page) == []
        page.keyboard.press("Escape")
        turn.locator(".place").first.click()
        page.wait_for_selector("#document mark")
        assert violations(page) == []
