"""The chat page in a real browser: what a person asks, sees, opens and cannot be tricked by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from .browsing import IN_BROWSER, ask, opened_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = IN_BROWSER


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened_page(browser, address) as opened:
        yield opened


def test_enter_asks_and_the_answer_is_its_quotes_with_their_places(page: Page) -> None:
    turn = ask(page, "What is the default rate?")
    assert turn.locator("h2").inner_text() == "What is the default rate?"
    first = turn.locator(".citation").first
    assert "The default rate is four litres in a second" in first.locator("blockquote").inner_text()
    assert first.locator(".place").inner_text() == "books/guide.md:11-12"
    assert first.locator(".checked").inner_text() == "✓ checked"
    assert first.locator(".why").inner_text() == "dense+lexical: similarity 0.71; words: default, rate"
    assert page.input_value("#question") == ""


def test_the_steps_show_while_they_happen_and_stay_to_be_read(page: Page, scripted: Any) -> None:
    page.fill("#question", "wait for the rate")
    page.press("#question", "Enter")
    page.wait_for_selector(".live b:text('route')")
    assert page.inner_text("#send") == "Stop"
    scripted.hold.set()
    page.click(".trace summary")
    assert page.locator(".trace li b").all_inner_texts() == ["route", "fused", "read", "verify"]
    assert page.locator(".trace .time").all_inner_texts() == ["< 1 ms", "31 ms", "89 ms", "1 ms"]
    assert page.inner_text("#send") == "Ask"


@pytest.mark.parametrize("opened_by", [".mark", ".place"])
def test_a_citation_opens_the_stored_document_with_exactly_its_quote_marked(page: Page, opened_by: str) -> None:
    turn = ask(page, "What is the default rate?")
    quote = turn.locator("blockquote").first.text_content()
    turn.locator(opened_by).first.click()
    page.wait_for_selector("#document mark")
    assert "\n".join(page.locator("#document mark").all_text_contents()) == quote
    lines = page.locator("#document .line").filter(has=page.locator("mark"))
    assert [line.get_attribute("data-line") for line in lines.all()] == ["11", "12"]
    assert page.inner_text("#document-name") == "books/guide.md"


def test_escape_closes_the_document_and_the_focus_returns(page: Page) -> None:
    ask(page, "What is the default rate?").locator(".place").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#document mark")
    page.keyboard.press("Escape")
    assert page.is_hidden("#document")
    assert page.evaluate("document.activeElement.className") == "place"


def test_markup_in_a_document_is_shown_as_text(page: Page) -> None:
    turn = ask(page, "Is there a script?")
    turn.locator(".place").first.click()
    page.wait_for_selector("#document mark")
    shown = page.inner_text("#document mark")
    assert shown.startswith("<script>document.title")
    assert page.locator("#turns script, #turns img, #document script, #document img").count() == 0
    assert page.title() == "Evidentia"


def test_markdown_is_set_as_lists_code_and_tables(page: Page) -> None:
    steps = ask(page, "How is it started by hand?").locator("blockquote").first
    assert steps.locator("ol > li").count() == 2
    assert steps.locator("em").inner_text() == "valve"
    assert steps.locator("li code").first.inner_text() == "pump start"
    assert steps.locator("pre code").inner_text() == "tail -f pump.log  # **not** emphasis"
    assert [link.get_attribute("href") for link in steps.locator("a").all()] == ["https://example.org/log"]
    assert steps.locator("mark").all_inner_texts() == ["Run ", "pump start", ", then see ", "the log"]
    table = ask(page, "Which settings are there?").locator("blockquote").first
    assert table.locator("th").all_inner_texts() == ["name", "default", "meaning"]
    assert table.locator("td").all_inner_texts() == ["rate", "4 l/s", "how fast it pumps"]


def test_markup_in_a_question_is_shown_as_text(page: Page) -> None:
    question = "<img src=x onerror=\"document.title='taken'\"><b>rate</b>?"
    turn = ask(page, question)
    assert turn.locator("h2").inner_text() == question
    assert turn.locator("h2 *").count() == 0
    assert page.title() == "Evidentia"


def test_the_page_could_not_write_markup_if_it_tried(browser: Browser, address: str) -> None:
    opened = browser.new_page()
    opened.goto(address)
    assert opened.evaluate("() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } }")
    opened.close()


def test_a_question_without_an_answer_looks_like_none(page: Page) -> None:
    turn = ask(page, "Is there a pump on the moon?")
    assert turn.locator(".not-found .head").inner_text().endswith("Not found here")
    assert "may be about something else" in turn.inner_text()
    assert turn.locator(".citation.nearest").count() == 1


def test_what_a_model_wrote_without_support_is_marked(page: Page) -> None:
    page.locator("label", has_text="Written").click()
    turn = ask(page, "What is the rate?")
    assert "Written by SmolLM2-135M-Instruct" in turn.inner_text()
    assert turn.locator(".prose").first.inner_text().startswith("The pump moves four litres in a second by default.")
    assert turn.locator(".unsupported").all_inner_texts() == ["It was invented in 1804."]
    assert "not supported by the evidence" in turn.locator(".left-out").inner_text()


def test_rows_of_the_graph_are_a_table_beside_their_query(page: Page) -> None:
    turn = ask(page, "Who calls check?")
    assert turn.locator("th").all_inner_texts() == ["symbol", "edge", "file", "line", "resolution"]
    assert turn.locator("td").all_inner_texts()[:5] == ["start", "CALLS", "books/pump.py", "1", "exact"]
    assert turn.locator(".query").inner_text().startswith("MATCH (c)-[:CALLS]->")
    assert turn.locator(".line-card blockquote").inner_text() == "check(rate)"


def test_a_question_in_cypher_runs_as_a_query(page: Page) -> None:
    turn = ask(page, "MATCH (f:FUNCTION) RETURN f.name AS name, f.line AS line")
    assert turn.locator("td").all_inner_texts() == ["start", "1", "check", ""]
    refused = ask(page, "MATCH (n) DELETE n")
    assert "only reads are allowed" in refused.inner_text().lower()


def test_a_failure_says_what_where_and_what_to_do(page: Page, scripted: Any) -> None:
    turn = ask(page, "which model?")
    assert turn.locator(".failed .head").inner_text().endswith("The model is not on this machine.")
    assert turn.locator(".where").inner_text() == "SmolLM2-135M-Instruct"
    assert "evidentia model get" in turn.inner_text()
    turn.locator("text=Try again").click()
    page.wait_for_selector(".turn:nth-child(2) .failed")


def test_a_fault_of_the_server_shows_no_detail(page: Page) -> None:
    text = ask(page, "break").inner_text()
    assert "Something went wrong inside the server." in text
    assert "secret" not in text


def test_stop_ends_the_work_on_the_server(page: Page, scripted: Any) -> None:
    page.fill("#question", "forever")
    page.press("#question", "Enter")
    page.wait_for_selector(".live b:text('fused')")
    page.click("#send")
    page.wait_for_selector(".answer.stopped")
    assert scripted.closed.wait(5)


def test_several_turns_stay_on_the_page(page: Page) -> None:
    for question in ("What is the rate?", "Is there a moon?", "Who calls check?"):
        ask(page, question)
    assert page.locator(".turn h2").all_inner_texts() == ["What is the rate?", "Is there a moon?", "Who calls check?"]


def test_an_empty_question_asks_nothing(page: Page) -> None:
    page.fill("#question", "   ")
    page.press("#question", "Enter")
    assert page.locator(".turn").count() == 0


def test_the_status_line_opens_the_library_and_its_skipped_files(page: Page) -> None:
    page.wait_for_selector("#status-line:text('2 documents')")
    assert page.inner_text("#status-line") == "2 documents · 9 passages · SmolLM2-135M-Instruct"
    page.click("#status")
    page.wait_for_selector("#library[open]")
    assert "/books/old.pdf\nthe PDF is damaged: no pages" in page.inner_text("#library-body")
    assert "/books/plan.docx\n2 pictures without text" in page.inner_text("#library-body")
    page.keyboard.press("Escape")
    assert page.is_hidden("#library")


def test_the_library_lists_its_documents_which_open(page: Page) -> None:
    page.click("#status")
    page.locator("#library-body .place", has_text="books/guide.md").click()
    page.wait_for_selector("#document-text mark, #document-text *")
    assert page.is_hidden("#library")
    assert "guide.md" in page.inner_text("#document-name")


def test_questions_made_from_the_library_can_be_clicked(page: Page) -> None:
    page.locator(".example").first.click()
    page.wait_for_selector(".turn:last-child .answer:not([aria-busy])")
    assert page.locator(".turn h2").inner_text() == "Who calls `pump`?"


def test_turns_stay_over_a_reload_until_they_are_cleared(page: Page) -> None:
    said = ask(page, "What is the default rate?").inner_text()
    page.reload()
    assert page.locator(".turn").inner_text() == said
    page.click("#status")
    with page.expect_navigation():
        page.locator("#library-body button", has_text="Clear").click()
    assert page.locator(".turn").count() == 0


def test_an_answer_is_copied_with_its_marks(page: Page) -> None:
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    ask(page, "What is the default rate?").locator(".copy").click()
    page.wait_for_selector(".copy:text('Copied')")
    copied = page.evaluate("window.copied")
    assert "[1]: books/guide.md:11-12\n> " in copied


def test_an_answer_is_copied_where_the_browser_gives_no_clipboard(page: Page) -> None:
    """As on http addresses of other machines."""
    page.evaluate("""Object.defineProperty(navigator, 'clipboard', {value: undefined});
        document.execCommand = () => { window.copied = document.activeElement.value; return true; }""")
    ask(page, "What is the default rate?").locator(".copy").click()
    page.wait_for_selector(".copy:text('Copied')")
    assert "[1]: books/guide.md:11-12\n> " in page.evaluate("window.copied")
    assert page.evaluate("document.activeElement.className") == "plain copy"


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_nothing_is_cut_off_at_any_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    ask(page, "What is the default rate?").locator(".place").first.click()
    page.wait_for_selector("#document mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    ask(page, "Who calls check?")
    box = page.locator("#send").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width


def test_a_server_with_a_token_asks_for_it_once(browser: Browser, guarded: str) -> None:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(guarded)
    opened.fill("#token", "sesame")
    opened.keyboard.press("Enter")
    opened.wait_for_selector("#status-line:text('2 documents')")
    assert ask(opened, "What is the default rate?").locator(".citation").count() == 2
    context.close()


def test_a_token_behind_the_address_is_taken_and_removed_from_it(browser: Browser, guarded: str) -> None:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{guarded}/#token=sesame")
    opened.wait_for_selector("#status-line:text('2 documents')")
    assert opened.url == f"{guarded}/"
    context.close()
