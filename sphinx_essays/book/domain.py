"""The Sphinx domain: a record for each page of the book."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain

from sphinx_essays import messages
from sphinx_essays.book import drafts, metadata, order, pages, plain_text, quotations
from sphinx_essays.elements import ELEMENTS, front_matter
from sphinx_essays.elements.lists import essay_list
from sphinx_essays.elements.update import UpdateRecord, essay_update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from sphinx.environment import BuildEnvironment

    from sphinx_essays.elements.dates import Date


class Page(NamedTuple):
    """The record of a page.

    `references` are digests of the documents and labels that the page refers to;
    `elements` are the records of its pull-quotes, updates and dialogues.
    """

    docname: str
    title: str
    metadata: metadata.Metadata
    toctrees: tuple[order.Toctree, ...]
    words: int
    references: tuple[str, ...]
    has_lists: bool
    elements: tuple[Any, ...]

    @property
    def last_updated(self) -> Date | None:
        """Return the date of the latest update; None if it is not after publication."""
        updates = (record for record in self.elements if isinstance(record, UpdateRecord))
        latest = max((update.date for update in updates if update.date), default=None)
        published = self.metadata.published
        if latest and published and not published < latest:
            return None
        return latest

    @property
    def updated(self) -> str:
        """Return :attr:`last_updated` in ISO form, or an empty string."""
        return self.last_updated.iso if self.last_updated else ""


class EssayDomain(Domain):
    """The pages of the book, as records that pickle and compare."""

    name = "essays"
    label = "Essays"
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "draft_digests": frozenset()}
    data_version = 2

    drafts: Mapping[str, drafts.Draft] = MappingProxyType({})
    """Unpublished documents; detected in each build and never stored."""

    previous_build_interrupted: bool = False
    """Whether the previous build was killed."""

    _book: order.Book | None = None

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.cache: dict[str, Any] = {}
        """Values computed from all pages; cleared when any page changes."""
        self.written_files: set[str] = set()
        """The files that this build has written beside the pages."""

    @property
    def pages(self) -> dict[str, Page]:
        """All pages by docname."""
        pages: dict[str, Page] = self.data["pages"]
        return pages

    @property
    def draft_digests(self) -> frozenset[str]:
        """The digests of the drafts and their labels in the previous build."""
        digests: frozenset[str] = self.data["draft_digests"]
        return digests

    @draft_digests.setter
    def draft_digests(self, digests: frozenset[str]) -> None:
        self.data["draft_digests"] = digests

    @property
    def book(self) -> order.Book:
        """The reading order; computed on first use."""
        if self._book is None:
            toctrees = {name: page.toctrees for name, page in self.pages.items()}
            self._book = order.make_book(self.env.config.root_doc, toctrees)
        return self._book

    def change_toctrees(self, docname: str, toctrees: tuple[order.Toctree, ...]) -> None:
        """Replace the toctrees of a page."""
        self.pages[docname] = self.pages[docname]._replace(toctrees=toctrees)
        self._forget()

    def _forget(self) -> None:
        """Discard the values computed from the pages."""
        self._book = None
        self.cache.clear()

    def kind(self, docname: str) -> str:
        """Return ``cover``, ``part``, ``essay``, ``front``, ``back`` or ``other``."""
        page = self.pages.get(docname)
        if page is None:
            return "other"
        if docname == self.env.config.root_doc:
            return "cover"
        return page.metadata.kind or ("part" if page.toctrees else "essay")

    def clear_doc(self, docname: str) -> None:
        """Remove the record of a page."""
        self.pages.pop(docname, None)
        self._forget()

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Add the records of pages read in a parallel process."""
        self.pages.update({name: otherdata["pages"][name] for name in docnames})
        self._forget()

    def resolve_any_xref(self, *_arguments: object) -> list[tuple[str, nodes.reference]]:
        """Return nothing: the domain has no targets, and MyST asks every domain."""
        return []

    def process_doc(
        self, env: BuildEnvironment, docname: str, document: nodes.document
    ) -> None:
        """Make the record of a page; its fields are still in the tree at this time."""
        passages = list(plain_text.iter_paragraphs(document))
        elements = pages.essay_nodes(document)
        quotations.check_pull_quotes(elements, passages, env.config.essays_pull_quotes_check)
        about = metadata.read(document, env.config.language, pages.date_formats(env.config))
        _check_dates(elements, about.published)
        title = next(iter(document.findall(nodes.title)), None)
        self.pages[docname] = Page(
            docname,
            title.astext() if title else docname,
            about,
            toctrees_in(document),
            plain_text.count_words(passages),
            tuple(document.get("essay_references", ())),
            any(isinstance(node, essay_list) for node in elements),
            _records(elements, docname),
        )
        self._forget()


def toctrees_in(document: nodes.document) -> tuple[order.Toctree, ...]:
    """Return the toctrees of a page as records."""
    return tuple(
        order.Toctree(node["caption"] or "", tuple(ref for _title, ref in node["entries"]))
        for node in document.findall(addnodes.toctree)
        if node["entries"]
    )


def _check_dates(elements: Iterable[nodes.Element], published: Date | None) -> None:
    """Warn about updates that are dated before the essay or in the future."""
    for update in elements:
        date: Date | None = update.get("when") if isinstance(update, essay_update) else None
        if date and date.first_day > front_matter.today():
            messages.warn("date", messages.future_update(date.iso), update)
        elif date and published and date.is_before(published):
            messages.warn("date", messages.early_update(date.iso, published.iso), update)


def _records(elements: Iterable[nodes.Element], docname: str) -> tuple[Any, ...]:
    record = {kind.node.__name__: kind.record for kind in ELEMENTS}
    names = ((node, node.__class__.__name__) for node in elements)
    return tuple(record[name](node, docname) for node, name in names if name in record)
