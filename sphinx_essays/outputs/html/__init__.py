"""Write each essay element as HTML, and register everything else that an HTML page needs.

Roles are those of DPUB-ARIA 1.1; dialogue follows the HTML standard's advice on
conversations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_essays import messages
from sphinx_essays.book.byline import essay_byline
from sphinx_essays.elements.base import essay_label, essay_time
from sphinx_essays.elements.overheard import (
    essay_direction,
    essay_overheard,
    essay_setting,
    essay_speaker,
)
from sphinx_essays.elements.pull_quote import essay_pull_quote
from sphinx_essays.elements.standfirst import essay_standfirst
from sphinx_essays.elements.update import essay_former_text, essay_update
from sphinx_essays.outputs.html import (
    assets,
    citations,
    generated_pages,
    image_sizes,
    math_renderer,
    page_context,
    paragraphs,
    search,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    Visit = Callable[[HTML5Translator, Any], None]

LAST_PRIORITY = 950  # after the handlers that replace nodes
SHORT_NAME = 4
LONG_NAME = 12


def setup(app: Sphinx) -> None:
    page_context.setup(app)
    assets.setup(app)
    generated_pages.setup(app)
    math_renderer.setup(app)
    search.setup(app)
    citations.setup(app)
    app.connect("doctree-resolved", citations.list_works, priority=LAST_PRIORITY)
    app.connect("doctree-resolved", image_sizes.remove_inline_styles, priority=LAST_PRIORITY)
    app.connect("doctree-resolved", paragraphs.name_paragraphs, priority=LAST_PRIORITY)


def _wrap(tag: str, css_class: str) -> tuple[Visit, Visit]:
    """Return visitors that write a node as an HTML element, with a newline after </p>."""
    after = "\n" if tag == "p" else ""

    def visit(self: HTML5Translator, node: Element) -> None:
        self.body.append(self.starttag(node, tag, "", CLASS=css_class))

    def depart(self: HTML5Translator, _node: Element) -> None:
        self.body.append(f"</{tag}>{after}")

    return visit, depart


def _close(tag: str) -> Visit:
    def depart(self: HTML5Translator, _node: Element) -> None:
        self.body.append(f"</{tag}>\n")

    return depart


def visit_pull_quote(self: HTML5Translator, node: essay_pull_quote) -> None:
    """Hide a repeat from assistive technology, as DPUB-ARIA 1.1 requires."""
    classes = ["essay-pull-quote", f"essay-pull-quote-{node['kind']}"]
    if node["align"]:
        classes.append(f"essay-align-{node['align']}")
    if node["kind"] == "repeat":
        attributes: Any = {"role": "doc-pullquote", "aria-hidden": "true"}
        self.body.append(self.starttag(node, "aside", CLASS=" ".join(classes), **attributes))
    else:
        self.body.append(self.starttag(node, "blockquote", CLASS=" ".join(classes)))


def depart_pull_quote(self: HTML5Translator, node: essay_pull_quote) -> None:
    self.body.append("</aside>\n" if node["kind"] == "repeat" else "</blockquote>\n")


def visit_update(self: HTML5Translator, node: essay_update) -> None:
    """Open an aside that is named by its label."""
    classes = " ".join(dict.fromkeys(["essay-update", f"essay-{node['kind']}"]))
    label: Any = {"role": "note", "aria-labelledby": _label_id(node)}
    self.body.append(self.starttag(node, "aside", CLASS=classes, **label))


def visit_label(self: HTML5Translator, node: essay_label) -> None:
    """Open the paragraph that names the update around it."""
    name: Any = {"ids": [_label_id(node.parent)]} if node.parent.get("ids") else {}
    self.body.append(self.starttag(node, "p", "", CLASS="essay-label", **name))


def visit_time(self: HTML5Translator, node: essay_time) -> None:
    """Put the date in ISO format into an attribute, the written date into the text."""
    self.body.append(self.starttag(node, "time", "", datetime=node["datetime"]))


def visit_overheard(self: HTML5Translator, node: essay_overheard) -> None:
    """Open a group that is named by its setting, else "Dialogue"."""
    classes = [f"essay-{node['kind']}", f"essay-names-{_width(node['longest_name'])}"]
    if node["kind"] == "dialogue":
        classes.insert(0, "essay-overheard")
    if node["one_sided"]:
        classes.append("essay-one-sided")
    if any(isinstance(child, essay_setting) for child in node.children):
        name: Any = {"aria-labelledby": _label_id(node)}
    else:
        name = {"aria-label": messages.dialogue()}
    self.body.append(self.starttag(node, "div", CLASS=" ".join(classes), role="group", **name))


def visit_setting(self: HTML5Translator, node: essay_setting) -> None:
    """Open the paragraph that names the dialogue around it."""
    name: Any = {"ids": [_label_id(node.parent)]} if node.parent.get("ids") else {}
    self.body.append(self.starttag(node, "p", "", CLASS="essay-setting", **name))


def _label_id(node: Element) -> str:
    return f"{node['ids'][-1]}-label"


def _width(longest_name: int) -> str:
    """Return the class of the column for the speakers, by the length of the longest name.

    The style sheet cannot measure a name, and a policy may forbid ``style`` attributes.
    """
    if longest_name <= SHORT_NAME:
        return "short"
    return "long" if longest_name > LONG_NAME else "medium"


VISITORS: dict[type[Element], tuple[Visit, Visit]] = {
    essay_pull_quote: (visit_pull_quote, depart_pull_quote),
    essay_update: (visit_update, _close("aside")),
    essay_former_text: _wrap("p", "essay-former-text"),
    essay_label: (visit_label, _close("p")),
    essay_time: (visit_time, _wrap("time", "")[1]),
    essay_overheard: (visit_overheard, _close("div")),
    essay_setting: (visit_setting, _close("p")),
    essay_speaker: _wrap("b", "essay-speaker"),
    essay_direction: _wrap("i", "essay-direction"),
    essay_standfirst: _wrap("p", "essay-standfirst"),
    essay_byline: _wrap("p", "essay-byline"),
}
