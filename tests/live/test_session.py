"""A session starts, falls back to sphinx-autobuild, and explains why it cannot serve."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import sphinx_autobuild.__main__ as autobuild

from sphinx_essays.live import session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _signals_and_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session sets signal handlers and the language of messages: restore both."""
    monkeypatch.setattr(session.messages, "init_console_locale", lambda: None)
    numbers = [getattr(signal, name) for name in session.ENDINGS if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in handlers.items():
        signal.signal(number, signal.SIG_DFL if handler is None else handler)


def test_session_runs_sphinx_autobuild_itself_if_its_version_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.delattr(autobuild, "_parse_args")
    monkeypatch.setattr(subprocess, "run", run)
    target = tmp_path / "_build"
    status = session.serve(tmp_path, target, ["--watch", "x"], preview=True, prints=False)
    assert status == 3
    [command] = commands
    assert command[:3] == [sys.executable, "-m", "sphinx_autobuild"]
    doctrees, shown = str(target / "live-doctrees"), str(target / "live")
    assert command[3:] == [
        *("-d", doctrees, "--port", "0", "--watch", "x", str(tmp_path), shown)
    ]
    printed = capsys.readouterr().out
    assert (
        "Unsupported version of sphinx-autobuild (cannot import name '_parse_args'" in printed
    )


def test_session_of_sphinx_autobuild_exits_with_the_number_of_the_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_arguments: Any, **_options: Any) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.delattr(autobuild, "_parse_args")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SystemExit) as stopped:
        session.serve(tmp_path, tmp_path / "_build", [], preview=True, prints=False)
    assert stopped.value.code == 128 + signal.SIGTERM


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"])
def test_session_exits_with_2_if_it_cannot_listen(tmp_path: Path, host: str) -> None:
    (tmp_path / "conf.py").touch()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        code = "import sys; from sphinx_essays import cli; sys.exit(cli.main(sys.argv[1:]))"
        command = [sys.executable, "-c", code, "live", str(tmp_path), "--no-preview"]
        command += ["--host", host, "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert f"{host}:{port}: " in done.stdout + done.stderr
