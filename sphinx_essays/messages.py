"""All translatable text: warnings for authors and labels for readers.

Warnings are in the language of the author's machine, labels in that of the book.

A warning has the type ``essays`` and one of :data:`WARNINGS` as its subtype, so
that ``suppress_warnings = ["essays.date"]`` silences only that kind.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import format_decimal
from sphinx.locale import get_translation, get_translator, init_console
from sphinx.util import logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx

CATALOGUE = "sphinx_essays"
LOCALE = Path(__file__).parent / "locale"
MANY = 12  # the most characters listed in a message

WARNINGS = {
    "alias": "an alias that cannot become a redirect page",
    "cast": "a cast that does not match the speakers",
    "date": "a date that is unreadable, ambiguous or implausible",
    "draft": "a reference without link text to an unpublished essay",
    "empty": "a directive without content",
    "epub": "content that an e-book cannot contain as it was written",
    "maths": "a formula that cannot be converted",
    "metadata": "a field that is misplaced or has an invalid value",
    "option": "an unknown option, or an option with an invalid value",
    "print": "content that cannot be printed as it was written",
    "pull_quote": "a pull-quote that differs from the text it repeats",
    "theme": "a theme option with an invalid value",
}

_ = get_translation(CATALOGUE)  # labels, in the language of the book
__ = get_translation(CATALOGUE, "console")  # warnings, in the language of the machine

logger = logging.getLogger("sphinx_essays")


def setup(app: Sphinx) -> None:
    """Register the message catalogues of the package."""
    app.add_message_catalog(CATALOGUE, str(LOCALE))


def init_console_locale() -> None:
    """Use the language of the machine for warnings; for code that runs outside a build."""
    init_console(str(LOCALE), CATALOGUE)


def warn(subtype: str, message: str, location: object) -> None:
    """Log a warning of type ``essays`` that ``suppress_warnings`` can silence.

    :param location: a file and line ("path:7"), a node, or a pair of document and line.
    :raises KeyError: if `subtype` is not in :data:`WARNINGS`.
    """
    WARNINGS[subtype]  # raises KeyError
    logger.warning(
        message,
        type="essays",
        subtype=subtype,
        location=location,  # type: ignore[arg-type]  # a string, a node or a pair
    )


# -- for the author ------------------------------------------------------------


def log_info(message: str) -> None:
    """Log a message that is not a warning."""
    logger.info(message)


def no_base_url() -> str:
    return __("html_baseurl is not set, so no feed, sitemap or canonical links are written.")


def impossible_alias(alias: str) -> str:
    return __(
        "Cannot create a redirect page for the alias '%s'. An alias must be a path such as "
        "/2010/10/07/spin/, without '?' or '..'. Add a redirect on your server instead."
    ) % (alias,)


def taken_alias(alias: str, other: str) -> str:
    """Return the warning for an alias that is also the address of the page `other`."""
    return __("The alias '%s' is already used by '%s'. Remove one of them.") % (alias, other)


def missing_image(path: str) -> str:
    return __("Image '%s' not found. The path must be relative to the folder of the essay.") % (
        path,
    )


def unknown_option(directive: str, option: str, known: Iterable[str]) -> str:
    """Return a warning that suggests the closest known option, or lists them all."""
    known = sorted(known)
    message = __("Unknown option ':%s:' for '%s' (ignored).") % (option, directive)
    if close := get_close_matches(option, known, 1):
        return message + " " + __("Did you mean ':%s:'?") % close[0]
    return message + " " + __("Valid options: %s.") % ", ".join(f"':{name}:'" for name in known)


def repeated_option(directive: str, option: str) -> str:
    return __("Option ':%s:' is given twice for '%s'. Write it only once.") % (
        option,
        directive,
    )


def late_option(directive: str, option: str) -> str:
    """Return the warning for an option that follows a blank line."""
    return __(
        "Option ':%s:' comes after a blank line, so it is read as text. "
        "Move it up, directly below '%s'."
    ) % (option, directive)


def bad_option(directive: str, option: str, why: str) -> str:
    """Return the warning for an invalid value; `why` is the text of docutils' ValueError."""
    why = " ".join(why.split()).rstrip(".")
    return __("Invalid value of option ':%s:' for '%s' (ignored): %s.") % (
        option,
        directive,
        why,
    )


def empty(directive: str) -> str:
    return __(
        "The '%s' directive is empty. Add its content below it, indented, after a blank line."
    ) % (directive)


def unreadable_date(text: str) -> str:
    return __("Cannot read '%s' as a date. Write it as 2014-04-20 or 20 April 2014.") % text


def ambiguous_date(text: str) -> str:
    return __(
        "The date '%s' is ambiguous. Write the year first (2014-04-20) or the month as a "
        "word (20 April 2014)."
    ) % (text)


def cast_without_role(entry: str) -> str:
    return __("The cast line '%s' has no '='. Write it like 'OL = Old Lady'.") % entry


def unknown_kind(kind: str, kinds: Iterable[str]) -> str:
    return __("Unknown kind of page: '%s'. Use one of: %s.") % (kind, ", ".join(kinds))


def pull_quote_differs(differs: Iterable[tuple[str, str]], sentence: str) -> str:
    """Return a warning that lists the differences and quotes the essay.

    :param differs: pairs of the quoted and the original wording; either may be empty.
    :param sentence: the passage of the essay that the pull-quote repeats.
    """
    message = __("This pull-quote differs from the text of the essay")
    shown = "; ".join(_difference(*pair) for pair in differs)
    return f"{message}: {shown}. " + __("The essay says: '%s'") % sentence


def unknown_source(source: str) -> str:
    """Return the warning for a ``:from:`` that names no document and no label."""
    return __("':from: %s' does not name a document or a label of this book.") % source


def not_found(text: str) -> str:
    """Return the warning for a pull-quote whose text does not occur in the essay."""
    return (
        __(
            "This pull-quote does not occur in the essay: '%s'. "
            "Correct it, or add ':check: no'."
        )
        % text
    )


def _difference(quoted: str, original: str) -> str:
    if not quoted:
        return __("'%s' is missing") % original
    if not original:
        return __("'%s' is added") % quoted
    return __("'%s' instead of '%s'") % (quoted, original)


def not_in_cast(name: str, cast: Sequence[str]) -> str:
    """Return a warning that suggests the closest cast member, or lists the cast."""
    message = __("Speaker '%s' is not in the cast.") % name
    if close := get_close_matches(name, cast, 1, 0.5):
        return message + " " + __("Did you mean '%s'?") % close[0]
    return message + " " + __("The cast is: %s.") % ", ".join(f"'{member}'" for member in cast)


def silent_cast_member(name: str, unknown_names: Iterable[str]) -> str:
    """Return a warning that suggests the closest of the speakers missing from the cast."""
    message = __("Cast member '%s' never speaks.") % name
    if close := get_close_matches(name, list(unknown_names), 1, 0.5):
        return message + " " + __("Did you mean '%s'?") % close[0]
    return message + " " + __("If this is intended, add '(silent)' to the cast line.")


def misplaced_field(field: str) -> str:
    return (
        __("Field ':%s:' is below the title, so it is read as text. Move it above the title.")
        % field
    )


def future_update(date: str) -> str:
    return __("This update is dated %s, which is in the future.") % date


def early_update(date: str, written: str) -> str:
    """Return the warning for an update that is older than the essay, dated `written`."""
    return __("This update is dated %s, before the date of the essay, %s.") % (date, written)


def hidden_reference(target: str) -> str:
    """Return the warning for a reference without link text to an unpublished essay."""
    return __(
        "'%s' is not published yet, and this reference has no link text. "
        "Add one: `link text <%s>`."
    ) % (target, target)


def unreadable_formula(why: str) -> str:
    """Return the warning for a formula that docutils cannot convert to MathML."""
    return __("Cannot convert this formula, so its LaTeX source is printed: %s") % why


def bad_theme_option(name: str, value: str, may_be: Iterable[str]) -> str:
    """Return the warning for a theme option; `may_be` has its values or examples of them."""
    choices = ", ".join(f"'{choice}'" for choice in may_be)
    return __("html_theme_options: '%s' cannot be '%s' (ignored). Use a value such as %s.") % (
        name,
        value,
        choices,
    )


def unknown_setting(option: str, name: str, known: Iterable[str]) -> str:
    """Return an error for an unknown key of the dictionary `option` of ``conf.py``."""
    close = get_close_matches(name, list(known), 1)
    message = __("Unknown key '%s' in %s.") % (name, option)
    if close:
        return message + " " + __("Did you mean '%s'?") % close[0]
    return message + " " + __("Valid keys: %s.") % ", ".join(f"'{name}'" for name in known)


def bad_setting(option: str, name: str, value: object, may_be: str) -> str:
    """Return an error for an invalid value in the dictionary `option` of ``conf.py``."""
    return __("%s: '%s' cannot be %r. It must be %s.") % (option, name, value, may_be)


def missing_glyphs(characters: Sequence[str], pages: int) -> str:
    """Return the warning for characters that no font of the book has.

    :param characters: the characters; at most :data:`MANY` of them are listed.
    :param pages: the number of pages on which they occur.
    """
    shown = " ".join(f"{character} (U+{ord(character):04X})" for character in characters[:MANY])
    if len(characters) > MANY:
        shown += " " + __("and %d more") % (len(characters) - MANY)
    if pages > 1:
        shown += " " + __("(on %d pages; this is the first)") % pages
    return (
        __(
            "The fonts of the book have no glyphs for %s. These characters are printed as "
            "boxes or in a fallback font. Put a font that has them in a folder, and name both "
            "in conf.py: essays_pdf = {'font_paths': ['fonts'], "
            "'fonts': {'text': ['Libertinus Serif', 'Font Name']}}"
        )
        % shown
    )


def typst_rejected_block(why: str, hints: Iterable[str]) -> str:
    """Return the warning for a block with an error; `why` and `hints` are Typst's."""
    reason = ". ".join([why, *hints])
    return __("Typst rejected this block, so it is printed as plain text: %s.") % reason


def unprintable(diagnostic: str) -> str:
    """Return the error for a book that Typst cannot compile at all."""
    return __("Typst cannot compile the book: %s") % diagnostic


def typst_warning(what: str) -> str:
    """Return the text of a warning from Typst, marked as such."""
    return __("Typst warning: %s.") % what


def unreadable_image(path: str, why: str) -> str:
    return __("Cannot read the image '%s': %s") % (path, why)


def missing_alt_text() -> str:
    """Return the warning for an image in a PDF with an accessibility standard."""
    return __(
        "This image has no ':alt:' text, which the PDF standard requires. Describe the image, "
        "or leave ':alt:' empty if it is only decoration."
    )


def no_typst() -> str:
    return __(
        "book.typ was written, but the Typst compiler is not installed. Run 'pip install "
        "typst'; if there is no wheel for your machine, install Typst itself and run "
        "'typst compile book.typ'."
    )


def missing_alt_text_for(path: str) -> str:
    """Return the warning for an image in an e-book."""
    return __(
        "Image '%s' has no ':alt:' text (in HTML: alt=\"\"). Describe the image, or leave "
        "':alt:' empty if it is only decoration."
    ) % (path)


def not_well_formed(why: str) -> str:
    """Return the warning for a page of an e-book; `why` is the error of the XML parser."""
    return __("This page is not well-formed XML and was repaired: %s.") % why


def unclosed_element(name: str, *, is_void: bool = False) -> str:
    """Return the warning for an element of raw HTML without an end."""
    if is_void:
        return __("EPUB pages are XML: write <%s/> instead of <%s>.") % (name, name)
    return __("<%s> is not closed. EPUB pages are XML: add </%s>.") % (name, name)


def stray_end_tag(name: str) -> str:
    return __("</%s> has no start tag and was removed from the e-book.") % name


def unquoted_attribute(name: str) -> str:
    return __('The value of %s is not quoted. EPUB pages are XML: write %s="…".') % (
        name,
        name,
    )


def unknown_entity(name: str) -> str:
    return (
        __("'&%s' is not an XML entity. Write the character itself, or &amp; for '&'.") % name
    )


def obsolete_element(name: str, instead: str) -> str:
    return __("<%s> is not an element of current HTML. The e-book uses <%s> instead.") % (
        name,
        instead,
    )


def obsolete_attribute(name: str, attribute: str) -> str:
    return __(
        "In current HTML, <%s> has no attribute '%s'. It was removed; use a class instead."
    ) % (
        name,
        attribute,
    )


def dead_link(address: str) -> str:
    return __("'%s' is not in the e-book, so the link was removed. Its text is kept.") % address


def missing_file(address: str) -> str:
    return __("File '%s' is not in the e-book, so it is replaced. Check its path.") % address


def external_file(address: str) -> str:
    """Return the warning for a file that EPUB does not allow outside the package."""
    return __(
        "'%s' is outside the book, so it was replaced by a link. Only audio and video may be "
        "loaded from the web (over https). To include the file, put it in the source folder."
    ) % (address)


def live_labels() -> dict[str, str]:
    """Return the fixed labels of the panel of the live preview."""
    return {
        "panel": __("Writing"),
        "follow": __("Follow"),
        "follow_hint": __("Go to the page that is being written"),
        "printed_essay": __("Essay (PDF)"),
        "printed_book": __("Book (PDF)"),
        "stopped": __("The live server has stopped. Restart it, and this page will reconnect."),
    }


def live_counts(
    errors: int, warnings: int, words: int | None, today: int | None
) -> dict[str, str]:
    """Return the counts in the panel of the live preview, as text.

    A count is empty if there are no errors or warnings, or if it is not known yet (None).
    """
    ngettext = get_translator(CATALOGUE, "console").ngettext
    counts = dict.fromkeys(("errors", "warnings", "words", "today"), "")
    if errors:
        counts["errors"] = _counted(
            ngettext("%(count)s error", "%(count)s errors", errors), errors
        )
    if warnings:
        counts["warnings"] = _counted(
            ngettext("%(count)s warning", "%(count)s warnings", warnings), warnings
        )
    if words is not None:
        counts["words"] = _counted(ngettext("%(count)s word", "%(count)s words", words), words)
    if today is not None:
        counts["today"] = __("%s today") % _figure(today, sign="+#;−#")
    return counts


def _counted(form: str, number: int) -> str:
    """Fill in the number; plural forms may omit it ("a word")."""
    return form % {"count": _figure(number)}


def _figure(number: int, sign: str = "#") -> str:
    """Format a number for the locale of the author's machine.

    :param sign: patterns for positive and negative numbers, with "#" for the digits.
    """
    pattern = ";".join(part.replace("#", "#,##0") for part in sign.split(";"))
    locale = Locale.default("LC_MESSAGES")
    return format_decimal(number, pattern if number else "0", locale=locale)


def typst_epilog() -> str:
    return __("The book's source is in %(outdir)s/book.typ.")


def pdf_epilog() -> str:
    return __("The book is in %(outdir)s/book.pdf.")


# -- for the reader ------------------------------------------------------------


def update_label(kind: str) -> str:
    """Return the label of an update or a correction."""
    return _("Correction") if kind == "correction" else _("Update")


def former_text_label() -> str:
    """Return the label before the wording that was corrected."""
    return _("Previously:")


def overheard() -> str:
    """Return the label before the setting of an overheard conversation."""
    return _("Overheard")


def dialogue() -> str:
    """Return the name that screen readers announce for a dialogue without a setting."""
    return _("Dialogue")


def comma() -> str:
    """Return the separator between "Update" and its date, and between tags."""
    return _(", ")


def index() -> str:
    """Return the title of the general index."""
    return _("Index")


def by(name: str) -> str:
    return _("by %s") % name


def updated(date: str) -> str:
    return _("updated %s") % date


def minutes(count: int) -> str:
    """Return the reading time of an essay."""
    translator = get_translator(CATALOGUE)
    forms = translator.ngettext("%(count)d minute", "%(count)d minutes", count)
    return forms % {"count": count}  # the singular of a language may omit it


def draft() -> str:
    """Return the label of an unpublished essay."""
    return _("Draft")


def start_reading() -> str:
    """Return the text of the link from the cover to the first page."""
    return _("Start reading")


def contents() -> str:
    """Return the title of the table of contents."""
    return _("Contents")


def recent_updates() -> str:
    """Return the heading of the list of updates on the cover."""
    return _("Recent updates")


def landmarks() -> str:
    """Return the heading of the landmarks (epub:type) of an e-book."""
    return _("Landmarks")


def cover_of(title: str, author: str) -> str:
    """Return the alternative text of the cover image."""
    if not author:
        return _("Cover: %s") % title
    return _("Cover: %s, by %s") % (title, author)


def accessibility_summary(*, is_told: bool) -> str:
    """Return the summary that EPUB metadata and online shops show.

    :param is_told: whether every image and formula has a text alternative.
    """
    if is_told:
        return _(
            "The text can be read at any size, on screen, aloud or in braille. Every image "
            "has a text alternative. Parts, essays and notes are marked up as such."
        )
    return _(
        "The text can be read at any size, on screen, aloud or in braille. Some images, audio "
        "or video have no text alternative. Parts, essays and notes are marked up as such."
    )


def index_title(kind: str) -> str:
    """Return the title of a generated index."""
    titles = {
        "date": _("By date"),
        "tag": _("By tag"),
        "author": _("By author"),
        "update": _("Updates"),
    }
    return titles[kind]


def page(number: str) -> str:
    """Return the text of a reference to a printed page."""
    return _("page %s") % number


def typeset_in(font: str) -> str:
    """Return the line of the colophon that names the text font."""
    return _("Set in %s") % font


def interface() -> dict[str, str]:
    """Return the labels of the theme, because templates cannot read the catalogue."""
    return {
        "contents": contents(),
        "search": _("Search"),
        "skip": _("Skip to the text"),
        "next": _("Next"),
        "previous": _("Previous"),
        "cover": _("Cover"),
        "end": _("The end"),
        "back": _("Back to the cover"),
        "index": index(),
        "comma": comma(),
        "book": _("Book"),
        "draft": draft(),
        "prev_next": _("Previous and next"),
        "no_script": _("The search needs JavaScript. The contents do not:"),
        "search_hint": _("Words in the titles and texts of this book"),
        "not_found": _("Not here"),
        "not_found_text": _("There is no page at this address. Perhaps one of these:"),
        "continue": _("Continue: %s"),
        "tags": _("Tags"),
        "updates": _("Updates"),
        "cite": _("Cite this essay"),
        "link": _("Link to this paragraph"),
        "quote": _("Copy as a quotation"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "close": _("Close"),
        **settings(),
    }


def search() -> dict[str, str]:
    """Return the labels of the search, which are stored in its index."""
    return {"found": _("Found: %s"), "none": _("Nothing found"), "more": _("More")}


def settings() -> dict[str, str]:
    """Return the labels of the reading settings."""
    return {
        "settings": _("Settings"),
        "settings_title": _("Reading settings"),
        "color_scheme": _("Paper"),
        "color_scheme_system": _("As the system"),
        "color_scheme_light": _("Light"),
        "color_scheme_sepia": _("Sepia"),
        "color_scheme_dark": _("Dark"),
        "size": _("Type"),
        "size_small": _("Small"),
        "size_normal": _("Normal"),
        "size_large": _("Large"),
        "size_huge": _("Very large"),
        "measure": _("Line"),
        "measure_narrow": _("Short"),
        "measure_normal": _("Medium"),
        "measure_wide": _("Long"),
        "keys": _("Keyboard"),
        "keys_on": _("Single keys turn pages and open what is listed here"),
    }
