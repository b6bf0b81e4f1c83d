"""Seed faults into the package and count how many the default tests catch.

Each fault deletes one statement or negates one condition, chosen at random; the seed is
printed, so a run can be repeated. Run it from the checkout, in an environment with the
extra ``test``; it needs about half a minute a fault::

    python tests/bench/seeded_faults.py --faults 40 --seed 1

The tests that run a statement are known from a coverage run, which comes first and takes
some minutes. A fault is tried on 40 of these at most, so the whole run may catch more; and
where none is known (a statement that runs in other processes alone), on the tests of its
package.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sphinx_essays"
CONTEXTS = """
[run]
source_pkgs = sphinx_essays
parallel = true
dynamic_context = test_function
patch =
    fork
    _exit
    subprocess
"""
TOO_LONG = 600  # seconds
MOST = 40  # tests that a fault is tried on
PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]


class Fault(NamedTuple):
    """One change of one file."""

    path: Path  # below the package
    line: int
    text: str  # the first line of the statement
    change: str  # "deleted" or "negated"


def is_seedable(node: ast.AST) -> bool:
    """Whether a fault can be made of a statement: not of docstrings and declarations."""
    if isinstance(node, ast.If | ast.While):
        return ast.unparse(node.test) not in {"TYPE_CHECKING", "True"}
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is not None
    return isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Raise | ast.Continue)


def in_functions(tree: ast.Module) -> list[ast.stmt]:
    """The seedable statements inside functions, each once."""
    found: dict[int, ast.stmt] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.stmt) and is_seedable(node):
                    found[node.lineno] = node
    return list(found.values())


def choose(count: int, seed: int) -> list[Fault]:
    """Faults all over the package, each statement as likely as any other."""
    candidates = []
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in in_functions(ast.parse(source)):
            change = "negated" if isinstance(node, ast.If | ast.While) else "deleted"
            text = source.splitlines()[node.lineno - 1].strip()
            candidates.append(Fault(path.relative_to(PACKAGE), node.lineno, text, change))
    print(f"{len(candidates)} statements, seed {seed}")
    return random.Random(seed).sample(candidates, count)  # noqa: S311 (no secret)


class Seeder(ast.NodeTransformer):
    """Changes the statement on one line."""

    def __init__(self, line: int) -> None:
        self.line = line

    def visit(self, node: ast.AST) -> ast.AST:
        """Negate its condition, or put ``pass`` in its place."""
        if isinstance(node, ast.stmt) and node.lineno == self.line and is_seedable(node):
            if isinstance(node, ast.If | ast.While):
                node.test = ast.UnaryOp(ast.Not(), node.test)
                return node
            return ast.Pass()
        return self.generic_visit(node)


def seed_fault(fault: Fault, folder: Path) -> None:
    """Copy the package into a folder, with the fault in it."""
    shutil.copytree(PACKAGE, folder / "sphinx_essays")
    path = folder / "sphinx_essays" / fault.path
    tree = Seeder(fault.line).visit(ast.parse(path.read_text(encoding="utf-8")))
    path.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")


def measure(folder: Path) -> CoverageData:
    """Run the default tests, and keep which test has run which line."""
    config = folder / "contexts.ini"
    config.write_text(CONTEXTS, encoding="utf-8")
    environment = os.environ | {"COVERAGE_FILE": str(folder / "coverage")}
    coverage = [sys.executable, "-m", "coverage"]
    command = [*coverage, "run", f"--rcfile={config}", "-m", "pytest", "-q"]
    subprocess.run([*command, "-p", "no:cacheprovider"], cwd=ROOT, env=environment, check=True)
    combine = [*coverage, "combine", "-q", f"--rcfile={config}"]
    subprocess.run(combine, cwd=ROOT, env=environment, check=True)
    data = CoverageData(str(folder / "coverage"))
    data.read()
    return data


def tests_of(fault: Fault, data: CoverageData) -> list[str]:
    """The test functions that run the line of a fault, as ``tests.book.test_order.test_…``."""
    names: set[str] = set()
    for path in data.measured_files():
        if path.endswith(f"sphinx_essays/{fault.path.as_posix()}"):
            contexts = data.contexts_by_lineno(path).get(fault.line, [])
            names |= {context for context in contexts if ".test_" in context}
    return sorted(names)


def selection(fault: Fault, tests: list[str]) -> list[str]:
    """Arguments for pytest: some of the tests of a line, else those of its package."""
    if not tests:
        folder = ROOT / "tests" / fault.path.parts[0]
        return [str(folder if folder.is_dir() else ROOT / "tests" / "outputs")]
    chance = random.Random(fault.line)  # noqa: S311 (no secret)
    chosen = chance.sample(tests, min(len(tests), MOST))
    files = {f"{'/'.join(name.split('.')[:-1])}.py" for name in chosen}
    names = " or ".join(name.rpartition(".")[2] for name in chosen)
    return [*sorted(files), "-k", names]


def is_caught(fault: Fault, tests: list[str]) -> bool:
    """Whether a test fails, or does not end, with the fault in the package."""
    with tempfile.TemporaryDirectory() as folder:
        seed_fault(fault, Path(folder))
        environment = os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        environment["PYTHONSAFEPATH"] = "1"  # else the checkout would come first
        process = subprocess.Popen(
            [*PYTEST, *selection(fault, tests)],
            cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return process.wait(TOO_LONG) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Seed the faults one after the other, and list those that no test has caught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="a coverage file with contexts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.data:
            data = CoverageData(str(options.data))
            data.read()
        else:
            data = measure(Path(folder))
        survivors = []
        for number, fault in enumerate(choose(options.faults, options.seed), start=1):
            tests = tests_of(fault, data)
            caught = is_caught(fault, tests)
            verdict = "caught" if caught else "SURVIVED"
            place = f"{fault.path}:{fault.line}"
            print(f"{number:3} {verdict:8} {place} ({len(tests)} tests)")
            print(f"    {fault.change}: {fault.text}", flush=True)
            survivors += [] if caught else [fault]
    print(f"{options.faults - len(survivors)} of {options.faults} caught")


if __name__ == "__main__":
    main()
