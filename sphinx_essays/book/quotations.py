"""Check pull-quotes against the text they quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join
from sphinx.util.nodes import make_refnode

from sphinx_essays import messages
from sphinx_essays.book import plain_text
from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.elements.quoting import Match, MatchResult, TextIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

STRICT = "strict"
LINKS = (nodes.reference, addnodes.pending_xref)


def check_pull_quotes(
    elements: Sequence[nodes.Element], passages: Sequence[str], strictness: str
) -> None:
    """Find out whether each pull-quote repeats its essay; warn about near matches.

    An exact match counts even if the quote is attributed; a near match does not. A
    pull-quote with ``:from:`` is checked when all pages are read.
    """
    quotes = [
        element
        for element in elements
        if isinstance(element, essay_pull_quote) and not element["from"]
    ]
    running = TextIndex(passages) if quotes else None
    for quote in quotes:
        if running is not None:
            _check_pull_quote(quote, running, strictness)


def _drop_links(quote: essay_pull_quote) -> None:
    """Replace links with their text: screen readers skip a repeated quote."""
    for link in [node for node in quote.findall() if isinstance(node, LINKS)]:
        words: list[nodes.Node] = list(link.children)
        link.replace_self(words)


def resolve_from_option(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add the title of the quoted essay, with a link, to each pull-quote with ``:from:``.

    The text is compared with the current text of that essay.
    """
    for quote in list(doctree.findall(essay_pull_quote)):
        if quote["from"] and quote["kind"] != "lifted":
            _resolve_from_option(app, docname, quote)


def _resolve_from_option(app: Sphinx, docname: str, quote: essay_pull_quote) -> None:
    source = _find_source(app, quote["page"], quote["from"])
    quote["kind"] = "lifted"
    if source is None:
        messages.warn("pull_quote", messages.unknown_source(quote["from"]), quote)
        return
    running = TextIndex(plain_text.iter_paragraphs(app.env.get_doctree(source)))
    match = running.find(quoted_text(quote))
    if message := warning_for(quote, match, app.config.essays_pull_quotes_check):
        messages.warn("pull_quote", message, quote)
    title = app.env.titles[source].deepcopy()
    words = nodes.inline("", "", *title.children)
    link = make_refnode(app.builder, docname, source, None, words)
    quote += nodes.attribution("", "", link)


def _find_source(app: Sphinx, docname: str, source: str) -> str | None:
    """Return the document that ``:from:`` names, directly or by a label in it."""
    name = docname_join(docname, source)
    if name in app.env.all_docs:
        return name
    standard = app.env.domains.standard_domain
    target = standard.anonlabels.get(source.lower())
    return target[0] if target else None


def quoted_text(quote: essay_pull_quote) -> str:
    """Return the text of a pull-quote without its attribution."""
    return " ".join(plain_text.iter_paragraphs_except(quote, nodes.attribution))


def is_attributed(quote: essay_pull_quote) -> bool:
    """Return whether the pull-quote has an attribution."""
    return any(isinstance(child, nodes.attribution) for child in quote.children)


def warning_for(quote: essay_pull_quote, match: Match, strictness: str) -> str:
    """Return the warning for the author, or an empty string."""
    if match.outcome is MatchResult.FOUND or quote["check"] == "no":
        return ""
    if match.outcome is MatchResult.CLOSE and not is_attributed(quote):
        return messages.pull_quote_differs(match.differs, match.passage)
    if quote["check"] == "yes" or strictness == STRICT:
        return messages.not_found(quoted_text(quote))
    return ""


def _check_pull_quote(quote: essay_pull_quote, running: TextIndex, strictness: str) -> None:
    match = running.find(quoted_text(quote), allow_close=not is_attributed(quote))
    if match.outcome is MatchResult.FOUND:
        quote["kind"] = "repeat"
        _drop_links(quote)
    elif message := warning_for(quote, match, strictness):
        messages.warn("pull_quote", message, quote)
