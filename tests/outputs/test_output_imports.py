"""Test that an output shares code through ``outputs`` and not through another output."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sphinx_essays.outputs

OUTPUTS = Path(sphinx_essays.outputs.__file__).parent


@pytest.mark.parametrize("name", ["epub", "html", "latex", "publishing", "typst"])
def test_output_imports_no_other_output(name: str) -> None:
    others = {path.parent.name for path in OUTPUTS.glob("*/__init__.py")} - {name}
    assert others
    imported = [
        f"{path.name}: {node.module}"
        for path in OUTPUTS.joinpath(name).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for target in [f"{node.module}.{alias.name}" for alias in node.names]
        if target.startswith("sphinx_essays.outputs.") and target.split(".")[2] in others
    ]
    assert imported == []
