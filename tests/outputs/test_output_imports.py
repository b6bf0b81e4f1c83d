"""Outputs share modules directly in ``outputs``; they do not import each other."""

from __future__ import annotations

import re
from pathlib import Path

import sphinx_essays.outputs

OUTPUTS = Path(sphinx_essays.outputs.__file__).parent
NAMES = {path.name for path in OUTPUTS.iterdir() if (path / "__init__.py").exists()}
IMPORTED = re.compile(r"^\s*from sphinx_essays\.outputs\.(\w+)", re.MULTILINE)
# The web is published, and the e-book uses its renderer of formulas.
ALLOWED = {("publishing", "html"), ("epub", "html")}


def test_output_imports_no_other_output() -> None:
    found = {
        (output, name)
        for output in NAMES
        for path in (OUTPUTS / output).rglob("*.py")
        for name in IMPORTED.findall(path.read_text(encoding="utf-8"))
        if name in NAMES - {output}
    }
    assert {"epub", "html", "latex", "publishing", "typst"} <= NAMES
    assert found <= ALLOWED
