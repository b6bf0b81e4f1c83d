"""The steps of the tutorial, typed as printed, produce a website, a PDF and an e-book."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import venv
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.heavy import heavy
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = ROOT / "docs" / "tutorial.rst"
BLOCK = re.compile(
    r"^\.\. code-block:: (?P<language>\w+)\n(?:   :caption: (?P<caption>.*)\n)?\n"
    r"(?P<text>(?:   .*\n|\n)+)",
    re.MULTILINE,
)
SERVES = "Serving on"
TIME = 120  # seconds; more than any step takes


class Step(NamedTuple):
    """A step of the tutorial: a command to run or a file to write."""

    command: str
    file: str
    text: str
    is_added: bool  # appended to an existing file


def steps() -> list[Step]:
    found = []
    for block in BLOCK.finditer(TUTORIAL.read_text(encoding="utf-8")):
        text = textwrap.dedent(block["text"]).strip("\n") + "\n"
        if block["language"] == "console":
            found += [Step(line[2:], "", "", is_added=False) for line in text.splitlines()]
        elif block["caption"]:
            file, _, where = block["caption"].partition(", ")
            found.append(Step("", file, text, is_added=bool(where)))
    return found


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts folder of a virtual environment that contains only pip."""
    folder = tmp_path_factory.mktemp("empty_environment") / "venv"
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def serve(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run until an address is printed, then press Ctrl-C."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if SERVES in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=TIME)
    assert SERVES in "".join(lines[-1:]), "".join(lines)


@heavy
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Ctrl-C to be sent")
def test_tutorial_steps_produce_a_website_a_pdf_and_an_epub(
    tmp_path: Path, empty_environment: Path
) -> None:
    environment = dict(os.environ, PATH=f"{empty_environment}{os.pathsep}{os.environ['PATH']}")
    environment.pop("PYTHONPATH", None)
    for step in steps():
        if step.file:
            path = tmp_path / step.file
            before = path.read_text(encoding="utf-8") if step.is_added else ""
            path.write_text(before + step.text, encoding="utf-8")
            continue
        command = shlex.split(step.command)
        command[0] = str(empty_environment / command[0])
        command = [str(ROOT) if word == "sphinx-essays" else word for word in command]
        if "live" in command:
            serve(command, tmp_path, environment)
        else:
            done = subprocess.run(
                command,
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=5 * TIME,
            )
            assert done.returncode == 0, f"{step.command}\n{done.stdout}{done.stderr}"
            is_ours = step.command.startswith("sphinx-essays")
            assert not (is_ours and "WARNING" in done.stderr), done.stderr
    built = tmp_path / "my-essays" / "_build"
    page = (built / "html" / "part-one" / "big-society.html").read_text(encoding="utf-8")
    assert "hard to be for it" in page
    assert (built / "essaypdf" / "book.pdf").read_bytes().startswith(b"%PDF")
    assert (built / "epub" / "book.epub").read_bytes().startswith(b"PK")
    assert "Big Society" in (built / "html" / "atom.xml").read_text(encoding="utf-8")
    assert (built / "html" / "sitemap.xml").is_file()
