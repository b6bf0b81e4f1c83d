"""Where each page begins in a tree, which may hold one page or the whole book."""

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
    """Our domain, with its type."""
    return cast("EssayDomain", env.domains["essays"])


def date_formats(config: Config) -> list[str]:
    """The pattern in which ABlog's dates are written, where it is loaded."""
    return [config.post_date_format] if "post_date_format" in config else []


def written_file(app: Sphinx, docname: str) -> Path | None:
    """The file a builder writes for a document, where it writes one for each."""
    builder = app.builder
    if hasattr(builder, "get_outfilename"):
        return Path(builder.get_outfilename(docname))
    if suffix := getattr(builder, "out_suffix", ""):
        return Path(app.outdir, f"{docname}{suffix}")
    return None


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write beside, and move: nobody is ever given half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_bytes(content.encode() if isinstance(content, str) else content)
    beside.replace(path)


def publish(app: Sphinx, name: str, content: str | bytes) -> None:
    """Write a file beside the pages, if it has changed. A build that does not, removes it."""
    path = Path(app.outdir, name)
    data = content.encode() if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != data:
        write_atomic(path, data)
    essay_domain(app.env).written_files.add(name)


def remove(path: Path, outdir: Path) -> None:
    """Remove a file, and the folders that held nothing else."""
    if not path.exists():
        return
    path.unlink()
    for folder in path.parents:
        if folder == outdir or any(folder.iterdir()):
            break
        folder.rmdir()


def pages_in(doctree: nodes.document, docname: str) -> Iterator[tuple[str, nodes.Element]]:
    """The pages of a tree with their docnames: singlehtml and LaTeX join them all."""
    yield docname, doctree
    for node in doctree.findall(addnodes.start_of_file):
        yield node["docname"], node


def essay_nodes(tree: nodes.Element) -> list[nodes.Element]:
    """Every node of ours in a tree, in one walk through it."""
    return [
        node
        for node in tree.findall(nodes.Element)
        if node.__class__.__name__.startswith("essay_")
    ]


def title_of(page: nodes.Element) -> nodes.title | None:
    """The title of a page, which is that of its first section."""
    section = next((child for child in page.children if isinstance(child, nodes.section)), None)
    title = section[0] if section is not None and len(section) else None
    return title if isinstance(title, nodes.title) else None
