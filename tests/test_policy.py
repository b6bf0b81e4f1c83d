"""Every page is correct HTML, and works where a site allows nothing but its own files."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Reader


@pytest.mark.npm
def test_the_nu_checker_finds_no_error_on_any_page(
    built_docs: Path, node_modules: Path
) -> None:
    """One run of Java over all pages, for each start costs seconds."""
    jar = node_modules / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pages = sorted(str(path) for path in built_docs.rglob("*.html"))
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--also-check-svg"]
    command = ["java", "-Xss4m", "-jar", str(jar), *options, *pages]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    messages = json.loads(done.stdout)["messages"]
    assert len(pages) >= 20
    found = [
        f"{one['url'].rpartition('/html/')[2]}:{one.get('lastLine', '?')}: {one['message']}"
        for one in messages
        if one["type"] != "info"
    ]
    assert found == [], "\n".join(found)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_breaks_the_strict_policy_or_asks_another_host(
    built_docs: Path, served_docs: str, reader: Callable[..., Reader], width: int
) -> None:
    visitor = reader(width)
    wrong = []
    for path in sorted(built_docs.rglob("*.html")):
        name = path.relative_to(built_docs).as_posix()
        visitor.complaints.clear()
        visitor.requests.clear()
        visitor.goes_to(served_docs + name)
        elsewhere = [one for one in visitor.requests if not one.startswith(served_docs)]
        wrong += [f"{name}: {one}" for one in [*visitor.complaints, *elsewhere]]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.browser
def test_the_instrument_sees_a_breach_of_the_policy(
    serve: Callable[[Path], str], reader: Callable[..., Reader], tmp_path: Path
) -> None:
    """A test that can only pass says nothing."""
    (tmp_path / "index.html").write_text('<p style="color: red">Red.</p>', encoding="utf-8")
    visitor = reader()
    visitor.goes_to(serve(tmp_path))
    assert any("policy: style-src" in one for one in visitor.complaints)
