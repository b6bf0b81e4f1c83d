"""Test what each script does, served under a strict policy and opened as a file.

Each test also runs without the script, and must then fail: otherwise it tests nothing.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy, heavy_except

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.browser import Reader

pytestmark = pytest.mark.browser
ESSAY = "collection/street/the-ferry.html"
NEXT = "collection/town/index.html"
PATIENCE = 4_000  # milliseconds to wait for something that a removed script would do
PAPER = "getComputedStyle(document.documentElement).backgroundColor"


def colour_scheme_and_text_size_are_kept_between_pages(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    light, size = (
        page.evaluate(PAPER),
        page.evaluate("getComputedStyle(document.body).fontSize"),
    )
    page.click("[data-essay-open=settings]")
    page.check("#essay-dialog-settings input[name=theme][value=dark]")
    page.check("#essay-dialog-settings input[name=size][value=huge]")
    page.click("#essay-dialog-settings .essay-close")
    visitor.goes_to(book + NEXT)
    assert page.evaluate(PAPER) != light
    assert page.evaluate("getComputedStyle(document.body).fontSize") > size
    page.click("[data-essay-open=settings]")
    assert page.is_checked("#essay-dialog-settings input[name=theme][value=dark]")
    page.check("#essay-dialog-settings input[name=theme][value='']")
    page.check("#essay-dialog-settings input[name=size][value='']")
    assert page.evaluate(PAPER) == light


def cover_offers_to_continue_reading(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + "index.html")
    assert page.inner_text(".essay-start a") == "Start reading"
    visitor.goes_to(book + ESSAY)
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    visitor.goes_to(book + "index.html")
    assert page.inner_text(".essay-start a") == "Continue: The wrong side of the river"
    page.click(".essay-start a")
    page.wait_for_load_state()
    assert page.url.startswith(f"{book}{ESSAY}#p-")
    assert page.evaluate("scrollY") > 0


def arrow_keys_turn_pages_unless_disabled(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(book + NEXT, timeout=PATIENCE)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(book + ESSAY, timeout=PATIENCE)
    page.keyboard.press("?")
    page.uncheck("#essay-dialog-keys input[name=keys]", timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.url == book + ESSAY
    page.click("[data-essay-open=settings]")
    page.click("#essay-dialog-settings [data-essay-open=keys]")
    page.check("#essay-dialog-keys input[name=keys]")


def contents_overlay_opens_and_its_links_work(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.click("header [data-essay-open=contents]")
    here = page.locator("#essay-dialog-contents a[aria-current]")
    assert here.inner_text(timeout=PATIENCE) == "The wrong side of the river"
    page.click("#essay-dialog-contents a:text('Quiet carriage')")
    page.wait_for_url(book + "collection/telephone.html", timeout=PATIENCE)


def sidenote_is_in_the_margin_or_opens_in_place(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    mark = page.locator("a.footnote-reference").first
    note = page.locator("aside.footnote").first
    assert abs(mark.bounding_box()["y"] - note.bounding_box()["y"]) < 40
    assert note.evaluate("one => getComputedStyle(one).visibility") == "visible"
    page.set_viewport_size({"width": 390, "height": 800})
    visitor.settles()
    words = note.locator("p").first.inner_text()
    mark.click()
    opened = page.locator(".essay-sidenote:popover-open")
    assert opened.inner_text(timeout=PATIENCE).strip() == words
    assert 0 < opened.bounding_box()["y"] - mark.bounding_box()["y"] < 400
    page.keyboard.press("Escape")
    assert not opened.count()


def paragraph_shows_its_link_on_hover(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    paragraph = page.locator("main section > p[id^=p-]").nth(3)
    paragraph.hover()
    page.click(".essay-paragraph-link:visible", timeout=PATIENCE)
    assert page.url == f"{book}{ESSAY}#{paragraph.get_attribute('id')}"
    assert page.locator("p:target").count() == 1


def selection_can_be_copied_as_a_quotation(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.evaluate(
        """() => {
          window.copied = [];
          navigator.clipboard.writeText = async text => void window.copied.push(text);
          const words = document.querySelectorAll("main section > p[id]")[2].firstChild;
          getSelection().setBaseAndExtent(words, 0, words, 20);
        }"""
    )
    said = page.evaluate("getSelection().toString().trim()")
    page.click(".essay-quote-button:visible", timeout=PATIENCE)
    quoted = page.evaluate("window.copied[0]")
    assert quoted.startswith(
        f"“{said}”\n— The sphinx-essays authors, The wrong side of the river"
    )
    assert quoted.splitlines()[-1].startswith(f"{book}{ESSAY}#:~:text=")
    page.click(".essay-cite summary")
    page.click(".essay-cite button >> nth=1", timeout=PATIENCE)
    assert page.evaluate("window.copied[1]").startswith("@incollection{")
    assert page.inner_text(".essay-cite button >> nth=1") == "Copied"


def search_box_opens_with_a_key_and_shows_results(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.keyboard.press("/")
    page.locator("#essay-dialog-search input[name=q]").press_sequentially(
        "ironmong", timeout=PATIENCE
    )
    found = page.locator("#essay-dialog-search .essay-search-results li")
    found.first.wait_for(timeout=PATIENCE)
    assert "What the ironmonger knew" in found.first.inner_text()
    assert "The street" in found.first.inner_text()
    assert re.match(r"Found: \d+$", page.inner_text("#essay-dialog-search [role=status]"))
    found.locator("mark").first.wait_for(timeout=PATIENCE)
    assert "ironmonger" in found.locator("mark").all_inner_texts()
    page.wait_for_timeout(300)  # until the results for the last letter are shown
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/the-ironmonger.html*", timeout=PATIENCE)


def results_page_shows_results_for_the_submitted_query(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.keyboard.press("/")
    page.fill("#essay-dialog-search input[name=q]", "ironmonger", timeout=PATIENCE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=ironmonger", timeout=PATIENCE)
    found = page.locator("main .essay-search-results li a", has_text="What the ironmonger knew")
    found.first.wait_for(timeout=PATIENCE)
    assert page.input_value("main input[name=q]") == "ironmonger"
    page.fill("main input[name=q]", "tide xylophone")
    page.locator("main [role=status]", has_text="Nothing found").wait_for(timeout=PATIENCE)
    assert not found.count()


BEHAVIOURS: dict[str, tuple[str, Callable[[Any, str], None]]] = {
    "settings": ("settings.js", colour_scheme_and_text_size_are_kept_between_pages),
    "resume": ("resume.js", cover_offers_to_continue_reading),
    "keyboard": ("keyboard.js", arrow_keys_turn_pages_unless_disabled),
    "contents": ("overlays.js", contents_overlay_opens_and_its_links_work),
    "notes": ("notes.js", sidenote_is_in_the_margin_or_opens_in_place),
    "paragraphs": ("paragraphs.js", paragraph_shows_its_link_on_hover),
    "quote": ("quote.js", selection_can_be_copied_as_a_quotation),
    "search": ("search.js", search_box_opens_with_a_key_and_shows_results),
    "overlay": ("overlays.js", search_box_opens_with_a_key_and_shows_results),
    "results": ("search.js", results_page_shows_results_for_the_submitted_query),
}


@pytest.mark.parametrize("place", heavy_except(["served", "file"], "served"))
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_javascript_behaviour_works_under_strict_csp_and_from_a_file(
    built_docs: Path, served_docs: str, reader: Callable[..., Reader], name: str, place: str
) -> None:
    book = served_docs if place == "served" else built_docs.as_uri() + "/"
    visitor = reader(1280)
    visitor.page.set_default_timeout(PATIENCE * 2)
    BEHAVIOURS[name][1](visitor, book)
    assert visitor.complaints == []


@heavy
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_javascript_behaviour_is_missing_without_its_script(
    built_docs: Path, tmp_path: Path, reader: Callable[..., Reader], name: str
) -> None:
    script, behaviour = BEHAVIOURS[name]
    shutil.copytree(built_docs, tmp_path / "book")
    (tmp_path / "book" / "_static" / "essays" / script).unlink()
    visitor = reader(1280)
    visitor.page.set_default_timeout(1_500)
    with pytest.raises(Exception, match=r"assert|Timeout|Error"):
        behaviour(visitor, (tmp_path / "book").as_uri() + "/")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_arrow_keys_follow_the_reading_direction(
    built_docs: Path, reader: Callable[..., Reader], direction: str
) -> None:
    visitor = reader(1280)
    visitor.goes_to((built_docs / ESSAY).as_uri())
    visitor.page.evaluate(f"document.documentElement.dir = '{direction}'")
    visitor.page.keyboard.press("ArrowRight" if direction == "ltr" else "ArrowLeft")
    visitor.page.wait_for_url((built_docs / NEXT).as_uri(), timeout=PATIENCE)


def test_keyboard_shortcuts_are_ignored_while_typing(
    built_docs: Path, reader: Callable[..., Reader]
) -> None:
    visitor = reader(1280)
    visitor.goes_to((built_docs / "search.html").as_uri())
    visitor.page.locator("main input[name=q]").press_sequentially("c?/")
    visitor.page.keyboard.press("ArrowLeft")
    assert visitor.page.locator("dialog[open]").count() == 0
    assert visitor.page.input_value("main input[name=q]") == "c?/"
