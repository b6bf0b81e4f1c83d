"""The builder: Sphinx writes the pages, and what belongs to the book is packed from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.epub3 import Epub3Builder
from sphinx.jinja2glue import BuiltinTemplateLoader, SphinxFileSystemLoader

from sphinx_essays.book.pages import essay_domain
from sphinx_essays.compat.environment import EPUB_MEDIA_TYPES
from sphinx_essays.config import EPUB_THEME, is_set
from sphinx_essays.outputs import licenses
from sphinx_essays.outputs.epub import archive, manifest, package, semantics
from sphinx_essays.outputs.epub.translator import EpubTranslator
from sphinx_essays.outputs.html import math_renderer
from sphinx_essays.outputs.html.active_theme import THEME

if TYPE_CHECKING:
    from docutils import nodes

PYGMENTS = "_static/pygments.css"
INDEX = "genindex"


class EssaysEpubBuilder(Epub3Builder):
    """An EPUB 3.3 of the pages of this build, and of nothing else.

    Every option of Sphinx's whose name begins with ``epub_`` holds, but for the guide, the
    duplicates in the contents and the files before and behind, which EPUB 3 has no need of.
    """

    default_translator_class = EpubTranslator
    # EPUB 3.3, section 3.2, has WebP among its core media types.
    supported_image_types = [*Epub3Builder.supported_image_types, "image/webp"]  # noqa: RUF012
    media_types = EPUB_MEDIA_TYPES | manifest.MEDIA_TYPES

    def init(self) -> None:
        """Begin with no page that no source stands behind."""
        super().init()
        self.collected: list[str] = []

    @property
    def is_our_theme(self) -> bool:
        """Whether the pages are ours, and not those of a theme that the author chose."""
        return bool(self.config.epub_theme == EPUB_THEME)

    @property
    def math_renderer_name(self) -> str | None:
        """MathML, unless the author draws formulas: no e-reader runs MathJax."""
        chosen = super().math_renderer_name
        return math_renderer.RENDERER if chosen == math_renderer.MATHJAX else chosen

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """The address of a page, whose name every e-reader can open."""
        return str(super().get_target_uri(manifest.plain_name(docname), typ))

    def get_output_path(self, page_name: str, /) -> Path:
        """Where a page is written."""
        return Path(super().get_output_path(manifest.plain_name(page_name)))

    def post_process_images(self, doctree: nodes.Node) -> None:
        """Give pictures such names too."""
        super().post_process_images(doctree)
        for source, name in self.images.items():
            self.images[source] = manifest.plain_name(name)

    def init_templates(self) -> None:
        """The index and the eyebrow are those of the page."""
        super().init_templates()
        if self.is_our_theme and isinstance(self.templates, BuiltinTemplateLoader):
            self.templates.loaders.append(SphinxFileSystemLoader(THEME))

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """What a page of ours shows: no neighbours, and no contents of its own."""
        if not self.is_our_theme:
            return super().get_doc_context(docname, body, metatags)
        title = self.env.longtitles.get(docname)
        return {
            "parents": [], "prev": None, "next": None, "rellinks": [], "toc": "",
            "display_toc": False, "sourcename": "", "page_source_suffix": "",
            "title": self.render_partial(title)["title"] if title else "",
            "meta": self.env.metadata.get(docname),
            "body": body,
            "metatags": metatags,
        }  # fmt: skip

    def update_page_context(
        self, pagename: str, _templatename: str, ctx: dict[str, Any], _event_arg: object
    ) -> None:
        """Say what a page is, in EPUB's words; link no sheet that no e-reader has."""
        ctx["epub"] = semantics.of_page(
            essay_domain(self.env).kind(pagename), ctx.get("body", "")
        ) | {"language": manifest.language(self), "rights": self._rights()}
        if pagename == INDEX or ("content" in ctx and "indextitle" in ctx):
            ctx["epub"] |= semantics.INDEX
        ctx["css_files"] = [file for file in ctx["css_files"] if self._is_wanted(file)]

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        *,
        outfilename: Path | None = None,
        event_arg: nodes.document | None = None,
    ) -> None:
        """Write a page; an index without entries is none."""
        if pagename == INDEX and not addctx.get("genindexentries"):
            return
        if pagename not in self.env.all_docs:
            self.collected.append(pagename)
        super().handle_page(
            pagename, addctx, templatename, outfilename=outfilename, event_arg=event_arg
        )

    def copy_translation_js(self) -> None:
        """No script of Sphinx's is in the book."""

    copy_stemmer_js = copy_translation_js

    def handle_finish(self) -> None:
        """Pack the book."""
        book = package.gather(self)
        archive.write(Path(self.outdir, f"{self.config.epub_basename}.epub"), book)

    def _is_wanted(self, sheet: Any) -> bool:  # noqa: ANN401 (Sphinx' own class, not public)
        name = str(sheet.filename)
        if self.is_our_theme and name == PYGMENTS:
            return is_set(self.config, "pygments_style")
        return "://" not in name

    def _rights(self) -> list[dict[str, str]]:
        """Copyright and licence: what stands at the foot of the title page."""
        lines = [{"name": f"© {self.config.copyright}", "link": ""}] * bool(
            self.config.copyright
        )
        terms = licenses.book_license(self.app)
        return [*lines, *([terms] if terms else [])]
