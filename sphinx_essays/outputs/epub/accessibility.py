"""Compute the accessibility metadata of the book from its pages.

EPUB Accessibility 1.1, section 2.2. The values are from the Schema.org Accessibility Properties
for Discoverability Vocabulary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_essays import messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx_essays.outputs.epub.builder import EssaysEpubBuilder
    from sphinx_essays.outputs.epub.xhtml_inspector import PageInfo

STANDARD = "EPUB Accessibility 1.1"
INDEX = "genindex"


def facts(builder: EssaysEpubBuilder, proofs: Sequence[PageInfo]) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each accessibility property of the package.

    The cover page is not among `proofs`: the title page contains the same text.
    """
    has_pictures = any(any(info.alternatives) or info.lacks_alt for info in proofs)
    has_drawings = any("svg" in info.properties for info in proofs)
    has_audio_video = any(info.has_audio_video for info in proofs)
    is_told = not (has_drawings or has_audio_video or any(info.lacks_alt for info in proofs))
    yield "schema:accessMode", "textual"
    if has_pictures or has_drawings or has_audio_video:
        yield "schema:accessMode", "visual"
    if has_audio_video:
        yield "schema:accessMode", "auditory"
    yield "schema:accessModeSufficient", "textual" if is_told else "textual,visual"
    for feature in _features(builder, proofs, has_words=has_pictures and is_told):
        yield "schema:accessibilityFeature", feature
    yield "schema:accessibilityHazard", "unknown" if has_audio_video else "none"
    yield "schema:accessibilitySummary", messages.accessibility_summary(is_told=is_told)
    yield from _claim(builder)


def _features(
    builder: EssaysEpubBuilder, proofs: Iterable[PageInfo], *, has_words: bool
) -> Iterator[str]:
    """Yield the values of ``schema:accessibilityFeature``."""
    yield from (
        "tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability",
    )  # fmt: skip
    if has_words:
        yield "alternativeText"
    if any("mathml" in info.properties for info in proofs):
        yield "MathML"
    if INDEX in builder.collected:
        yield "index"


def _claim(builder: EssaysEpubBuilder) -> Iterator[tuple[str, str]]:
    """Yield the conformance that the author claims: only a person can check it."""
    config = builder.config
    if claim := config.essays_epub["conforms_to"]:
        yield "dcterms:conformsTo", f"{STANDARD} - {claim}"
        yield "a11y:certifiedBy", str(config.epub_publisher or config.epub_author)
