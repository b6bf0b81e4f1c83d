"""What the strictest of the common judges says of a phone's page: nothing."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.npm, pytest.mark.browser]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]


@pytest.mark.parametrize("name", ["index", "collection/street/the-lido"])
def test_lighthouse_gives_a_hundred_in_all_four(
    served_docs: str, node_modules: Path, chromium_path: str, name: str
) -> None:
    """A figure below 100 is told with the audits that have cost it."""
    program = str(node_modules / "lighthouse" / "cli" / "index.js")
    command = [
        "node", program, f"{served_docs}{name}.html",
        "--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless --no-sandbox --disable-gpu",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": chromium_path}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    report = json.loads(done.stdout)
    scores = {one: round(report["categories"][one]["score"] * 100) for one in CATEGORIES}
    costly = [
        f"{category}: {one['id']} {report['audits'][one['id']]['score']}"
        f" {report['audits'][one['id']].get('displayValue', '')}"
        for category in CATEGORIES
        for one in report["categories"][category]["auditRefs"]
        if one["weight"]
        and (report["audits"][one["id"]]["score"] or 0) < 1
        and report["audits"][one["id"]]["scoreDisplayMode"] not in {"notApplicable", "manual"}
    ]
    assert scores == dict.fromkeys(CATEGORIES, 100), "\n".join([str(scores), *costly])
