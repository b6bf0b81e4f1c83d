"""Processes that run Sphinx: they are replaced if they die, and none is left at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from support.live import run_async

from sphinx_essays.live import process_pool
from sphinx_essays.live.process_pool import ProcessPool, can_fork

needs_fork = pytest.mark.skipif(not can_fork(), reason="processes are not forked here")


def test_can_fork_is_false_on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not can_fork()


@needs_fork
def test_process_pool_restarts_a_fork_server_that_has_died() -> None:
    pool = ProcessPool(forks=True)
    try:
        pool.preload(["json", "no_such_module"])
        first = pool._forkserver
        assert first is not None
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(10)
        pool.preload([])
        second = pool._forkserver
        assert second is not None
        assert second.pid != first.pid
    finally:
        pool.end()
    assert second.poll() == -signal.SIGKILL
    pool.end()  # has nothing left to do


@needs_fork
def test_process_pool_raises_an_error_if_no_fork_server_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = ProcessPool(forks=True)
    monkeypatch.setattr(pool, "_start", lambda: None)
    with pytest.raises(ConnectionError):
        run_async(pool.build({}))


def test_process_pool_without_forks_preloads_nothing() -> None:
    pool = ProcessPool(forks=False)
    pool.preload(["json"])
    assert pool._forkserver is None
    pool.end()


async def build_once(pool: ProcessPool) -> list[dict[str, Any]]:
    """Return the reports of a build, up to "built", and end the pool."""
    line = await pool.build({"any": "order"})
    processes = list(pool._builders)
    try:
        return [report async for report in line.reports({"built"})]
    finally:
        line.close()
        await end(pool, processes)


async def end(pool: ProcessPool, processes: list[asyncio.subprocess.Process]) -> list[int]:
    """End a pool and return the exit codes of its processes."""
    pool.end()
    codes = [await process.wait() for process in processes]
    await asyncio.sleep(0)  # the pipes are closed in the next turn
    return codes


def run_instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have a pool start another program."""
    monkeypatch.setattr(process_pool, "PYTHON", [sys.executable, "-c", code])


def test_process_pool_returns_reports_up_to_the_last_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds = ["page", "built", "page"]
    run_instead(
        monkeypatch,
        "import json, sys\norder = sys.stdin.readline()\n"
        f"for kind in {kinds}: print(json.dumps({{'kind': kind, 'order': json.loads(order)}}))",
    )
    reports = run_async(build_once(ProcessPool(forks=False)))
    order = {"any": "order"}
    assert reports == [{"kind": "page", "order": order}, {"kind": "built", "order": order}]


def test_process_pool_raises_an_error_if_a_build_process_exits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_instead(monkeypatch, "import sys; sys.stdin.readline()")
    with pytest.raises(ConnectionError):
        run_async(build_once(ProcessPool(forks=False)))


def test_process_pool_ends_the_previous_build_process_if_it_does_not_fork(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_instead(monkeypatch, "import time; time.sleep(60)")

    async def codes() -> list[int]:
        pool = ProcessPool(forks=False)
        lines = [await pool.build({})]
        processes = list(pool._builders)
        lines.append(await pool.build({}))
        processes += pool._builders
        for line in lines:
            line.close()
        return await end(pool, processes)

    assert 0 not in run_async(codes())


def test_process_pool_on_windows_uses_process_groups_and_taskkill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    monkeypatch.setattr(subprocess, "run", lambda command, **_options: commands.append(command))
    assert process_pool._apart() == {"creationflags": 512}
    process_pool._end(7)
    assert commands == [["taskkill", "/f", "/t", "/pid", "7"]]
