"""The EPUB builder: Sphinx writes the pages, and the `package` module packs them."""

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
from sphinx_essays.outputs.latex_to_mathml import MATHJAX, RENDERER

if TYPE_CHECKING:
    from docutils import nodes

HTML_THEME = Path(__file__).parents[2] / "theme"
PYGMENTS = "_static/pygments.css"
INDEX = "genindex"


class EssaysEpubBuilder(Epub3Builder):
    """Build an EPUB 3.3 file of the pages of this build.

    All of Sphinx's ``epub_`` options apply, except the guide, the duplicates in the contents
    and the pre and post files: EPUB 3 does not need them.
    """

    default_translator_class = EpubTranslator
    # WebP is a core media type: EPUB 3.3, section 3.2.
    supported_image_types = [*Epub3Builder.supported_image_types, "image/webp"]  # noqa: RUF012
    media_types = EPUB_MEDIA_TYPES | manifest.MEDIA_TYPES

    def init(self) -> None:
        """Start with an empty list of generated pages."""
        super().init()
        self.collected: list[str] = []

    @property
    def is_our_theme(self) -> bool:
        """Return whether the pages use this package's theme."""
        return bool(self.config.epub_theme == EPUB_THEME)

    @property
    def math_renderer_name(self) -> str | None:
        """Return MathML's renderer instead of MathJax, because e-readers do not run MathJax."""
        chosen = super().math_renderer_name
        return RENDERER if chosen == MATHJAX else chosen

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the URL of a page, with a file name that every e-reader can open."""
        return str(super().get_target_uri(manifest.plain_name(docname), typ))

    def get_output_path(self, page_name: str, /) -> Path:
        return Path(super().get_output_path(manifest.plain_name(page_name)))

    def post_process_images(self, doctree: nodes.Node) -> None:
        """Give images names that every e-reader can open."""
        super().post_process_images(doctree)
        for source, name in self.images.items():
            self.images[source] = manifest.plain_name(name)

    def init_templates(self) -> None:
        """Add the HTML theme's templates: the index and the breadcrumbs are the same."""
        super().init_templates()
        if self.is_our_theme and isinstance(self.templates, BuiltinTemplateLoader):
            self.templates.loaders.append(SphinxFileSystemLoader(HTML_THEME))

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """Return the context of a page, without links to neighbours and without contents."""
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
        """Add the EPUB semantics of a page and remove style sheets that are not in the book."""
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
        """Write a page, except an index without entries."""
        if pagename == INDEX and not addctx.get("genindexentries"):
            return
        if pagename not in self.env.all_docs:
            self.collected.append(pagename)
        super().handle_page(
            pagename, addctx, templatename, outfilename=outfilename, event_arg=event_arg
        )

    def copy_translation_js(self) -> None:
        """Copy nothing: the book contains none of Sphinx's scripts."""

    copy_stemmer_js = copy_translation_js

    def handle_finish(self) -> None:
        """Write the EPUB file."""
        book = package.gather(self)
        archive.write(Path(self.outdir, f"{self.config.epub_basename}.epub"), book)

    def _is_wanted(self, sheet: Any) -> bool:  # noqa: ANN401 (Sphinx's class is not public)
        name = str(sheet.filename)
        if self.is_our_theme and name == PYGMENTS:
            return is_set(self.config, "pygments_style")
        return "://" not in name

    def _rights(self) -> list[dict[str, str]]:
        """Return copyright and licence, the lines at the foot of the title page."""
        lines = [{"name": f"© {self.config.copyright}", "link": ""}] * bool(
            self.config.copyright
        )
        terms = licenses.book_license(self.app)
        return [*lines, *([terms] if terms else [])]
