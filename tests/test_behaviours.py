"""What a script does for a reader: it works from a server under the strict policy and
from a file, and stops when its script is taken away, for the page does not need it.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Reader

pytestmark = pytest.mark.browser
ESSAY = "collection/street/the-ferry.html"
NEXT = "collection/town/index.html"
PATIENCE = 4_000  # milliseconds, for what a removed script never does
PAPER = "getComputedStyle(document.documentElement).backgroundColor"


def a_choice_of_paper_and_size_is_kept_from_page_to_page(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    light, size = (
        page.evaluate(PAPER),
        page.evaluate("getComputedStyle(document.body).fontSize"),
    )
    page.click("[data-essays-open=settings]")
    page.check("#essays-settings input[name=theme][value=dark]")
    page.check("#essays-settings input[name=size][value=huge]")
    page.click("#essays-settings .essays-close")
    visitor.goes_to(book + NEXT)
    assert page.evaluate(PAPER) != light
    assert page.evaluate("getComputedStyle(document.body).fontSize") > size
    page.click("[data-essays-open=settings]")
    assert page.is_checked("#essays-settings input[name=theme][value=dark]")
    page.check("#essays-settings input[name=theme][value='']")
    page.check("#essays-settings input[name=size][value='']")
    assert page.evaluate(PAPER) == light


def the_cover_offers_to_go_on_where_one_stopped(visitor: Reader, book: str) -> None:
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


def the_arrow_keys_turn_pages_unless_switched_off(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(book + NEXT, timeout=PATIENCE)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(book + ESSAY, timeout=PATIENCE)
    page.keyboard.press("?")
    page.uncheck("#essays-keys input[name=keys]", timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.url == book + ESSAY
    page.click("[data-essays-open=settings]")
    page.click("#essays-settings [data-essays-open=keys]")
    page.check("#essays-keys input[name=keys]")


def the_contents_open_above_the_page_and_lead_on(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.click("header [data-essays-open=contents]")
    here = page.locator("#essays-contents a[aria-current]")
    assert here.inner_text(timeout=PATIENCE) == "The wrong side of the river"
    page.click("#essays-contents a:text('Quiet carriage')")
    page.wait_for_url(book + "collection/telephone.html", timeout=PATIENCE)


def a_note_stands_in_the_margin_or_opens_where_one_reads(visitor: Reader, book: str) -> None:
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
    opened = page.locator(".essays-note:popover-open")
    assert opened.inner_text(timeout=PATIENCE).strip() == words
    assert 0 < opened.bounding_box()["y"] - mark.bounding_box()["y"] < 400
    page.keyboard.press("Escape")
    assert not opened.count()


def the_paragraph_under_the_pointer_offers_its_link(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    paragraph = page.locator("main section > p[id^=p-]").nth(3)
    paragraph.hover()
    page.click(".essays-paragraph-link:visible", timeout=PATIENCE)
    assert page.url == f"{book}{ESSAY}#{paragraph.get_attribute('id')}"
    assert page.locator("p:target").count() == 1


def what_is_selected_is_offered_as_a_quotation(visitor: Reader, book: str) -> None:
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
    page.click(".essays-quote:visible", timeout=PATIENCE)
    quoted = page.evaluate("window.copied[0]")
    assert quoted.startswith(
        f"“{said}”\n— The sphinx-essays authors, The wrong side of the river"
    )
    assert quoted.splitlines()[-1].startswith(f"{book}{ESSAY}#:~:text=")
    page.click(".essays-cite summary")
    page.click(".essays-cite button >> nth=1", timeout=PATIENCE)
    assert page.evaluate("window.copied[1]").startswith("@incollection{")
    assert page.inner_text(".essays-cite button >> nth=1") == "Copied"


def the_search_box_opens_by_a_key_and_finds(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.keyboard.press("/")
    page.locator("#essays-search input[name=q]").press_sequentially(
        "ironmong", timeout=PATIENCE
    )
    found = page.locator("#essays-search .essays-results li")
    found.first.wait_for(timeout=PATIENCE)
    assert "What the ironmonger knew" in found.first.inner_text()
    assert "The street" in found.first.inner_text()
    assert re.match(r"Found: \d+$", page.inner_text("#essays-search [role=status]"))
    found.locator("mark").first.wait_for(timeout=PATIENCE)
    assert "ironmonger" in found.locator("mark").all_inner_texts()
    page.wait_for_timeout(300)  # until what was typed last has been found
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/the-ironmonger.html*", timeout=PATIENCE)


def the_results_page_finds_what_the_box_is_sent_for(visitor: Reader, book: str) -> None:
    page = visitor.page
    visitor.goes_to(book + ESSAY)
    page.keyboard.press("/")
    page.fill("#essays-search input[name=q]", "ironmonger", timeout=PATIENCE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=ironmonger", timeout=PATIENCE)
    found = page.locator("main .essays-results li a", has_text="What the ironmonger knew")
    found.first.wait_for(timeout=PATIENCE)
    assert page.input_value("main input[name=q]") == "ironmonger"
    page.fill("main input[name=q]", "tide xylophone")
    page.locator("main [role=status]", has_text="Nothing found").wait_for(timeout=PATIENCE)
    assert not found.count()


BEHAVIOURS: dict[str, tuple[str, Callable[[Any, str], None]]] = {
    "settings": ("settings.js", a_choice_of_paper_and_size_is_kept_from_page_to_page),
    "resume": ("resume.js", the_cover_offers_to_go_on_where_one_stopped),
    "keyboard": ("keyboard.js", the_arrow_keys_turn_pages_unless_switched_off),
    "contents": ("overlays.js", the_contents_open_above_the_page_and_lead_on),
    "notes": ("notes.js", a_note_stands_in_the_margin_or_opens_where_one_reads),
    "paragraphs": ("paragraphs.js", the_paragraph_under_the_pointer_offers_its_link),
    "quote": ("quote.js", what_is_selected_is_offered_as_a_quotation),
    "search": ("search.js", the_search_box_opens_by_a_key_and_finds),
    "overlay": ("overlays.js", the_search_box_opens_by_a_key_and_finds),
    "results": ("search.js", the_results_page_finds_what_the_box_is_sent_for),
}


@pytest.mark.parametrize("place", ["served", "file"])
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_each_behaviour_works_under_the_policy_and_from_a_file(
    built_docs: Path, served_docs: str, reader: Callable[..., Reader], name: str, place: str
) -> None:
    book = served_docs if place == "served" else built_docs.as_uri() + "/"
    visitor = reader(1280)
    visitor.page.set_default_timeout(PATIENCE * 2)
    BEHAVIOURS[name][1](visitor, book)
    assert visitor.complaints == []


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_no_behaviour_is_there_without_its_script(
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
def test_the_arrows_point_the_way_one_reads(
    built_docs: Path, reader: Callable[..., Reader], direction: str
) -> None:
    visitor = reader(1280)
    visitor.goes_to((built_docs / ESSAY).as_uri())
    visitor.page.evaluate(f"document.documentElement.dir = '{direction}'")
    visitor.page.keyboard.press("ArrowRight" if direction == "ltr" else "ArrowLeft")
    visitor.page.wait_for_url((built_docs / NEXT).as_uri(), timeout=PATIENCE)


def test_keys_do_nothing_while_one_types(
    built_docs: Path, reader: Callable[..., Reader]
) -> None:
    visitor = reader(1280)
    visitor.goes_to((built_docs / "search.html").as_uri())
    visitor.page.locator("main input[name=q]").press_sequentially("c?/")
    visitor.page.keyboard.press("ArrowLeft")
    assert visitor.page.locator("dialog[open]").count() == 0
    assert visitor.page.input_value("main input[name=q]") == "c?/"
