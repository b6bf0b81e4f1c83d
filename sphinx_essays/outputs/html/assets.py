"""Link only the style sheets and scripts that a page uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from sphinx_essays.config import EPUB_THEME, is_set
from sphinx_essays.outputs.html import image_sizes
from sphinx_essays.outputs.html.active_theme import THEME, uses_essays_theme

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SETTINGS = "essays/settings.js"
NOTES = "essays/notes.js"
SCROLL = "essays/scroll.js"
SEARCH, SEARCHING = "search", "essays/search.js"
PLURALS = "essays/plurals.js"
SCRIPTS = (
    "essays/overlays.js",
    "essays/keyboard.js",
    "essays/paragraphs.js",
    "essays/quote.js",
    "essays/resume.js",
)
# Sphinx's scripts. Only other extensions may need them.
CORE = tuple(
    f"_static/{name}.js"
    for name in ("documentation_options", "doctools", "sphinx_highlight", "translations")
)
EXTRAS = "essays/extras.css"
WIDTHS = "essays/widths.css"
THIRD_PARTY_THEMES = "essays-elements.css"
PYGMENTS = ("_static/pygments.css", "_static/pygments_dark.css")
CSS = THEME / "css"

# The nodes that essays.css styles; a page with any other node links extras.css too. The
# essay elements are recognised by the names of their classes.
ORDINARY = (
    nodes.document, nodes.section, nodes.title, nodes.subtitle, nodes.paragraph, nodes.Text,
    nodes.emphasis, nodes.strong, nodes.inline, nodes.reference, nodes.target, nodes.comment,
    nodes.bullet_list, nodes.enumerated_list, nodes.list_item, nodes.definition_list,
    nodes.definition_list_item, nodes.term, nodes.definition, nodes.block_quote,
    nodes.attribution, nodes.line_block, nodes.line, nodes.transition, nodes.image,
    nodes.figure, nodes.caption, nodes.legend, nodes.footnote, nodes.footnote_reference,
    nodes.label, nodes.literal, nodes.superscript, nodes.subscript, nodes.title_reference,
    nodes.substitution_definition, nodes.raw, addnodes.start_of_file, addnodes.index,
    addnodes.highlightlang,
)  # fmt: skip


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", link, priority=600)
    app.connect("builder-inited", link_third_party)
    app.connect("write-started", write_third_party)


def link(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the style sheets and scripts that the page being written uses."""
    if not uses_essays_theme(app):
        return
    app.add_js_file(SETTINGS, priority=100)
    context["essays"]["first_scripts"] = [
        file for file in context["script_files"] if file.filename == f"_static/{SETTINGS}"
    ]
    has_notes = doctree is not None and doctree.next_node(nodes.footnote) is not None
    for script in (*SCRIPTS, *([NOTES] if has_notes else ())):
        app.add_js_file(script, loading_method="defer")
    if doctree is None or not is_ordinary(doctree):
        app.add_css_file(EXTRAS, priority=300)
        app.add_js_file(SCROLL, loading_method="defer")
    context["essays"]["core_scripts"] = list(CORE)
    if pagename == SEARCH:
        app.add_js_file(SEARCHING, loading_method="defer")
    if any(_is_foreign(file) for file in context["script_files"]):
        context["essays"]["core_scripts"] = []
        app.add_js_file(PLURALS, priority=300)
    if doctree is not None and image_sizes.uses_widths(doctree):
        app.add_css_file(WIDTHS, priority=301)
    if not is_set(app.config, "pygments_style"):
        context["css_files"][:] = [
            file for file in context["css_files"] if str(file.filename) not in PYGMENTS
        ]


def _is_foreign(script: Any) -> bool:  # noqa: ANN401 (Sphinx' own class, not public)
    """Return whether another extension added the script; it may need Sphinx's scripts."""
    name = str(script.filename or "")
    return name not in CORE and not name.startswith("_static/essays/")


def is_ordinary(doctree: nodes.document) -> bool:
    """Return whether ``essays.css`` styles everything on a page."""
    return all(
        isinstance(node, ORDINARY) or node.__class__.__name__.startswith("essay_")
        for node in doctree.findall()
    )


def link_third_party(app: Sphinx) -> None:
    """Link the style sheet of the essay elements if another theme is used."""
    if _is_third_party(app):
        app.add_css_file(THIRD_PARTY_THEMES, priority=300)


def write_third_party(app: Sphinx, _builder: object) -> None:
    """Write the style sheet of the essay elements if another theme is used."""
    if _is_third_party(app):
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        files = (CSS / name for name in ("third-party-themes.css", "elements.css"))
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        (folder / THIRD_PARTY_THEMES).write_text(text, encoding="utf-8")


def _is_third_party(app: Sphinx) -> bool:
    theme = getattr(app.builder, "theme", None)
    is_book = theme is not None and theme.name == EPUB_THEME
    return app.builder.format == "html" and not uses_essays_theme(app) and not is_book
