"""What strangers get: a wheel and an sdist that are whole, and the same for the same commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from typing import TYPE_CHECKING

import pytest
from support.heavy import heavy
from support.paths import ROOT

from sphinx_essays.cli.build import BUILDERS, OUTPUTS

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = shutil.ignore_patterns("_build", "__pycache__", ".git", ".*_cache", "*.egg-info")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, without what earlier builds have left."""
    folder = tmp_path_factory.mktemp("checkout") / "sphinx-essays"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    return folder


def build(kind: str, checkout: Path, out: Path) -> Path:
    """Build by the backend of pyproject.toml itself."""
    out.mkdir()
    code = f"from flit_core import buildapi; print(buildapi.build_{kind}({str(out)!r}))"
    command = [sys.executable, "-c", code]
    environment = {"SOURCE_DATE_EPOCH": "1700000000", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    return out / done.stdout.split()[-1]


def package_files() -> set[str]:
    package = ROOT / "sphinx_essays"
    return {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_wheel_contains_every_file_of_the_package(checkout: Path, tmp_path: Path) -> None:
    wheel = build("wheel", checkout, tmp_path / "one")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == package_files()
    for suffix in (".mo", ".typ", ".sty", ".jinja", ".css", ".js", ".html", ".in"):
        assert any(name.endswith(suffix) for name in names), suffix


def test_sdist_contains_what_the_tests_and_the_docs_need(
    checkout: Path, tmp_path: Path
) -> None:
    sdist = build("sdist", checkout, tmp_path / "one")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert package_files() <= names
    assert {"LICENSE", "README.md", "pyproject.toml", "CHANGELOG.md"} <= names
    assert "docs/conf.py" in names
    assert "tests/conftest.py" in names


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_wheel_and_sdist_are_reproducible(checkout: Path, tmp_path: Path, kind: str) -> None:
    one, two = (build(kind, checkout, tmp_path / name) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_package_metadata_passes_twine_check(checkout: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    build("wheel", checkout, out)
    out = tmp_path / "more"
    sdist = build("sdist", checkout, out)
    files = [str(next((tmp_path / "dist").iterdir())), str(sdist)]
    command = [sys.executable, "-m", "twine", "check", "--strict", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_changelog_of_the_next_release_can_be_built() -> None:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "9.9"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = " ".join(done.stdout.split())
    for path in (ROOT / "changes").glob("+*.md"):
        assert " ".join(path.read_text(encoding="utf-8").split()) in told, path.name


@heavy
def test_wheel_alone_builds_the_sample_book_in_every_output(
    checkout: Path, tmp_path: Path
) -> None:
    wheel = build("wheel", checkout, tmp_path / "wheel")
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    install = [programs / "python", "-m", "pip", "install", "-q", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    book, out = tmp_path / "docs", tmp_path / "out"
    shutil.copytree(ROOT / "docs", book, ignore=LEFT_OUT)
    outputs = [one for one in OUTPUTS if one != "linkcheck"]  # which asks the network
    command = [programs / "sphinx-essays", "build", str(book), "-q", "-W", "-o", str(out)]
    done = subprocess.run(
        [*command, *outputs], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for output in outputs:
        folder = out / BUILDERS.get(output, output)
        assert next(iter(folder.glob(OUTPUTS[output] or "*"))).stat().st_size, output
