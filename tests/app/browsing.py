"""What tests of the page share: the browser, a page that must not complain, and how a question is asked on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"),
]


@contextmanager
def opened_page(browser: Browser, address: str, **context_options: Any) -> Iterator[Page]:
    """The page, which must neither throw nor break its own content policy."""
    complaints: list[str] = []
    context = browser.new_context(**context_options)
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.goto(address)
    yield opened
    context.close()
    assert not [text for text in complaints if "Failed to load resource" not in text]


def ask(page: Page, question: str) -> Any:
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_selector(".turn:last-child .answer:not([aria-busy])")
    return page.locator(".turn").last
