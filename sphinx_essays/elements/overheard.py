"""The dialogue element: a setting, a cast, speeches and stage directions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import make_id

from sphinx_essays import messages
from sphinx_essays.elements import dialogue_parser
from sphinx_essays.elements.base import (
    EssayDirective,
    byline_nodes,
    essay_contributor,
    essay_place,
    pop_child_text,
    time_node,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node

SILENCE = "…"
# MyST does not keep track of escaped brackets, docutils does. A private-use character
# replaces the backslash while MyST parses; after a letter or "/" it may be part of a URL.
ESCAPED = re.compile(r"(?<![\w/\\])\\(?=[(\[])")
KEPT = dialogue_parser.KEPT
DIRECTIONS = ("parentheses", "brackets", "off")


class essay_overheard(nodes.General, nodes.Element):
    """A dialogue.

    ``kind`` is ``overheard`` or ``dialogue``. ``directions`` says which brackets enclose
    stage directions. ``date`` is the date as typed, ``when`` the same as a
    :class:`~.dates.Date`, if it is readable. The children are an :class:`essay_setting`,
    the cast (a definition list), the speeches, and any other text between them.
    """


class essay_setting(nodes.General, nodes.TextElement):
    """The place and the occasion."""


class essay_speech(nodes.General, nodes.Element):
    """A speech: the speaker, possibly a parenthetical, then body elements.

    The speaker is a node beside the text and not part of it, so that a translation of the
    text cannot lose it.
    """


class essay_speaker(nodes.General, nodes.TextElement):
    """The speaker's name before a speech."""


class essay_parenthetical(nodes.General, nodes.TextElement):
    """The manner of a speech: ``YM (shrugging):``."""


class essay_direction(nodes.Inline, nodes.TextElement):
    """A stage direction, without its brackets."""


class OverheardRecord(NamedTuple):
    """The record of a dialogue in the domain."""

    docname: str
    anchor: str
    setting: str
    speakers: tuple[str, ...]


class Overheard(EssayDirective):
    """Typeset a dialogue.

    .. code-block:: rst

       .. overheard:: while queueing to get into the Lido
          :cast: YM = Young Man, on mobile phone
                 OL = Old Lady

          YM: No, I forgot the sun-cream… (pause)… I am NOT going to ask.

          (He looks at the sky.)

          OL: There is a shop.

    ``:one-sided:`` is for one side of a telephone call: an ellipsis marks the silence
    between two speeches. ``.. dialogue::`` is the same without the label "Overheard". The
    markup is that of the HTML standard (section 4.15.4, "Conversations").
    """

    known_options: ClassVar[frozenset[str]] = frozenset(
        {"cast", "directions", "date", "place", "by", "one-sided"}
    )

    def build(self) -> list[Node]:
        """Return the node, without labels: these are added when a page is written."""
        if not self.is_rst:
            self.content.disconnect()
            self.content.data = [ESCAPED.sub(KEPT, line) for line in self.content.data]
        node = essay_overheard()
        self.finish(node)
        node["kind"] = "dialogue" if self.name == "dialogue" else "overheard"
        node["directions"] = self.converted("directions", _directions, DIRECTIONS[0])
        node["date"], when = self.date_option("date")
        if when:
            node["when"] = when
        node["one_sided"] = self.converted("one-sided", _switch, False)
        node["ids"].append(make_id(self.env, self.state.document, node["kind"]))
        complaints = self._add_setting(node)
        for message in (
            *self.parse_option("place", essay_place),
            *self.parse_option("by", essay_contributor),
        ):
            (complaints if isinstance(message, nodes.system_message) else node).append(message)
        self._add_body(node, complaints)
        if not self.is_rst:
            for element in (node, *complaints):
                _restore(element)
        return [node, *complaints]

    def _add_setting(self, node: essay_overheard) -> list[Node]:
        if not self.head.argument:
            return []
        brackets = dialogue_parser.BRACKETS.get(node["directions"])
        self.take_wrapped_argument(lambda line: not dialogue_parser.begins(line, brackets))
        setting, *complaints = self.parse_words(self.head.argument, 0, essay_setting)
        node += setting
        return complaints

    def _add_body(self, node: essay_overheard, complaints: list[Node]) -> None:
        members = self._given_cast()
        if not self.has_body():
            self._add_cast(node, members, complaints)
            return
        start = self.head.body
        read = dialogue_parser.read(self.content.data[start:], members, node["directions"])
        members += [member._replace(line=member.line + start) for member in read.cast]
        self._check_cast(members, read, start)
        self._add_cast(node, members, complaints)
        for part in read.parts:
            complaints += self._add_part(node, part, start)

    # -- the cast --------------------------------------------------------------

    def _given_cast(self) -> list[dialogue_parser.CastMember]:
        option = self.head.options.get("cast")
        if option is None:
            return []
        members = dialogue_parser.read_cast(option.value)
        members = [member._replace(line=member.line + option.begins) for member in members]
        for member in members:
            if member.role is None:
                self.warn("cast", messages.cast_without_role(member.name), member.line)
        return members

    def _check_cast(
        self,
        members: list[dialogue_parser.CastMember],
        read: dialogue_parser.Dialogue,
        start: int,
    ) -> None:
        """Warn about speakers missing from a given cast and cast members who never speak."""
        cast = [member.name for member in members]
        warned: set[str] = set()
        speeches = [part for part in read.parts if isinstance(part, dialogue_parser.Line)]
        spoken = {*read.speakers, *(part.label.name for part in speeches)}
        for part in speeches if cast else ():
            names = () if part.label.name in cast else part.label.names
            for name in names:
                if name not in cast and name not in warned:
                    warned.add(name)
                    self.warn("cast", messages.not_in_cast(name, cast), start + part.line)
        for member in members:
            if not (member.name in spoken or dialogue_parser.is_silent(member)):
                self.warn("cast", messages.silent_cast_member(member.name, warned), member.line)

    def _add_cast(
        self,
        node: essay_overheard,
        members: list[dialogue_parser.CastMember],
        complaints: list[Node],
    ) -> None:
        if not members:
            return
        cast = nodes.definition_list(classes=["essay-cast"])
        self.place(cast, members[0].line)
        for member in members:
            item = nodes.definition_list_item()
            self.place(item, member.line)
            name, *system_messages = self.parse_words(member.name, member.line, nodes.term)
            role, *rest = self.parse_words(member.role or "", member.line)
            item += name
            item += nodes.definition("", *([role] if member.role else []))
            complaints += [*system_messages, *rest]
            cast += item
        node += cast

    # -- the parts -------------------------------------------------------------

    def _add_part(
        self, node: essay_overheard, part: dialogue_parser.DialogueItem, start: int
    ) -> list[Node]:
        if isinstance(part, dialogue_parser.Line):
            return self._add_speech(node, part, start + part.line)
        if isinstance(part, dialogue_parser.Direction):
            direction, *complaints = self.parse_words(part.text, start + part.line)
            node += direction
            return complaints
        self._add_passage(node, part, start)
        return []

    def _add_speech(
        self, node: essay_overheard, part: dialogue_parser.Line, index: int
    ) -> list[Node]:
        speech = essay_speech()
        self.place(speech, index)
        parsed = self.parse_words(part.label.name, index, essay_speaker)
        if part.label.parenthetical:
            parsed += self.parse_words(part.label.parenthetical, index, essay_parenthetical)
        if part.text.strip():
            parsed += self.parse_words(part.text, index)
        complaints: list[Node] = [
            child for child in parsed if isinstance(child, nodes.system_message)
        ]
        speech += [child for child in parsed if child not in complaints]
        node += speech
        return complaints

    def _add_passage(
        self, node: essay_overheard, part: dialogue_parser.Block, start: int
    ) -> None:
        parsed = self.parse_lines(start + part.line, start + part.stop, part.margin)
        # Markdown has ">" for block quotes; an indented paragraph is not a quotation there.
        unquote = _without_quotation if self.is_rst else _keep_text
        words = [node for child in parsed for node in unquote(child)]
        last = node[-1] if len(node) else None
        if isinstance(last, essay_speech):
            last += words
        elif any(isinstance(child, essay_speech) for child in node.children):
            speech = essay_speech("", *words)
            self.place(speech, start + part.line)
            node += speech
        else:
            node += words


def _keep_text(node: Node) -> list[Node]:
    return [node]


def _without_quotation(node: Node) -> list[Node]:
    """Unwrap a block quote without attribution: an indented paragraph continues a speech."""
    if isinstance(node, nodes.block_quote) and not any(
        isinstance(child, nodes.attribution) for child in node.children
    ):
        return list(node.children)
    return [node]


def _restore(node: Node) -> None:
    """Give escaped brackets the null character that docutils gives them."""
    for descendant in list(node.findall()):
        if isinstance(descendant, nodes.Text) and KEPT in descendant:
            is_code = isinstance(descendant.parent, (nodes.literal, nodes.FixedTextElement))
            text = nodes.Text(descendant.replace(KEPT, "\\" if is_code else "\x00"))
            descendant.parent.replace(descendant, text)
        elif isinstance(descendant, nodes.Element):
            descendant.rawsource = descendant.rawsource.replace(KEPT, "\\")
            for name, value in list(descendant.attlist()):
                if isinstance(value, str):  # such as the alt text of an image
                    descendant[name] = value.replace(KEPT, "")


def _switch(value: str) -> bool:
    return directives.choice(value or "yes", ("yes", "true", "no", "false")) in {"yes", "true"}


def _directions(value: str) -> str:
    return str(directives.choice(value, DIRECTIONS))


class StageDirections(SphinxTransform):
    """Mark text in brackets as stage directions.

    This runs after Sphinx's Locale transform (20), so that a translated speech is marked
    too. An escaped bracket still has docutils' null character in the text node here.
    """

    default_priority = 25

    def apply(self, **_kwargs: Any) -> None:  # noqa: ANN401 (docutils' signature)
        """Mark the stage directions in every dialogue of the document."""
        for node in list(self.document.findall(essay_overheard)):
            if brackets := dialogue_parser.BRACKETS.get(node["directions"]):
                for paragraph in _spoken_paragraphs(node):
                    _mark(paragraph, brackets)


def _spoken_paragraphs(node: nodes.Element) -> Iterator[nodes.paragraph]:
    for child in list(node.children):
        if isinstance(child, nodes.paragraph):
            yield child
        elif isinstance(child, essay_speech):
            yield from _spoken_paragraphs(child)


def _mark(paragraph: nodes.paragraph, brackets: str) -> None:
    """Wrap the text between outermost brackets; the brackets themselves stay outside."""
    text = _flat(paragraph)
    if not any(bracket in text for bracket in brackets[::2]):
        return
    if dialogue_parser.is_bracketed(text, brackets):
        paragraph["classes"].append("essay-direction")
    children: list[Node] = []
    inside: list[Node] = []
    depth = 0
    for step, piece in _pieces(paragraph, brackets):
        before, depth = depth, max(0, depth + step)
        if before and depth:
            inside.append(piece)
            continue
        if before and inside:
            children.append(essay_direction("", "", *inside))
            inside = []
        children.append(piece)
    children += inside  # after a bracket that is not closed, the text is unchanged
    paragraph.children = []
    paragraph += children


def _flat(paragraph: nodes.paragraph) -> str:
    """Return the text with docutils' null characters, and a letter for each inline node."""
    return "".join(
        str(child) if isinstance(child, nodes.Text) else "x" for child in paragraph.children
    )


def _pieces(paragraph: nodes.paragraph, brackets: str) -> Iterator[tuple[int, Node]]:
    """Split a paragraph at its brackets, except escaped ones: 1 for opening, -1 closing."""
    steps = {**dict.fromkeys(brackets[::2], 1), **dict.fromkeys(brackets[1::2], -1)}
    for child in paragraph.children:
        if not isinstance(child, nodes.Text):
            yield 0, child
            continue
        for piece in re.split(rf"(?<!\x00)([{re.escape(brackets)}])", child):
            if piece:
                yield steps.get(piece, 0), nodes.Text(piece)


# -- when a page is written --------------------------------------------------------


def add_labels(node: essay_overheard, language: str) -> None:
    """Add the generated labels, and put each speaker into the first paragraph spoken."""
    names = [len(speaker.astext()) for speaker in node.findall(essay_speaker)]
    node["longest_name"] = max(names, default=0)
    _add_heading(node)
    _add_occasion(node, language)
    children: list[Node] = []
    last: Node | None = None
    for child in node.children:
        if node["one_sided"] and _follows_silence(last, child):
            children.append(nodes.paragraph(SILENCE, SILENCE, classes=["essay-silence"]))
        children += _speech_nodes(child) if isinstance(child, essay_speech) else [child]
        last = child
    node.children = []
    node += children


def _add_heading(node: essay_overheard) -> None:
    """Add the label "Overheard" before the setting, unless it begins with that word."""
    word = messages.overheard()
    setting = next(iter(node.findall(essay_setting)), None)
    if node["kind"] == "dialogue":
        return
    label = nodes.inline("", word, classes=["essay-label"])
    if setting is None:
        node.insert(0, essay_setting("", "", label))
    elif not setting.astext().casefold().startswith(word.casefold()):
        setting.insert(0, [label, nodes.Text(" ")])


def _add_occasion(node: essay_overheard, language: str) -> None:
    """Add a line with place, date and contributor below the setting."""
    details = [pop_child_text(node, essay_place)]
    if node["date"]:
        details.append([time_node(node.get("when"), node["date"], language)])
    if by := pop_child_text(node, essay_contributor):
        details.append(byline_nodes(by))
    line = nodes.paragraph(classes=["essay-occasion"])
    for words in filter(None, details):
        line += [nodes.Text(messages.comma()), *words] if len(line) else words
    if len(line):
        node.insert(len(list(node.findall(essay_setting))), line)


def _speech_nodes(speech: essay_speech) -> list[Node]:
    """Return the paragraphs of a speech, with the speaker at the start of the first."""
    head: list[Node] = []
    words: list[Node] = []
    for child in speech.children:
        if isinstance(child, essay_speaker):
            head.append(child)
        elif isinstance(child, essay_parenthetical):
            parenthetical = essay_direction("", "", *child.children)
            head += [nodes.Text(" ("), parenthetical, nodes.Text("):")]
        else:
            words.append(child)
    if head:
        _set_at_head(head, words)
    for number, word in enumerate(words):
        if isinstance(word, nodes.Element):
            is_first = bool(head) and not number
            word["classes"].append("essay-speech" if is_first else "essay-speech-continued")
    return words


def _follows_silence(last: Node | None, child: Node) -> bool:
    """Return whether the silent side of a call speaks between two speeches."""
    return (
        isinstance(last, essay_speech)
        and isinstance(child, essay_speech)
        and last.next_node(essay_speaker) is not None
        and child.next_node(essay_speaker) is not None
    )


def _set_at_head(head: list[Node], words: list[Node]) -> None:
    """Insert the speaker; the colon is text, so that it is copied and read aloud."""
    if len(head) == 1 and isinstance(head[0], essay_speaker):
        head[0] += nodes.Text(":")
    if not (words and isinstance(words[0], nodes.paragraph)):
        words.insert(0, nodes.paragraph())
    words[0].insert(0, [*head, nodes.Text(" ")])  # type: ignore[attr-defined]


def to_docutils(node: essay_overheard) -> list[Node]:
    """Render a dialogue as a block quote of paragraphs."""
    quote = nodes.block_quote("", *node.children, ids=node["ids"], names=node["names"])
    quote["classes"] = [f"essay-{node['kind']}", *node["classes"]]
    quote.source, quote.line = node.source, node.line
    return [quote]


def setting_to_docutils(node: essay_setting) -> list[Node]:
    """Render the setting as a paragraph."""
    return [nodes.paragraph("", "", *node.children, classes=["essay-setting"])]


def speaker_to_docutils(node: essay_speaker) -> list[Node]:
    """Render the speaker in bold."""
    return [nodes.strong("", "", *node.children, classes=["essay-speaker"])]


def direction_to_docutils(node: essay_direction) -> list[Node]:
    """Render a stage direction in italics."""
    return [nodes.emphasis("", "", *node.children, classes=["essay-direction"])]


def record(node: essay_overheard, docname: str) -> OverheardRecord:
    """Return the domain's record of a dialogue."""
    setting = next((child.astext() for child in node.findall(essay_setting)), "")
    speakers = dict.fromkeys(child.astext() for child in node.findall(essay_speaker))
    return OverheardRecord(docname, node["ids"][-1], setting, tuple(speakers))
