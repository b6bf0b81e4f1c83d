"""Navigate through the sample book in a browser, with and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser
LARGEST_TITLE_ON_A_PHONE = 32
VIEWS = [(360, 740), (1280, 900)]


def follow(page: Any, link: Any) -> None:
    """Click, and wait until the next page is complete, with the links at its end."""
    with page.expect_navigation(wait_until="load"):
        link.click()


@heavy
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_navigation_links_visit_every_essay_and_lead_back_to_the_cover(
    chromium: Any,
    built_docs: Path,
    docs_sources: list[Path],
    script: bool,  # noqa: FBT001
) -> None:
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto((built_docs / "index.html").as_uri())
    there = [page.url]
    follow(page, page.locator("a", has_text="Start reading"))
    while True:
        there.append(page.url)
        assert page.locator("main h1").count() == 1
        following = page.locator("a.essay-next[rel=next]")
        if not following.count():
            break
        follow(page, following)
    back = [page.url]
    while page.locator("a.essay-previous").count():
        follow(page, page.locator("a.essay-previous"))
        back.append(page.url)
    context.close()
    assert back == there[::-1]
    wanted = set()
    for path in docs_sources:
        inside = next(one for one in path.parents if one.name == "docs")
        wanted.add((built_docs / path.relative_to(inside)).with_suffix(".html").as_uri())
    assert len(there) == len(set(there))
    assert wanted <= set(there)


@heavy
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_does_not_scroll_horizontally_or_log_an_error(
    chromium: Any, built_docs: Path, view: tuple[int, int], scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": view[0], "height": view[1]}, color_scheme=scheme
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: errors.append(str(one)))
    # 404.html has addresses that begin at the site's root, which file:// has not.
    for path in sorted(set(built_docs.rglob("*.html")) - {built_docs / "404.html"}):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
    context.close()
    assert errors == []


def test_title_font_size_fits_a_phone(chromium: Any, built_docs: Path) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 740})
    page = context.new_page()
    for path in built_docs.rglob("collection/**/*.html"):
        page.goto(path.as_uri())
        assert page.evaluate(SIZE_OF_TITLE) <= LARGEST_TITLE_ON_A_PHONE, path.name
    context.close()


SIZE_OF_TITLE = "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
