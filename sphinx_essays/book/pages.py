"""Helpers for pages: the domain, output files, and the pages in a tree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_essays.book.domain import EssayDomain


def essay_domain(env: BuildEnvironment) -> EssayDomain:
    """Return the domain ``essays``, typed."""
    return cast("EssayDomain", env.domains["essays"])


def date_formats(config: Config) -> list[str]:
    """Return ABlog's date format, if ABlog is loaded."""
    return [config.post_date_format] if "post_date_format" in config else []


def written_file(app: Sphinx, docname: str) -> Path | None:
    """Return the output file of a document, or None if the builder does not write any."""
    builder = app.builder
    if hasattr(builder, "get_outfilename"):
        return Path(builder.get_outfilename(docname))
    if suffix := getattr(builder, "out_suffix", ""):
        return Path(app.outdir, f"{docname}{suffix}")
    return None


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write to a temporary file and rename it, so that no reader sees a partial file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_bytes(content.encode() if isinstance(content, str) else content)
    beside.replace(path)


def publish(app: Sphinx, name: str, content: str | bytes) -> None:
    """Write a file to the output if it has changed; a build without this call deletes it."""
    path = Path(app.outdir, name)
    data = content.encode() if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != data:
        write_atomic(path, data)
    essay_domain(app.env).written_files.add(name)


def remove(path: Path, outdir: Path) -> None:
    """Delete a file, and the folders that are empty without it."""
    if not path.exists():
        return
    path.unlink()
    for folder in path.parents:
        if folder == outdir or any(folder.iterdir()):
            break
        folder.rmdir()


def pages_in(doctree: nodes.document, docname: str) -> Iterator[tuple[str, nodes.Element]]:
    """Yield the pages in a tree with docnames: singlehtml and LaTeX join all pages."""
    yield docname, doctree
    for node in doctree.findall(addnodes.start_of_file):
        yield node["docname"], node


def essay_nodes(tree: nodes.Element) -> list[nodes.Element]:
    """Return all nodes of the package's elements in a tree."""
    return [
        node
        for node in tree.findall(nodes.Element)
        if node.__class__.__name__.startswith("essay_")
    ]


def title_of(page: nodes.Element) -> nodes.title | None:
    """Return the title of a page, which is that of its first section."""
    section = next((child for child in page.children if isinstance(child, nodes.section)), None)
    title = section[0] if section is not None and len(section) else None
    return title if isinstance(title, nodes.title) else None
