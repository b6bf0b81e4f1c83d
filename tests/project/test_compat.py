"""What the package relies on upstream without a public interface: each test is one promise."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from sphinx.cmd import build as command

import sphinx_essays
from sphinx_essays.compat import environment, search, servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.books import Book

PACKAGE = Path(sphinx_essays.__file__).parent
# Public in spite of their names: argparse's documentation uses it, namedtuples have it,
# and os documents its own.
DOCUMENTED = {"_SubParsersAction", "_asdict", "_replace", "_exit"}


def definitions(trees: list[ast.Module]) -> set[str]:
    """The names that the package defines itself, and may therefore read."""
    names: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names |= {node.attr} if ast.unparse(node.value) == "self" else set()
    return names


def private_uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Private attributes that are read, and private names that are imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(
            ("sphinx_essays", "__future__")
        ):
            for name in [*(node.module or "").split("."), *(one.name for one in node.names)]:
                yield node.lineno, name


def test_compat_is_the_only_package_that_uses_private_names_of_others() -> None:
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "compat"
    }
    defined = definitions(list(trees.values())) | DOCUMENTED
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}"
        for path, tree in trees.items()
        for line, name in private_uses(tree)
        if name.startswith("_") and not name.startswith("__") and name not in defined
    ]
    assert wrong == []


def test_compat_servers_do_not_import_sphinx() -> None:
    code = "import sphinx_essays.compat.servers, sys; print('sphinx' in sys.modules)"
    command_line = [sys.executable, "-c", code]
    done = subprocess.run(command_line, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_sphinx_config_keeps_the_values_of_conf_py_apart_from_defaults(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n"})
    book.build("text")
    assert book.app
    assert environment.is_set_in_conf_py(book.app.config, "author")
    assert not environment.is_set_in_conf_py(book.app.config, "html_title")


def test_sphinx_project_forgets_a_document_that_is_removed_from_both_maps(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n"})
    book.build("text")
    assert book.app
    project = book.app.env.project
    assert project.doc2path("index", absolute=False).name == "index.rst"
    environment.forget_document(book.app.env, "index")
    environment.forget_document(book.app.env, "nowhere")
    assert "index" not in project._docname_to_path
    assert "index" not in project._path_to_docname.values()


def test_sphinx_environment_prefers_doctrees_in_its_cache_to_files(book: Book) -> None:
    book.write({"index.rst": "Title\n=====\n"})
    book.build("text")
    assert book.app
    env = book.app.env
    env.get_doctree("index")
    assert "index" in environment.cached_doctrees(env)
    env.doctreedir = book.target / "nowhere"
    assert env.get_doctree("index").astext().strip() == "Title"
    environment.clear_doctree_caches(env)
    with pytest.raises(FileNotFoundError):
        env.get_doctree("index")


def test_sphinx_command_line_gives_the_values_of_its_options() -> None:
    parser = command.get_parser()
    options = ["-D", "language=de", "-A", "motto=x", "-n", "source", "out"]
    overrides = environment.parse_overrides(parser, parser.parse_args(options))
    assert overrides == {"language": "de", "html_context.motto": "x", "nitpicky": True}


def test_sphinx_epub_builder_has_media_types_for_images() -> None:
    assert environment.EPUB_MEDIA_TYPES[".svg"] == "image/svg+xml"


def test_sphinx_search_index_has_words_titles_and_entries(book: Book) -> None:
    book.confoverrides = {"html_theme": "basic"}
    book.write({"index.rst": "Clocks\n======\n\n.. index:: hands\n\nA pendulum.\n"})
    book.build("html")
    assert book.app
    index: Any = book.app.builder.indexer  # type: ignore[attr-defined]
    texts, titles = search.word_maps(index)
    assert texts["pendulum"] == {"index"}
    assert titles["clock"] == {"index"}
    assert search.titles(index) == {"index": "Clocks"}
    assert [entry[0] for entry in search.index_entries(index)["index"]] == ["hands"]


def test_sphinx_autobuild_has_a_parser_and_a_filter(tmp_path: Path) -> None:
    parse, ignore_filter = servers.autobuild_api()
    (tmp_path / "conf.py").touch()
    folders = [str(tmp_path), str(tmp_path / "out")]
    args, for_sphinx = parse(["--port", "1", "--ignore", "*.x", "-W", *folders])
    assert (args.port, args.ignore, args.host) == (1, ["*.x"], "127.0.0.1")
    assert for_sphinx[-2:] == folders
    assert "-W" in for_sphinx
    assert ignore_filter(["*.x"], [])("a.x")


def test_uvicorn_serves_in_a_thread_that_may_not_handle_signals() -> None:
    """A thread cannot set handlers of signals: ``Server.serve()`` would skip or fail."""
    import asyncio  # noqa: PLC0415 (for this test alone)
    import urllib.request  # noqa: PLC0415

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})

    config = uvicorn.Config(application, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        thread = threading.Thread(
            target=lambda: asyncio.run(servers.serve_without_signals(server, listener))
        )
        thread.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.read() == b"served"
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
