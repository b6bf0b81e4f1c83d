"""The words we say: to the reader in the book's language, to the author in warnings.

A warning has the type ``essays`` and one of :data:`WARNINGS` as its subtype, so
that ``suppress_warnings = ["essays.date"]`` silences that kind alone.
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
MANY = 12  # characters named in one message

WARNINGS = {
    "alias": "an old address of an essay that cannot lead to it",
    "cast": "a cast and its speakers that do not agree",
    "date": "a date that cannot be read, or could be read in two ways",
    "draft": "a reference without words of its own to an essay that is hidden",
    "empty": "an element without words",
    "epub": "something that an e-book cannot have as it was written",
    "maths": "a formula that cannot be read",
    "metadata": "a field above the title that cannot be read",
    "option": "an option that is not known, or has a value that is not",
    "print": "something that cannot be printed as it was written",
    "pull_quote": "a pull-quote that has drifted from the words it repeats",
    "theme": "an option of the theme that is not known, or has a value that is not",
}

_ = get_translation(CATALOGUE)  # for readers, in the book's language
__ = get_translation(CATALOGUE, "console")  # for authors, in that of their machine

logger = logging.getLogger("sphinx_essays")


def setup(app: Sphinx) -> None:
    """Register our catalogue beside the package."""
    app.add_message_catalog(CATALOGUE, str(LOCALE))


def init_console_locale() -> None:
    """Speak to the author in the language of the machine where no build has begun."""
    init_console(str(LOCALE), CATALOGUE)


def warn(subtype: str, message: str, location: object) -> None:
    """Log a warning that ``suppress_warnings`` understands.

    :raises KeyError: if `subtype` is none of :data:`WARNINGS`.
    """
    WARNINGS[subtype]
    logger.warning(
        message,
        type="essays",
        subtype=subtype,
        location=location,  # type: ignore[arg-type]  # a string, a node or a pair
    )


# -- for the author ------------------------------------------------------------


def log_info(message: str) -> None:
    """Log a line that is no warning."""
    logger.info(message)


def no_base_url() -> str:
    """Say what a book lacks that does not know where it stands on the web."""
    return __(
        "html_baseurl is not set: no feed, no sitemap and no canonical links are written."
    )


def impossible_alias(alias: str) -> str:
    """Name an old address that no file can stand at."""
    return __(
        "No page can be made at the old address '%s': it must be a path such as "
        "/2010/10/07/spin/, without '?' and '..'. Have the server lead from it."
    ) % (alias,)


def taken_alias(alias: str, other: str) -> str:
    """Name an old address at which something stands already."""
    return __("The old address '%s' is taken by '%s'. Take one of the two away.") % (
        alias,
        other,
    )


def missing_image(path: str) -> str:
    """Name a picture that is not there."""
    return __("There is no picture '%s'. Its path begins at the folder of the essay.") % (path,)


def unknown_option(directive: str, option: str, known: Iterable[str]) -> str:
    """Name the option that was probably meant."""
    known = sorted(known)
    message = __("'%s' has no option ':%s:'; it is left aside.") % (directive, option)
    if close := get_close_matches(option, known, 1):
        return message + " " + __("Did you mean ':%s:'?") % close[0]
    return message + " " + __("It knows %s.") % ", ".join(f"':{name}:'" for name in known)


def repeated_option(directive: str, option: str) -> str:
    """Say that both values were kept."""
    return __("'%s' has ':%s:' twice; write it once.") % (directive, option)


def late_option(directive: str, option: str) -> str:
    """Say where options belong."""
    return __(
        "':%s:' stands behind a blank line, where it is only text. "
        "Move it up, straight below '%s'."
    ) % (option, directive)


def bad_option(directive: str, option: str, why: str) -> str:
    """Say what docutils' converter said."""
    why = " ".join(why.split()).rstrip(".")
    return __("'%s' leaves ':%s:' aside: %s.") % (directive, option, why)


def empty(directive: str) -> str:
    """Say what an element without a body needs."""
    return __(
        "'%s' has no words of its own. Write them below it, indented, behind a blank line."
    ) % (directive)


def unreadable_date(text: str) -> str:
    """Show how a date is written."""
    return __("'%s' cannot be read as a date. Write it as 2014-04-20 or 20 April 2014.") % text


def ambiguous_date(text: str) -> str:
    """Show both readings."""
    return __(
        "'%s' could be read in two ways. Write the year first (2014-04-20) or the month "
        "as a word (20 April 2014)."
    ) % (text)


def cast_without_role(entry: str) -> str:
    """Show how a line of a cast is written."""
    return __("The cast line '%s' has no '='. Write it as 'OL = Old Lady'.") % entry


def unknown_kind(kind: str, kinds: Iterable[str]) -> str:
    """List what a page can be."""
    return __("'%s' is no kind of page; write one of %s.") % (kind, ", ".join(kinds))


def pull_quote_differs(differs: Iterable[tuple[str, str]], sentence: str) -> str:
    """Show what differs, and the sentence as it stands."""
    message = __("This pull-quote has drifted from the essay's own words")
    shown = "; ".join(_difference(*pair) for pair in differs)
    return f"{message}: {shown}. " + __("The essay says: '%s'") % sentence


def unknown_source(source: str) -> str:
    """Say what ``:from:`` may name."""
    return __("':from: %s' is neither a document nor a label of this book.") % source


def not_found(words: str) -> str:
    """Say that a pull-quote stands nowhere in the essay."""
    return __("This pull-quote is not found in the essay: '%s'") % words


def _difference(quoted: str, original: str) -> str:
    if not quoted:
        return __("it leaves out '%s'") % original
    if not original:
        return __("it adds '%s'") % quoted
    return __("it has '%s' for '%s'") % (quoted, original)


def not_in_cast(name: str, cast: Sequence[str]) -> str:
    """Name the one of the cast who was probably meant."""
    message = __("'%s' speaks and is not in the cast.") % name
    if close := get_close_matches(name, cast, 1, 0.5):
        return message + " " + __("Is it '%s'?") % close[0]
    return message + " " + __("The cast is %s.") % ", ".join(f"'{member}'" for member in cast)


def silent_cast_member(name: str, unknown_names: Iterable[str]) -> str:
    """Say how silence is written, or who of those not in the cast it may be."""
    message = __("'%s' is in the cast and never speaks.") % name
    if close := get_close_matches(name, list(unknown_names), 1, 0.5):
        return message + " " + __("Is it '%s'?") % close[0]
    return message + " " + __("One who is there and says nothing is marked '(silent)'.")


def misplaced_field(field: str) -> str:
    """Say where the fields of an essay belong."""
    return __("':%s:' stands below the title, where it is only text. Move it above.") % field


def future_update(date: str) -> str:
    """Say that nobody can have written this yet."""
    return __("This update is dated %s, which is still to come.") % date


def early_update(date: str, written: str) -> str:
    """Say which of the two dates is the earlier."""
    return __("This update is dated %s, before the essay itself, %s.") % (date, written)


def hidden_reference(target: str) -> str:
    """Say why there is a hole, and how to fill it."""
    return __(
        "'%s' is not to be seen yet, and the reference has no words of its own. "
        "Give it some: `words <%s>`."
    ) % (target, target)


def unreadable_formula(why: str) -> str:
    """Say what docutils' reader of LaTeX said."""
    return __("This formula is printed as typed: %s") % why


def bad_theme_option(name: str, value: str, may_be: Iterable[str]) -> str:
    """Say what the option may be."""
    choices = ", ".join(f"'{choice}'" for choice in may_be)
    return __("html_theme_options: '%s' is '%s'; it can be %s.") % (name, value, choices)


def unknown_setting(option: str, name: str, known: Iterable[str]) -> str:
    """Name the setting that was probably meant."""
    close = get_close_matches(name, list(known), 1)
    message = __("%s has no '%s'.") % (option, name)
    if close:
        return message + " " + __("Did you mean '%s'?") % close[0]
    return message + " " + __("It knows %s.") % ", ".join(f"'{name}'" for name in known)


def bad_setting(option: str, name: str, value: object, may_be: str) -> str:
    """Say what a setting may be."""
    return __("%s: '%s' cannot be %r; it is %s.") % (option, name, value, may_be)


def missing_glyphs(characters: Sequence[str], pages: int) -> str:
    """Name the characters, and the remedy."""
    shown = " ".join(f"{character} (U+{ord(character):04X})" for character in characters[:MANY])
    if len(characters) > MANY:
        shown += " " + __("and %d more") % (len(characters) - MANY)
    if pages > 1:
        shown += " " + __("(on %d pages, of which this is the first)") % pages
    return (
        __(
            "The faces of the book lack %s; such characters would be boxes, or in a face for "
            "code. Put a font that has them into a folder, and name both: essays_pdf = "
            "{'font_paths': ['fonts'], 'fonts': {'text': ['Libertinus Serif', 'Its Name']}}"
        )
        % shown
    )


def typst_rejected_block(why: str, hints: Iterable[str]) -> str:
    """Say what Typst said of a block."""
    reason = ". ".join([why, *hints])
    return __("Typst cannot set this, and its words are printed plainly: %s.") % reason


def unprintable(diagnostic: str) -> str:
    """Say that the whole book is not printed, and why."""
    return __("Typst cannot print the book: %s") % diagnostic


def typst_warning(what: str) -> str:
    """A warning of Typst's own."""
    return __("Typst says: %s.") % what


def unreadable_image(path: str, why: str) -> str:
    """Say which picture is left out."""
    return __("The picture '%s' cannot be read: %s") % (path, why)


def missing_alt_text() -> str:
    """Say what the standard asks for."""
    return __(
        "This picture has no ':alt:', and the standard asks for one: say what it shows, or "
        "leave it empty where it is decoration."
    )


def no_typst() -> str:
    """How to go on where the compiler is not there."""
    return __(
        "book.typ is written, but Typst's compiler is not installed: 'pip install typst', or "
        "on a machine without a wheel 'typst compile book.typ' with Typst itself."
    )


def missing_alt_text_for(path: str) -> str:
    """Say what a reader who cannot see is missing."""
    return __(
        "The picture '%s' has no ':alt:' (in HTML, alt=\"\"): say what it shows, or leave it "
        "empty where it is only an ornament."
    ) % (path)


def not_well_formed(why: str) -> str:
    """Say what the parser of XML said."""
    return __("This page is not well-formed, and has been mended: %s.") % why


def unclosed_element(name: str, *, is_void: bool = False) -> str:
    """Show how an element ends in an e-book."""
    if is_void:
        return __("An e-book is XML: write <%s/> for <%s>.") % (name, name)
    return __("<%s> has no end. An e-book is XML: write </%s> behind it.") % (name, name)


def stray_end_tag(name: str) -> str:
    """Say that something ends that has not begun."""
    return __("</%s> ends nothing; it is left out of the e-book.") % name


def unquoted_attribute(name: str) -> str:
    """Show how an attribute is written."""
    return __('%s has no value between quotes. An e-book is XML: write %s="…".') % (name, name)


def unknown_entity(name: str) -> str:
    """Say how a sign is written."""
    return __("'&%s' is no sign of XML. Write the character itself, or &amp; for '&'.") % name


def obsolete_element(name: str, instead: str) -> str:
    """Say what stands for an element that is no more."""
    return __("<%s> is no element of today's HTML; the e-book has <%s>.") % (name, instead)


def obsolete_attribute(name: str, attribute: str) -> str:
    """Say what has become of an attribute."""
    return __(
        "<%s> has no '%s' in today's HTML; it is left out, and a class may do its work."
    ) % (
        name,
        attribute,
    )


def dead_link(address: str) -> str:
    """Say that a link leads nowhere in the book."""
    return __("'%s' is not in the e-book; the words stay, without a link.") % address


def missing_file(address: str) -> str:
    """Say that a file is not there."""
    return __("'%s' is not among the files of the e-book; its words stand for it.") % address


def external_file(address: str) -> str:
    """Say what may lie outside a book."""
    return __(
        "'%s' lies outside the book, where only sound and film (by https) may. A link stands "
        "for it; to have it in the book, put it beside the sources."
    ) % (address)


def live_labels() -> dict[str, str]:
    """What the panel beside a page that is being written says whatever happens."""
    return {
        "panel": __("Writing"),
        "follow": __("Follow"),
        "follow_hint": __("Go to the page that is being written"),
        "printed_essay": __("Essay (PDF)"),
        "printed_book": __("Book (PDF)"),
        "stopped": __("The loop has stopped. Start it again; this page waits for it."),
    }


def live_counts(
    errors: int, warnings: int, words: int | None, today: int | None
) -> dict[str, str]:
    """What the panel counts; nothing where there is nothing, or it is not known yet."""
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


def _counted(words: str, number: int) -> str:
    """A form of the plural; that for one or two may need no figure."""
    return words % {"count": _figure(number)}


def _figure(number: int, sign: str = "#") -> str:
    """A number as the author's machine writes it."""
    pattern = ";".join(part.replace("#", "#,##0") for part in sign.split(";"))
    locale = Locale.default("LC_MESSAGES")
    return format_decimal(number, pattern if number else "0", locale=locale)


def typst_epilog() -> str:
    """What Sphinx says at the end."""
    return __("The book's source is in %(outdir)s/book.typ.")


def pdf_epilog() -> str:
    """What Sphinx says at the end."""
    return __("The book is %(outdir)s/book.pdf.")


# -- for the reader ------------------------------------------------------------


def update_label(kind: str) -> str:
    """The word an update or a correction is announced with."""
    return _("Correction") if kind == "correction" else _("Update")


def former_text_label() -> str:
    """The words before the wording that was corrected."""
    return _("Previously:")


def overheard() -> str:
    """The word before the setting of an overheard conversation."""
    return _("Overheard")


def dialogue() -> str:
    """What a dialogue without a setting is called by a screen reader."""
    return _("Dialogue")


def comma() -> str:
    """What stands between "Update" and its date, and between tags."""
    return _(", ")


def index() -> str:
    """The name of the index of words."""
    return _("Index")


def by(name: str) -> str:
    """Who wrote it."""
    return _("by %s") % name


def updated(date: str) -> str:
    """When an essay was last changed."""
    return _("updated %s") % date


def minutes(count: int) -> str:
    """How long an essay takes to read."""
    translator = get_translator(CATALOGUE)
    forms = translator.ngettext("%(count)d minute", "%(count)d minutes", count)
    return forms % {"count": count}  # one of a language may need no figure


def draft() -> str:
    """The badge of what is not published yet."""
    return _("Draft")


def start_reading() -> str:
    """The way from the cover to the first page."""
    return _("Start reading")


def contents() -> str:
    """The name of the page that lists the book."""
    return _("Contents")


def recent_updates() -> str:
    """The heading of the latest updates on the cover."""
    return _("Recent updates")


def landmarks() -> str:
    """The name of the list of places that an e-reader has buttons for."""
    return _("Landmarks")


def cover_of(title: str, author: str) -> str:
    """What a cover says to those who do not see it."""
    if not author:
        return _("Cover: %s") % title
    return _("Cover: %s, by %s") % (title, author)


def accessibility_summary(*, is_told: bool) -> str:
    """How the book can be read, for those who ask before they open it."""
    if is_told:
        return _(
            "The text can be read in any size, by eye, ear or hand; every picture has words "
            "that stand for it. Parts, essays and notes are marked as such."
        )
    return _(
        "The text can be read in any size, by eye, ear or hand; some of what is shown has no "
        "words that stand for it. Parts, essays and notes are marked as such."
    )


def index_title(kind: str) -> str:
    """The name of an index."""
    titles = {
        "date": _("By date"),
        "tag": _("By tag"),
        "author": _("By author"),
        "update": _("Updates"),
    }
    return titles[kind]


def page(number: str) -> str:
    """Where something is on paper."""
    return _("page %s") % number


def typeset_in(face: str) -> str:
    """What a colophon says of the type."""
    return _("Set in %s") % face


def interface() -> dict[str, str]:
    """The words of the theme, for a template cannot reach our catalogue itself."""
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
    """The words of the search, which come with its index."""
    return {"found": _("Found: %s"), "none": _("Nothing found"), "more": _("More")}


def settings() -> dict[str, str]:
    """The words of the reading settings."""
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
