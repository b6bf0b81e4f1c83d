"""Test that pages are valid HTML and work under ``default-src 'self'``."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.heavy import heavy, heavy_except

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.browser import Reader


@heavy
def test_page_html_has_no_errors_in_the_nu_checker(
    built_docs: Path, node_modules: Path
) -> None:
    """Validate all pages in a single run, because each start of Java takes seconds."""
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
@pytest.mark.parametrize("step", heavy_except([1, 4], 4), ids="every {}".format)
@pytest.mark.parametrize("width", heavy_except([360, 1280], 1280))
def test_page_respects_strict_csp_and_requests_no_other_host(
    *,
    built_docs: Path,
    served_docs: str,
    reader: Callable[..., Reader],
    width: int,
    step: int,
) -> None:
    """Each page, or in an ordinary run each fourth."""
    visitor = reader(width)
    wrong = []
    for path in sorted(built_docs.rglob("*.html"))[::step]:
        name = path.relative_to(built_docs).as_posix()
        visitor.complaints.clear()
        visitor.requests.clear()
        visitor.goes_to(served_docs + name)
        elsewhere = [one for one in visitor.requests if not one.startswith(served_docs)]
        wrong += [f"{name}: {one}" for one in [*visitor.complaints, *elsewhere]]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.browser
def test_csp_check_detects_a_violation(
    serve: Callable[[Path], str], reader: Callable[..., Reader], tmp_path: Path
) -> None:
    """Check that the tests above can fail."""
    (tmp_path / "index.html").write_text('<p style="color: red">Red.</p>', encoding="utf-8")
    visitor = reader()
    visitor.goes_to(serve(tmp_path))
    assert any("policy: style-src" in one for one in visitor.complaints)
