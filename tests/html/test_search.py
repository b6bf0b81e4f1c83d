"""Compare the search with Sphinx's, from a server and from a file.

``ESSAYS_QUERIES=500 pytest tests/html/test_search.py`` sends 500 queries to each book;
``pytest -m bench -s tests/html/test_search.py`` measures the first search in 2,000 essays.
"""

from __future__ import annotations

import gzip
import random
import re
import shutil
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.heavy import heavy, heavy_except
from support.sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.books import Book
    from support.browser import Reader

pytestmark = pytest.mark.browser
SHOWN = 5  # the number of results whose order must be that of Sphinx
# The intended differences from Sphinx, as changes to its searchtools.js.
ARGUED = {
    # A word is found by its beginning, not by letters inside it: "art" does not find "party".
    "inside": [
        ("term.match(escapedWord)", "term.startsWith(word)"),
        ("title.toLowerCase().trim().includes(queryLower)", "begins(title, queryLower)"),
        ("entry.includes(queryLower)", "begins(entry, queryLower)"),
    ],
    # A word in a title has the same score if a longer word is in the text as well.
    "worth": [
        (
            "fileScores.set(word, record.score)",
            "fileScores.set(word, Math.max(record.score, fileScores.get(word) || 0))",
        )
    ],
    # Objects of a program are found as words and as index entries, like everything else.
    "objects": [("...Search.performObjectSearch(term, objectTerms)", "")],
}
# Lists of essays on a cover are not indexed, which Sphinx finds by every title.
UNLISTED = """
from docutils import nodes

def unlist(app, doctree, docname):
    for one in doctree.findall(nodes.bullet_list):
        if "essay-contents" in one["classes"]:
            one["classes"].append("no-search")

def setup(app):
    app.connect("doctree-resolved", unlist, priority=999)
"""
BEGINS = r"""
const begins = (text, query) => {
  const lower = text.toLowerCase().trim();
  for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, at + 1)) {
    if (!at || /[\u3040-\u30ff\u3400-\u9fff]/.test(lower[at])) return true;
    if (!/[\p{L}\p{N}_]/u.test(lower[at - 1]) && /[\p{L}\p{N}_]/u.test(lower[at])) return true;
  }
  return false;
};
"""
THEIRS = """queries => queries.map(query => {
  const results = Search._performSearch(...Search._parseQuery(query)).reverse();
  return results.map(one => [one[0], one[2]]);
})"""
OURS = """async queries => {
  const all = [];
  for (const query of queries) {
    const { index, results } = await essaysSearch.find(query, false);
    const found = [];
    for (const one of results.slice(0, 5)) {
      const [, , address] = await essaysSearch.row(index, one.number);
      found.push([address.replace(/\\.html$/, ""), one.anchor]);
    }
    all.push([found, results.length]);
  }
  return all;
}"""
JAPANESE = (
    "駅の時計は七分遅れていて、町の人はみなそれを知っている。|渡し船は川を渡る。岸には鐘がある。"
    "|図書館の読書室では、老人が新聞を読んでいる。|金物屋はネジを一本ずつ売った。"
    "|ベンチには名前が彫られている。|市民プールは夏のあいだだけ開いている。"
    "|電話ボックスは誰も使わない。|町の人は時計を直そうとしなかった。"
)
FRENCH = (
    "L'horloge de la gare retarde de sept minutes, et tout le monde le sait dans la ville."
    "|Le bac traverse la rivière quand quelqu'un a sonné la cloche sur l'autre rive."
    "|Dans la salle de lecture, des retraités élèvent la voix près des journaux reliés."
    "|Le quincaillier vendait ses vis à l'unité, et ce n'était pas être commerçant."
    "|Un banc porte le nom d'une femme âgée qui n'aimait guère s'asseoir."
    "|La piscine découverte rouvrit en été; les élèves y nageaient dès l'aube."
    "|Où sont passées les cabines téléphoniques? On les a démontées sans cérémonie."
    "|Les commerçants réglaient leurs montres, et les régleraient encore, après l'église."
)


def write_random_book(book: Book, language: str, sentences: list[str], essays: int) -> None:
    """Write essays of sentences in a language, with sections and index entries.

    Every title is unique, because Sphinx does not sort equal results.
    """
    chance = random.Random(language)  # noqa: S311 (a corpus, no secret)
    blank = "" if language == "ja" else " "
    files = {}
    for number in range(essays):
        titles = [re.split("[。、,.;]", chance.choice(sentences))[0] for _ in range(2)]
        text = [blank.join(chance.choices(sentences, k=3)) for _ in range(3)]
        entry = chance.choice(titles)[:20].strip()
        line = "=" * 200
        files[f"essay{number}.rst"] = (
            f"{titles[0]} {number}\n{line}\n\n"
            f".. index:: {entry}\n   ! {entry[:7]}\n\n{text[0]}\n\n"
            f"{titles[1]}\n{line.replace('=', '-')}\n\n{text[1]}\n\n{text[2]}\n"
        )
    names = "".join(f"   {name[:-4]}\n" for name in files)
    files["index.rst"] = f"Book\n====\n\n.. toctree::\n\n{names}"
    conf = f'project = "Test"\nauthor = "A."\nlanguage = "{language}"\n'
    files["conf.py"] = conf + 'extensions = ["sphinx_essays"]\n'
    book.write(files)


@pytest.fixture(params=heavy_except(["en", "docs", "fr", "ja", "chinese"]))
def language_book(
    request: pytest.FixtureRequest,
    book: Book,
    root_book: Callable[[str], Book],
    sentences: list[str],
) -> Book:
    """Write a book in each kind of language: with stems, with accents, without spaces."""
    made: dict[str, tuple[list[str], int]] = {
        "en": (sentences, 150),
        "fr": (FRENCH.split("|"), 60),
        "ja": (JAPANESE.split("|"), 40),
    }
    if request.param not in made:
        return root_book(request.param)
    write_random_book(book, request.param, *made[request.param])
    return book


def build_with_basic_theme(book: Book, changes: list[tuple[str, str]], *, lists: bool) -> Path:
    """Build the book with Sphinx's basic theme, and change its search by ``changes``."""
    source = book.source.with_name(f"build_with_basic_theme-{len(changes)}-{lists}")
    shutil.copytree(book.source, source)
    other = replace(book, source=source, target=source.with_name(f"{source.name}-build"))
    other.confoverrides = {"html_theme": "basic"}
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("" if lists else UNLISTED)
    out = other.build("html")
    script = out / "_static" / "searchtools.js"
    text = script.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    script.write_text(BEGINS + text, encoding="utf-8")
    # Before Sphinx 9.2 the search of a Chinese book fails: its stemmer has a wrong name.
    words = out / "_static" / "language_data.js"
    text = words.read_text(encoding="utf-8")
    words.write_text(text.replace("= ChineseStemmer", "= EnglishStemmer"), encoding="utf-8")
    return out


def make_queries(book: Book, count: int) -> list[str]:
    """Return queries: words, prefixes, phrases and titles, with and without accents."""
    chance = random.Random(count)  # noqa: S311 (questions, no secret)
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(book.source.rglob("*.rst"))
        if "_build" not in path.parts
    )
    lines = [one.strip() for one in text.splitlines() if re.match(r"\w", one)]
    words = re.findall(r"[^\W\d_]+", text)

    def phrase() -> str:
        line = chance.choice(lines)
        several = line.split()
        if len(several) < 3:
            start = chance.randrange(len(line))
            return line[start : start + chance.randint(1, 6)]
        start = chance.randrange(len(several))
        return " ".join(several[start : start + chance.randint(1, 3)])

    def beginning() -> str:
        word = chance.choice(words)
        return word[: chance.randint(2, max(2, len(word)))]

    def inflected() -> str:
        return chance.choice(words).lower() + chance.choice(["s", "ing", "ed", "es", "e"])

    kinds: list[Callable[[], str]] = [
        lambda: chance.choice(words),
        lambda: " ".join(chance.sample(words, 2)),
        lambda: " ".join(chance.sample(words, 3)),
        lambda: chance.choice(words).upper(),
        lambda: chance.choice(lines)[:40], phrase, beginning, inflected,
    ]  # fmt: skip
    return [kinds[number % len(kinds)]().strip() for number in range(count)]


def run_queries(visitor: Reader, out: Path, script: str, queries: list[str]) -> list[Any]:
    visitor.goes_to((out / "search.html").as_uri() + "?q=")
    name = "Search" if script is THEIRS else "essaysSearch"
    visitor.page.wait_for_function(f"typeof {name} !== 'undefined'")
    visitor.page.wait_for_timeout(300)
    found: list[Any] = visitor.page.evaluate(script, queries)
    return found


def test_search_finds_what_sphinx_finds_in_the_same_order(
    language_book: Book, reader: Callable[..., Reader]
) -> None:
    """The first five results are those of Sphinx, or of Sphinx with ``ARGUED`` changes."""
    queries = make_queries(language_book, size_of("QUERIES"))
    visitor = reader()
    ours = run_queries(visitor, language_book.build("html"), OURS, queries)
    changes = [change for argued in ARGUED.values() for change in argued]
    plain, unlisted, changed = (
        run_queries(
            visitor, build_with_basic_theme(language_book, some, lists=lists), THEIRS, queries
        )
        for some, lists in (([], True), ([], False), (changes, False))
    )
    wrong, count = [], Counter[str]()
    for index, (found, number) in enumerate(ours):
        wanted = changed[index]
        if found == plain[index][:SHOWN]:
            count["equal"] += 1
        elif found == unlisted[index][:SHOWN]:
            count["equal but for lists of essays"] += 1
        elif found == wanted[:SHOWN] and number == len(wanted):
            count["argued"] += 1
        elif not wanted and not queries[index].isascii():
            count["found without its accents"] += 1  # Sphinx stems the query, and finds nothing
        else:
            wrong.append(f"{queries[index]!r}: {found} ({number}), Sphinx {wanted[:SHOWN]}")
    print(f"{len(queries)} queries: {dict(count)}, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)


# -- what is loaded ------------------------------------------------------------------------

FIRST_SEARCH = 64_000  # gzipped bytes
QUERIES = ["ferry", "the clock of a town", "con", "in", "number 7", "bench ironmonger man"]


def download_sizes(out: Path, served: str, visitor: Reader, query: str) -> tuple[int, int]:
    """Search from an essay; return the gzipped bytes of the index, and those of texts."""
    visitor.goes_to(served + "essay0007.html")
    assert not [one for one in visitor.requests if "search" in one]
    visitor.requests.clear()
    visitor.page.keyboard.press("/")
    visitor.page.locator("#essay-dialog-search input[name=q]").fill(query)
    visitor.page.locator("#essay-dialog-search [role=status]:not(:empty)").wait_for()
    visitor.page.wait_for_load_state("networkidle")
    names = {one.removeprefix(served).partition("?")[0] for one in visitor.requests}
    packed = {name: len(gzip.compress((out / name).read_bytes(), mtime=0)) for name in names}
    # Only files with texts begin with the id of a paragraph.
    texts = {
        name
        for name in names
        if re.match(r'essaysSearch\(\[\["[^"]*","[^"]*"[\],](?!")', (out / name).read_text())
    }
    index = sum(size for name, size in packed.items() if name not in texts)
    return index, sum(packed[name] for name in texts)


@heavy
def test_search_download_on_first_use_is_small(
    big_book: Callable[[int, bool], Path],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
) -> None:
    out = big_book(300, True)
    served = serve(out)
    for query in QUERIES:
        index, texts = download_sizes(out, served, reader(), query)
        print(f"{query!r}: index and scripts {index} B, excerpts {texts} B")
        assert index + texts <= FIRST_SEARCH


@pytest.mark.bench
def test_search_download_on_first_use_is_small_with_2000_essays(
    book: Book,
    prose: Callable[[int, int], list[str]],
    serve: Callable[[Path], str],
    reader: Callable[..., Reader],
) -> None:
    """Write essays of 1,200 words, an eighth of them from 40,000 rare words."""
    chance = random.Random(0)  # noqa: S311 (a corpus, no secret)
    syllables = [f"{a}{b}{c}" for a in "bdfgklmnprstvw" for b in "aeiou" for c in "nrstlk"]
    rare = ["".join(chance.choices(syllables, k=3)) for _ in range(40_000)]
    weights = [1 / (place + 30) for place in range(len(rare))]
    names = []
    for number in range(2000):
        words = " ".join(prose(number, 1050)).split()
        for word in chance.choices(rare, weights, k=150):
            words.insert(chance.randrange(len(words)), word)
        title = " ".join(chance.sample(words, 5)).strip(".,:;“”()")
        text = "\n\n".join(" ".join(words[at : at + 80]) for at in range(0, 1200, 80))
        book.write({f"essay{number:04}.rst": f"{title}\n{'=' * 99}\n\n{text}\n"})
        names.append(f"   essay{number:04}\n")
    book.write({"index.rst": f"Book\n====\n\n.. toctree::\n\n{''.join(names)}"})
    out = book.build()
    served = serve(out)
    for query in [*QUERIES, rare[0], rare[9000][:4], f"town {rare[3]}"]:
        index, texts = download_sizes(out, served, reader(), query)
        print(f"{query!r}: index and scripts {index} B, excerpts {texts} B")
        assert index <= FIRST_SEARCH
        assert index + texts <= FIRST_SEARCH * 1.1


def test_search_loads_nothing_before_it_is_opened(
    served_docs: str, reader: Callable[..., Reader]
) -> None:
    visitor = reader()
    visitor.goes_to(served_docs + "collection/street/the-ferry.html")
    visitor.page.click("[data-essay-open=contents]")
    visitor.page.wait_for_load_state("networkidle")
    assert not [one for one in visitor.requests if "search" in one or "language" in one]


def files(out: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (out / "_search").iterdir()
    }


def test_search_index_is_unchanged_by_a_build_without_edits(book: Book) -> None:
    write_random_book(book, "en", FRENCH.split("|"), 20)
    before = files(book.clean())
    stock = {path: path.stat().st_mtime_ns for path in book.target.rglob("*.search")}
    assert len(stock) == 1
    assert files(book.clean()) == before
    assert {path: path.stat().st_mtime_ns for path in stock} == stock


def test_search_index_changes_only_in_what_an_edit_touches(
    book: Book, sentences: list[str]
) -> None:
    write_random_book(book, "en", sentences, 40)
    before = files(book.clean())
    path = book.source / "essay3.rst"
    path.write_text(path.read_text(encoding="utf-8") + "\nA zyzzyva.\n", encoding="utf-8")
    after = files(book.clean())
    kept = before.items() & after.items()
    # A text, a chunk of results, a shard of words and the directory, and no other file.
    assert len(after) - len(kept) <= 4
    assert len(before) - len(kept) <= 4


def test_search_in_another_theme_is_that_of_sphinx_alone(book: Book) -> None:
    write_random_book(book, "en", FRENCH.split("|"), 3)
    out = book.clean()
    assert not (out / "searchindex.js").exists()
    assert not (out / "_static" / "searchtools.js").exists()
    book.confoverrides = {"html_theme": "basic"}
    book.clean()
    assert "horlog" in (out / "searchindex.js").read_text(encoding="utf-8")
    assert not (out / "_search").exists()
    book.confoverrides = {}
    book.clean()
    assert not (out / "searchindex.js").exists()
    assert (out / "_search" / "index.js").exists()


def find_pages(visitor: Reader, out: Path, query: str) -> list[str]:
    """Return the URLs of the results."""
    return [one[0] for one in run_queries(visitor, out, OURS, [query])[0][0]]


def test_search_does_not_find_what_is_marked_as_no_search(
    book: Book, reader: Callable[..., Reader]
) -> None:
    book.write(
        {
            "index.rst": "Cover\n=====\n\n.. toctree::\n\n   one\n   two\n   three\n",
            "one.rst": "One\n===\n\nA zyzzyva.\n\n.. rst-class:: no-search\n\nA quagga.\n",
            "two.rst": ":nosearch:\n\nTwo\n===\n\nA zyzzyva.\n",
            "three.rst": ":no-search:\n\nThree\n=====\n\nA quagga.\n",
        }
    )
    out, visitor = book.clean(), reader()
    assert find_pages(visitor, out, "zyzzyva") == ["one"]
    assert find_pages(visitor, out, "quagga") == []
    assert find_pages(visitor, out, "three") == []
    everything = "".join(path.read_text() for path in (out / "_search").iterdir())
    assert "quagga" not in everything


@heavy
def test_search_finds_a_word_without_its_accents(
    book: Book, reader: Callable[..., Reader]
) -> None:
    write_random_book(book, "fr", FRENCH.split("|"), 30)
    out, visitor = book.clean(), reader()
    for written, typed in [("rivière", "riviere"), ("église", "EGLISE"), ("âgée", "agee")]:
        found = find_pages(visitor, out, written)
        assert found
        assert find_pages(visitor, out, typed) == found


def test_search_results_do_not_come_and_go_while_typing(
    book: Book, reader: Callable[..., Reader]
) -> None:
    text = "They were running for happiness."
    book.write({"index.rst": f"Cover\n=====\n\n{text}\n"})
    visitor = reader()
    visitor.goes_to((book.clean() / "search.html").as_uri())
    for word in ("running", "happiness"):
        for end in range(2, len(word) + 1):
            script = "async word => (await essaysSearch.find(word, true)).results.length"
            assert visitor.page.evaluate(script, word[:end]) == 1 or end < 3, word[:end]


def test_search_uses_the_scorer_of_the_author(
    book: Book, reader: Callable[..., Reader]
) -> None:
    write_random_book(book, "en", FRENCH.split("|"), 12)
    scorer = "var Scorer = { score: result => result[0] === 'essay7' ? 1000 : result[4] };"
    (book.source / "scorer.js").write_text(scorer, encoding="utf-8")
    book.confoverrides = {"html_search_scorer": str(book.source / "scorer.js")}
    text = (book.source / "essay7.rst").read_text(encoding="utf-8")
    word = re.findall(r"\b[a-z]{6,}\b", text)[-1]
    assert find_pages(reader(), book.build(), word)[0] == "essay7"


def test_contents_page_is_unchanged_by_a_build_without_edits(book: Book) -> None:
    book.write(
        {"index.rst": "Cover\n=====\n\n.. toctree::\n\n   one\n", "one.rst": "One\n===\n"}
    )
    contents = book.clean() / "contents.html"
    before = contents.stat().st_mtime_ns
    book.clean()
    assert contents.stat().st_mtime_ns == before
    contents.unlink()
    book.clean()
    assert contents.is_file()
