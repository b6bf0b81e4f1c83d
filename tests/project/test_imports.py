"""Imports run one way, and the tests judge what was installed."""

from __future__ import annotations

import ast
import os
from pathlib import Path

from support.paths import ROOT

import sphinx_essays

PACKAGE = Path(sphinx_essays.__file__).parent
RANKS = {"compat": 0, "messages": 0, "config": 0, "elements": 1, "book": 2, "outputs": 3, "": 4}
APART = {"live", "cli", "importing"}
READ_BY_IMPORTING = {"sphinx_essays.elements.dates", "sphinx_essays.elements.dialogue_parser"}
PURE = [
    "elements/dialogue_parser.py",
    "elements/locales.py",
    "elements/dates.py",
    "elements/quoting.py",
    "elements/directive_options.py",
]
PURE += ["book/order.py"]


def imported(path: Path) -> set[str]:
    """The modules that a file imports, by their full names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layer(name: str) -> str:
    """The layer of a module of ours: ``sphinx_essays.book.order`` stands in ``book``."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in RANKS.keys() | APART else ""


def test_module_imports_point_only_from_outputs_towards_messages() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        inside = ".".join(("sphinx_essays", *path.relative_to(PACKAGE).with_suffix("").parts))
        here = layer(inside)
        for name in imported(path):
            if name.startswith("sphinx_essays.") and here not in APART:
                there = layer(name)
                if there in APART or RANKS[there] > RANKS[here]:
                    wrong.append(f"{inside} imports {name}")
    assert not wrong, "imports point from outputs to book to elements to messages, never back"


def test_module_imports_of_the_cli_are_limited_to_live_and_importing() -> None:
    for path in PACKAGE.glob("cli/*.py"):
        ours = {name for name in imported(path) if name.startswith("sphinx_essays.")}
        assert {layer(name) for name in ours} <= {"cli", "live", "importing", "compat", ""}


def test_module_imports_of_importing_are_limited_to_dates_and_script() -> None:
    for path in PACKAGE.glob("importing/*.py"):
        ours = {name for name in imported(path) if name.startswith("sphinx_essays.")}
        elsewhere = {name for name in ours if layer(name) != "importing"}
        assert elsewhere <= READ_BY_IMPORTING, path.name


def test_module_imports_of_pure_modules_exclude_docutils_and_sphinx() -> None:
    for name in PURE:
        roots = {module.split(".")[0] for module in imported(PACKAGE / name)}
        assert not roots & {"docutils", "sphinx"}, name


def test_package_under_test_is_the_installed_one() -> None:
    checkout = ROOT
    if os.environ.get("CI"):
        assert not PACKAGE.is_relative_to(checkout) or "site-packages" in PACKAGE.parts
    assert (PACKAGE / "theme" / "theme.toml").is_file()
    assert (PACKAGE / "outputs" / "latex" / "sphinxessays.sty").is_file()
