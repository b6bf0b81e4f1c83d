"""Exclude drafts, and essays dated in the future, from every output.

Their names are removed from Sphinx's list of documents before it decides what to read,
and from toctrees before they are parsed. A reference to a draft becomes plain text.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.directives.other import TocTree
from sphinx.transforms import SphinxTransform
from sphinx.util import docname_join
from sphinx.util.i18n import docname_to_domain
from sphinx.util.nodes import explicit_title_re
from sphinxcontrib.serializinghtml import SerializingHTMLBuilder

from sphinx_essays import messages
from sphinx_essays.book import pages, selection
from sphinx_essays.compat.environment import forget_document
from sphinx_essays.elements import front_matter
from sphinx_essays.elements.pull_quote import essay_pull_quote

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LABEL = re.compile(r"(?m)^\s*\.\. _([^:\n]+):|^\s*:name:\s*(\S.*)$|^\(([^)\n]+)\)=")
FILE = re.compile(
    r"(?:image|figure)(?:::|\}) *(\S+)"
    r"|(?::download:|\{download\})`(?:[^`<]*<)?([^`<>]+)"
    r"|!\[[^\]]*\]\(<?([^)\s>]+)"
)


class Draft(NamedTuple):
    """An unpublished document: its labels, and the names of its images and downloads."""

    labels: tuple[str, ...]
    files: tuple[str, ...]


def setup(app: Sphinx) -> None:
    """Register the handlers: exclude before reading, delete old output before writing."""
    app.connect("config-inited", _replace_toctree, priority=800)
    app.connect("env-get-outdated", exclude_drafts)
    app.connect("env-updated", remove_old_output)
    app.add_transform(DraftReferences)


def _replace_toctree(app: Sphinx, _config: object) -> None:
    app.add_directive("toctree", PublishedTocTree, override=True)


# -- excluding drafts --------------------------------------------------------------


def exclude_drafts(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Remove the drafts from what Sphinx is going to read.

    Return the pages that refer to a document whose status has changed: their text differs.
    """
    domain = pages.essay_domain(env)
    domain.drafts = _find(app, env, added | changed)
    removed |= domain.drafts.keys() & env.all_docs.keys()
    for names in (added, changed, env.project.docnames):
        names.difference_update(domain.drafts)
    _forget_paths(env, domain.drafts)
    before, now = domain.draft_digests, _digests(domain.drafts)
    domain.draft_digests = now
    turned = before ^ now
    return [name for name, page in domain.pages.items() if turned & set(page.references)]


def _forget_paths(env: BuildEnvironment, hidden: Mapping[str, Draft]) -> None:
    """Remove the drafts from the project's path maps, which the environment stores."""
    for name in hidden:
        forget_document(env, name)


def digest(name: str) -> str:
    """Return a digest of a name, to store instead: ``json`` output includes the environment."""
    return blake2b(name.encode(), digest_size=8).hexdigest()


def _digests(hidden: Mapping[str, Draft]) -> frozenset[str]:
    labels = (f"#{label}" for draft in hidden.values() for label in draft.labels)
    return frozenset(digest(name) for name in (*hidden, *labels))


def _find(app: Sphinx, env: BuildEnvironment, touched: set[str]) -> dict[str, Draft]:
    """Find drafts among new and changed documents; an unchanged one was published before."""
    if app.config.essays_drafts:
        return {}
    latest, formats = front_matter.today(), pages.date_formats(app.config)
    drafts = {}
    looked_at = (touched | _early(env, latest)) & env.project.docnames
    for name in sorted(looked_at - {app.config.root_doc}):
        text = Path(env.doc2path(name)).read_text(encoding="utf-8-sig", errors="replace")
        if front_matter.is_hidden(
            front_matter.read_front_matter(text), app.config.language, latest, formats
        ):
            labels = {"".join(groups).strip().lower() for groups in LABEL.findall(text)}
            files = {Path("".join(groups)).name for groups in FILE.findall(text)}
            drafts[name] = Draft(tuple(sorted(labels)), tuple(sorted(files)))
    return drafts


def _early(env: BuildEnvironment, latest: dt.date) -> set[str]:
    """Return published pages that are dated in the future: an earlier clock was fast."""
    known = pages.essay_domain(env).pages.items()
    return {
        name for name, page in known if selection.sort_day(page.metadata.published) > latest
    }


# -- references to drafts ----------------------------------------------------------


class PublishedTocTree(TocTree):
    """A toctree without entries for drafts."""

    def parse_content(self, toctree: addnodes.toctree) -> None:
        """Remove drafts from the entries, and store digests of all entries."""
        names = [self._docname(line) for line in self.content.data]
        toctree["essay_references"] = sorted({digest(name) for name in names})
        hidden = pages.essay_domain(self.env).drafts
        self.content.disconnect()  # else the lines are deleted from the page too
        for index in reversed(range(len(names))):
            if names[index] in hidden:
                del self.content[index]
        super().parse_content(toctree)

    def _docname(self, entry: str) -> str:
        match = explicit_title_re.match(entry)
        name = (match.group(2) if match else entry).strip()
        for suffix in self.config.source_suffix:
            name = name.removesuffix(suffix)
        return docname_join(self.env.current_document.docname, name)


REFERENCING_NODES = (addnodes.toctree, addnodes.pending_xref, essay_pull_quote)


class DraftReferences(SphinxTransform):
    """Replace each reference to a draft with its text; warn if it has none.

    This runs before Sphinx's Locale transform (20) and changes the message for translators
    too, since it would name the document.
    """

    default_priority = 5

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        """Store digests of the references, and replace those to drafts."""
        docname = self.env.current_document.docname
        hidden = pages.essay_domain(self.env).drafts
        naming = [node for node in self.document.findall() if _is_reference(node)]
        self.document["essay_references"] = sorted(set(_references(naming, docname)))
        for node in naming if hidden else ():
            if isinstance(node, addnodes.pending_xref) and _is_to(hidden, node, docname):
                _replace(node, node["reftarget"], explicit=node.get("refexplicit", False))
            elif isinstance(node, nodes.reference) and self._is_anchor_in(hidden, node):
                _replace(node, node["refuri"], explicit=bool(node.children))
            elif isinstance(node, essay_pull_quote) and _is_quoted_draft(
                hidden, node["from"], docname
            ):
                node.parent.remove(node)

    def _is_anchor_in(self, hidden: Mapping[str, Draft], node: nodes.reference) -> bool:
        label = _anchor(node)[1:]
        is_own = label in self.document.nameids
        return not is_own and any(label in draft.labels for draft in hidden.values())


def _is_reference(node: nodes.Node) -> bool:
    """Return whether a node refers to a document or label, as MyST's ``[text](#label)``."""
    return isinstance(node, REFERENCING_NODES) or (
        isinstance(node, nodes.reference) and "id_link" in node
    )


def _anchor(node: nodes.reference) -> str:
    return str(node["refuri"]).lower()


def _is_to(hidden: Mapping[str, Draft], node: addnodes.pending_xref, docname: str) -> bool:
    labels = {f"#{label}" for draft in hidden.values() for label in draft.labels}
    return any(address in hidden or address in labels for address in _targets(node, docname))


def _is_quoted_draft(hidden: Mapping[str, Draft], source: str, docname: str) -> bool:
    """Return whether a pull-quote's ``:from:`` names a draft or a label in a draft."""
    labels = {label for draft in hidden.values() for label in draft.labels}
    return bool(source) and (
        docname_join(docname, source) in hidden or source.lower() in labels
    )


def _targets(node: addnodes.pending_xref, docname: str) -> Iterator[str]:
    """Yield the document that a reference may link to, and the label with a ``#``."""
    if node["reftype"] in {"doc", "any"}:
        yield docname_join(docname, node["reftarget"])
    elif node.get("refdomain") == "doc":  # MyST has resolved it
        yield str(node["reftarget"])
    yield f"#{node['reftarget'].lower()}"


def _references(naming: Iterable[nodes.Node], docname: str) -> Iterator[str]:
    for node in naming:
        if isinstance(node, addnodes.toctree):
            yield from node.get("essay_references", ())
        elif isinstance(node, addnodes.pending_xref):
            yield from map(digest, _targets(node, docname))
        elif isinstance(node, nodes.reference):
            yield digest(_anchor(node))
        elif isinstance(node, essay_pull_quote) and node["from"]:
            yield digest(docname_join(docname, node["from"]))
            yield digest(f"#{node['from'].lower()}")


def _replace(node: nodes.Element, target: str, *, explicit: bool) -> None:
    words = node.astext()
    if not explicit:
        messages.warn("draft", messages.hidden_reference(target), node)
        words = ""
    paragraph = node.parent
    while paragraph is not None and not isinstance(paragraph, nodes.TextElement):
        paragraph = paragraph.parent
    if paragraph is not None:
        paragraph.rawsource = paragraph.rawsource.replace(node.rawsource, words)
    node.replace_self([nodes.Text(words)] if words else [])


# -- output of earlier builds ------------------------------------------------------


def remove_old_output(app: Sphinx, env: BuildEnvironment) -> None:
    """Delete the output of an earlier build for what is now a draft.

    Look at the files on disk, not at a record: another builder may have used the same
    doctrees in between.
    """
    for name, hidden in pages.essay_domain(env).drafts.items():
        for path in (*_pages_of(app, name), *_files_of(app, env, hidden)):
            pages.remove(path, Path(app.outdir))
    if issubclass(type(app.builder), SerializingHTMLBuilder):
        # It contains the environment, and Sphinx warns instead of replacing it.
        Path(app.outdir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def _pages_of(app: Sphinx, docname: str) -> Iterator[Path]:
    outdir = Path(app.outdir)
    if written := pages.written_file(app, docname):
        yield written
    for source in app.config.source_suffix:
        yield outdir / "_sources" / f"{docname}{source}{app.config.html_sourcelink_suffix}"
    domain = docname_to_domain(docname, app.config.gettext_compact)
    shown = app.env.all_docs
    if domain not in {docname_to_domain(name, app.config.gettext_compact) for name in shown}:
        yield outdir / f"{domain}.pot"


def _files_of(app: Sphinx, env: BuildEnvironment, hidden: Draft) -> Iterator[Path]:
    """Yield the copies of images and downloads that no published page uses."""
    outdir = Path(app.outdir)
    imagedir = outdir / getattr(app.builder, "imagedir", "")
    pictures = {name for _docs, name in env.images.values()}
    downloads = {name for _docs, name in env.dlfiles.values()}
    for name in hidden.files:
        for path in _copies(imagedir, name):
            if path.name not in pictures:
                yield path
        for path in outdir.glob(f"_downloads/*/{name}"):
            if path.relative_to(outdir / "_downloads").as_posix() not in downloads:
                yield path


def _copies(folder: Path, name: str) -> Iterator[Path]:
    """Yield the copies of an image: Sphinx adds a number to a name that is taken."""
    stem, suffix = Path(name).stem, Path(name).suffix
    for path in folder.glob(f"{stem}*{suffix}"):
        if path.stem == stem or path.stem.removeprefix(stem).isdigit():
            yield path
