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
PURE = {
    "book/order.py",
    "book/writing_systems.py",
    "elements/dates.py",
    "elements/dialogue_parser.py",
    "elements/directive_options.py",
    "elements/front_matter.py",
    "elements/locales.py",
    "elements/quoting.py",
}


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
    """Return the layer of a module: ``sphinx_essays.book.order`` is in ``book``."""
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


def needs_sphinx(path: Path) -> bool:
    """Return whether a module imports docutils or Sphinx, directly or by another module."""
    names = imported(path)
    if any(name.split(".")[0] in {"docutils", "sphinx", "sphinxcontrib"} for name in names):
        return True
    inside = [name.split(".")[1:] for name in names if name.startswith("sphinx_essays.")]
    files = [PACKAGE.joinpath(*parts).with_suffix(".py") for parts in inside]
    files += [PACKAGE.joinpath(*parts[:-1]).with_suffix(".py") for parts in inside]
    return any(needs_sphinx(file) for file in files if file.is_file())


def test_module_imports_of_pure_modules_exclude_docutils_and_sphinx() -> None:
    modules = [*PACKAGE.glob("elements/*.py"), *PACKAGE.glob("book/*.py")]
    found = {path.relative_to(PACKAGE).as_posix() for path in modules if not needs_sphinx(path)}
    assert found == PURE


def test_module_docstring_of_each_pure_module_says_so() -> None:
    for path in (*PACKAGE.glob("elements/*.py"), *PACKAGE.glob("book/*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        is_listed = path.relative_to(PACKAGE).as_posix() in PURE
        assert ("imports neither docutils nor Sphinx" in docstring) == is_listed, path.name


def test_package_under_test_is_the_installed_one() -> None:
    checkout = ROOT
    if os.environ.get("CI"):
        assert not PACKAGE.is_relative_to(checkout) or "site-packages" in PACKAGE.parts
    assert (PACKAGE / "theme" / "theme.toml").is_file()
    assert (PACKAGE / "outputs" / "latex" / "sphinxessays.sty").is_file()
