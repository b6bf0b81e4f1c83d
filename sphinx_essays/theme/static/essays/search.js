// Searches the whole book while you type. The index is cut into scripts that call a
// function, because a page at file:// cannot load anything else, and into small files,
// because a search needs only the words that begin like those typed.
// Sphinx's language_data.js splits and stems words; results are ranked as Sphinx ranks them.
// @ts-check
"use strict";
(function () {
  /**
   * @typedef {{ word: string, key: string, payload: any[] }} Row
   * @typedef {{ stem: string, typed: string, partial: boolean }} Word
   * @typedef {{ number: number, anchor: string, kind: string, score: number, order: string }} Result
   * @typedef {{ terms: any[], phrases: any[], documents: string[], drawer: number,
   *   words: { found: string, none: string, more: string } }} Directory
   */
  const ROOT = document.documentElement.dataset.content_root || "./";
  const DIGITS = /** @type {Record<string, number>} */ ({});
  for (let code = 33, value = 0; code < 127; code++) {
    if (code !== 34 && code !== 92) DIGITS[String.fromCharCode(code)] = value++;
  }
  const HALF = Object.keys(DIGITS).length / 2;
  const WORDS = /[\p{L}\p{N}\p{M}_]+/gu;
  const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;
  const KINDS = ["title", "title", "index", "index"];
  const MOST_SHARDS = 8; // files loaded for a prefix, which may be as short as three letters
  const MOST_PHRASES = 4;
  const AT_ONCE = 10;
  const PATIENCE = 120; // milliseconds without typing until a search begins
  const BEFORE = 80; // characters of an excerpt before the first match
  const EXCERPT = 240; // characters of an excerpt

  // -- loading ----------------------------------------------------------------------

  /** @type {WeakMap<Element, any>} */
  const given = new WeakMap();
  /** @type {Map<string, Promise<any>>} */
  const asked = new Map();

  /** @param {any} value */
  function essaysSearch(value) {
    if (document.currentScript) given.set(document.currentScript, value);
  }

  /** @param {string} path @returns {Promise<any>} the data in a script; null if it is missing */
  function load(path) {
    let promise = asked.get(path);
    if (!promise) {
      promise = new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = ROOT + path;
        script.onload = () => resolve(given.get(script));
        script.onerror = () => {
          asked.delete(path);
          resolve(null);
        };
        document.head.append(script);
      });
      asked.set(path, promise);
    }
    return promise;
  }

  /** @param {string} name */
  function shard(name) {
    return load("_search/" + name + ".js");
  }

  /** Prevents a cached directory. All other files are named by their contents. */
  const opened = Date.now();
  /** @returns {Promise<Directory | null>} */
  async function directory() {
    const [index] = await Promise.all([
      load("_search/index.js?" + opened),
      load("_static/language_data.js"),
    ]);
    return index;
  }

  /** @type {Map<any[], Row[]>} */
  const unpacked = new Map();

  /** @param {any[]} flat @param {number} width @returns {Row[]} */
  function unpack(flat, width) {
    let rows = unpacked.get(flat);
    if (!rows) {
      rows = [];
      let word = "";
      for (let at = 0; at < flat.length; at += width) {
        word = word.slice(0, parseInt(flat[at][0], 36)) + flat[at].slice(1);
        rows.push({ word, key: fold(word), payload: flat.slice(at + 1, at + width) });
      }
      unpacked.set(flat, rows);
    }
    return rows;
  }

  /**
   * The rows of all shards that may contain keys in a range.
   * @param {any[]} cuts @param {number} width @param {number} step
   * @param {string} from @param {string} to @param {(name: string, place: number) => boolean} wanted
   */
  async function rows(cuts, width, step, from, to, wanted) {
    const names = [];
    for (let at = 0; at < cuts.length; at += step) {
      const isLast = at + step >= cuts.length;
      if (cuts[at] <= to && (isLast || cuts[at + step] >= from)) {
        if (wanted(cuts[at + 1], at)) names.push(cuts[at + 1]);
      }
    }
    const shards = await Promise.all(names.map(shard));
    return shards.filter(Boolean).flatMap((flat) => unpack(flat, width));
  }

  /** @param {string} digits @returns {number[]} */
  function numbers(digits) {
    const all = [];
    let last = -1, gap = 0, scale = 1;
    for (const digit of digits) {
      const value = DIGITS[digit];
      gap += (value % HALF) * scale;
      scale *= HALF;
      if (value < HALF) {
        last += gap + 1;
        all.push(last);
        gap = 0;
        scale = 1;
      }
    }
    return all;
  }

  // -- words ------------------------------------------------------------------------

  /** @param {string} word */
  function fold(word) {
    return word.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  }

  /** @type {Map<string, string>} */
  const stems = new Map();
  /** @type {any} */
  let stemmer = null;

  /** @param {string} word */
  function stem(word) {
    // @ts-ignore Sphinx's language_data.js, a classic script, declares it.
    if (!stemmer) stemmer = typeof Stemmer === "undefined" ? { stemWord: String } : new Stemmer();
    let stem = stems.get(word);
    if (stem === undefined) stems.set(word, (stem = String(stemmer.stemWord(word))));
    return stem;
  }

  /** @param {string} query @returns {string[]} */
  function split(query) {
    // @ts-ignore As above.
    if (typeof splitQuery !== "undefined") return splitQuery(query);
    return query.split(/[^\p{Letter}\p{Number}_\p{Emoji_Presentation}]+/gu).filter(Boolean);
  }

  /** @param {string} query @param {boolean} typing @returns {Word[]} */
  function parse(query, typing) {
    /** @type {Map<string, Word>} */
    const words = new Map();
    for (const part of split(query)) {
      const typed = part.toLowerCase();
      // @ts-ignore As above.
      if (window.stopwords && window.stopwords.has(typed)) continue;
      if (/^\d+$/.test(part)) continue;
      const stemmed = stem(typed);
      words.set(stemmed, { stem: stemmed, typed, partial: false });
    }
    const last = [...words.values()].pop();
    if (last && typing && query.toLowerCase().endsWith(last.typed)) last.partial = true;
    return [...words.values()];
  }

  /** @type {Record<string, any>} */
  const SCORES = { title: 15, partialTitle: 7, term: 5, partialTerm: 2 };
  /** @param {string} name */
  function worth(name) {
    // @ts-ignore An author's html_search_scorer declares it.
    const scorer = typeof Scorer === "undefined" ? SCORES : Scorer;
    return name in scorer ? scorer[name] : SCORES[name];
  }

  // -- finding ----------------------------------------------------------------------

  /**
   * The documents of a word with their scores. As in Sphinx, words that only begin with it
   * count if the word does not occur. A word without its accents is found too.
   * @param {Directory} index @param {Word} word
   */
  async function documentsOf(index, word) {
    const key = fold(word.stem);
    let asked = 0;
    const typing = word.partial;
    const terms = (/** @type {string} */ from, /** @type {string} */ to) =>
      rows(index.terms, 2, 2, from, to, () => asked++ < MOST_SHARDS);
    let all = await terms(key, key);
    let exact = all.filter((row) => row.word === word.stem);
    if (!exact.length) exact = all.filter((row) => row.key === key);
    const texts = exact.map((row) => row.payload[0].split(" ")[0]).filter(Boolean);
    const titles = exact.map((row) => row.payload[0].split(" ")[1]).filter(Boolean);
    /** @type {[string, string][]} */
    const matches = [];
    const isShort = word.stem.length < 3;
    if (!isShort && (word.partial || !texts.length || !titles.length)) {
      asked = 0;
      all = await terms(key, key + "\uffff");
      for (const row of all) {
        if (!row.key.startsWith(key) || exact.includes(row)) continue;
        const [text, title] = row.payload[0].split(" ");
        if (word.partial || !texts.length) matches.push(["partialTerm", text]);
        if (title && (word.partial || !titles.length)) matches.push(["partialTitle", title]);
        word.partial = word.partial || !exact.length;
      }
    }
    // While you type, an unfinished word may be a stem and some letters of its ending.
    for (let cut = 1; typing && cut < 4 && !matches.length && !exact.length; cut++) {
      const shorter = key.slice(0, -cut);
      asked = 0;
      for (const row of shorter.length > 2 ? await terms(shorter, shorter) : []) {
        if (row.key !== shorter) continue;
        matches.push(...row.payload[0].split(" ").map((/** @type {string} */ gaps) => ["partialTerm", gaps]));
        word.stem = shorter;
      }
    }
    for (const gaps of texts) matches.push(["term", gaps]);
    for (const gaps of titles) matches.push(["title", gaps]);
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const [name, gaps] of matches) {
      for (const number of numbers(gaps)) {
        scores.set(number, Math.max(scores.get(number) || 0, worth(name)));
      }
    }
    return scores;
  }

  /** @param {Directory} index @param {Word[]} words @returns {Promise<Result[]>} */
  async function inTexts(index, words) {
    const each = await Promise.all(words.map((word) => documentsOf(index, word)));
    const long = words.filter((word) => word.stem.length > 2).length;
    /** @type {Map<number, number[]>} */
    const all = new Map();
    for (const scores of each) {
      for (const [number, score] of scores) {
        const known = all.get(number);
        if (known) known.push(score);
        else all.set(number, [score]);
      }
    }
    return [...all]
      .filter(([, scores]) => scores.length === words.length || scores.length === long)
      .map(([number, scores]) => ({
        number, anchor: "", kind: "text", score: Math.max(...scores), order: "",
      }));
  }

  /** Titles, headings and index entries of which the query is at least half.
   * @param {Directory} index @param {string} query @returns {Promise<Result[]>} */
  async function inPhrases(index, query) {
    const key = fold(query);
    if (!key) return [];
    let asked = 0;
    const all = await rows(index.phrases, 5, 3, key, key + "\uffff", (_name, at) =>
      index.phrases[at + 2] <= 2 * query.length && asked++ < MOST_PHRASES
    );
    const results = [];
    for (const row of all) {
      const [before, number, kind, anchor] = row.payload;
      const length = before + row.word.length;
      if (!row.key.startsWith(key) || query.length < length / 2) continue;
      const whole = kind < 2 ? worth("title") : 100;
      const score = Math.round((whole * query.length) / length) + (kind === 0 ? 1 : 0);
      results.push({
        number, anchor: anchor && "#" + anchor, kind: KINDS[kind], score,
        order: kind < 2 && anchor ? row.word : "", last: kind === 2,
      });
    }
    return results;
  }

  /** @param {Result & { last?: boolean }} result @param {Result & { last?: boolean }} other */
  function compare(result, other) {
    return (
      Number(result.last || 0) - Number(other.last || 0) ||
      other.score - result.score ||
      result.number - other.number ||
      (result.order < other.order ? -1 : result.order > other.order ? 1 : 0)
    );
  }

  /** @param {string} query @param {boolean} typing */
  async function find(query, typing) {
    const index = await directory();
    if (!index) return null;
    const words = parse(query.trim(), typing && !/\s$/.test(query));
    const both = await Promise.all([
      inPhrases(index, query.toLowerCase().trim()),
      words.length ? inTexts(index, words) : [],
    ]);
    const results = both.flat();
    // @ts-ignore An author's html_search_scorer declares it.
    if (typeof Scorer !== "undefined" && Scorer.score) await rescore(index, results);
    results.sort(compare);
    /** @type {Map<string, Result>} */
    const first = new Map();
    for (const result of results) {
      const name = [result.number, result.anchor, result.order && "heading"].join();
      if (!first.has(name)) first.set(name, result);
    }
    return { index, words, results: [...first.values()] };
  }

  /** @param {Directory} index @param {Result[]} results */
  async function rescore(index, results) {
    for (const result of results) {
      const [title, , address] = await row(index, result.number);
      const name = address.replace(/(\.html|\/)$/, "");
      const all = [name, title, result.anchor, null, result.score, address, result.kind];
      // @ts-ignore As above.
      result.score = Scorer.score(all);
    }
  }

  /** Title, part, address and the name of the text. @param {Directory} index @param {number} number */
  async function row(index, number) {
    const drawer = await shard(index.documents[Math.floor(number / index.drawer)]);
    return drawer ? drawer[number % index.drawer] : ["", "", "", ""];
  }

  // -- excerpts ---------------------------------------------------------------------

  /** The positions of words in a text. @param {string} text @param {Word[]} words */
  function places(text, words) {
    /** @type {[number, number, Word][]} */
    const matches = [];
    for (const match of text.matchAll(WORDS)) {
      const lower = match[0].toLowerCase();
      const stemmed = fold(stem(lower));
      for (const word of words) {
        const key = fold(word.stem);
        const begins = word.partial && (stemmed.startsWith(key) || fold(lower).startsWith(fold(word.typed)));
        if (stemmed === key || begins) {
          matches.push([match.index, match.index + match[0].length, word]);
          break;
        }
      }
    }
    for (const word of words.filter((word) => UNSPACED.test(word.typed))) {
      for (let at = text.toLowerCase().indexOf(word.typed); at >= 0; ) {
        matches.push([at, at + word.typed.length, word]);
        at = text.toLowerCase().indexOf(word.typed, at + word.typed.length);
      }
    }
    return matches.sort((match, other) => match[0] - other[0]);
  }

  /**
   * The block with most of the words, after an anchor, and their positions in it.
   * @param {any[][]} blocks @param {Word[]} words @param {string} anchor
   */
  function best(blocks, words, anchor) {
    const start = Math.max(0, anchor ? blocks.findIndex((block) => block[0] === anchor) : 0);
    let chosen = { block: blocks[start], matches: places("", []), kinds: 0 };
    for (const block of blocks.slice(start)) {
      const matches = places(block[1], words);
      const kinds = new Set(matches.map((match) => match[2])).size - (block[2] ? 0.5 : 0);
      if (kinds > chosen.kinds) chosen = { block, matches, kinds };
      if (kinds === words.length || (anchor && chosen.kinds)) break;
    }
    return chosen;
  }

  /**
   * Append a piece of a text to an element, with the matches marked.
   * @param {Element} place @param {string} text @param {[number, number, Word][]} matches
   * @param {number} start @param {number} end
   */
  function mark(place, text, matches, start, end) {
    let at = start;
    for (const [from, to] of matches) {
      if (from < at || to > end) continue;
      const marked = document.createElement("mark");
      marked.textContent = text.slice(from, to);
      place.append(text.slice(at, from), marked);
      at = to;
    }
    place.append(text.slice(at, end));
  }

  /** @param {Element} place @param {string} text @param {[number, number, Word][]} matches */
  function quote(place, text, matches) {
    let start = matches.length ? Math.max(0, matches[0][0] - BEFORE) : 0;
    if (start) start = text.indexOf(" ", start) + 1 || start;
    if (matches.length && start > matches[0][0]) start = matches[0][0];
    let end = Math.min(text.length, start + EXCERPT);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + EXCERPT / 2);
    place.replaceChildren(start ? "… " : "");
    mark(place, text, matches, start, end);
    if (end < text.length) place.append(" …");
  }

  // -- showing ----------------------------------------------------------------------

  /** @param {string} name @param {string} css @param {string} [text] */
  function make(name, css, text) {
    const made = document.createElement(name);
    made.className = css;
    if (text) made.textContent = text;
    return made;
  }

  /** @param {HTMLFormElement} form */
  function serve(form) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
    const status = make("p", "essay-search-count");
    const list = make("ol", "essay-search-results");
    const moreButton = /** @type {HTMLButtonElement} */ (make("button", "essay-search-more"));
    status.setAttribute("role", "status");
    list.setAttribute("role", "list");
    moreButton.type = "button";
    moreButton.hidden = true;
    form.after(status, list, moreButton);
    let timer = 0;
    let asked = "";
    /** @type {Awaited<ReturnType<typeof find>>} */
    let answer = null;
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        fillers.get(entry.target)?.();
      }
    });
    /** @type {WeakMap<Element, () => void>} */
    const fillers = new WeakMap();

    /** @param {Result} result */
    async function show(result) {
      if (!answer) return null;
      const { index, words } = answer;
      const [title, part, address, text] = await row(index, result.number);
      const item = make("li", "");
      const link = /** @type {HTMLAnchorElement} */ (make("a", ""));
      const excerpt = make("p", "essay-search-excerpt");
      link.href = ROOT + address + result.anchor;
      mark(link, title, places(title, words), 0, title.length);
      item.append(link);
      if (part) item.append(make("span", "essay-search-part", part));
      if (text) item.append(excerpt);
      fillers.set(item, async () => {
        const blocks = text ? await shard(text) : null;
        if (!blocks || !blocks.length) return;
        const anchor = result.anchor.slice(1);
        const { block, matches } = best(blocks, words, anchor);
        const heading = blocks.find((/** @type {any[]} */ block) => block[2] && block[0] === anchor);
        if (heading) link.append(" – " + heading[1]);
        if (matches.length && block[0] && result.kind === "text") {
          link.href = ROOT + address + "#" + block[0];
        }
        quote(excerpt, block[1], matches);
      });
      return item;
    }

    /** @param {number} from */
    async function showFrom(from) {
      if (!answer) return;
      const now = answer;
      const items = await Promise.all(now.results.slice(from, from + AT_ONCE).map(show));
      if (now !== answer) return;
      const walking = list.contains(document.activeElement);
      if (!from) list.replaceChildren();
      for (const item of items) {
        if (!item) continue;
        list.append(item);
        seen.observe(item);
      }
      if (walking && !from) (list.querySelector("a") || field).focus();
      moreButton.textContent = now.index.words.more;
      moreButton.hidden = list.children.length >= now.results.length;
    }

    /** @param {boolean} typing */
    async function search(typing) {
      const query = field.value;
      if (query === asked) return;
      asked = query;
      const results = query.trim() ? await find(query, typing) : null;
      if (asked !== query) return;
      answer = results;
      if (results) {
        await showFrom(0);
        const count = results.results.length;
        const message = count ? results.index.words.found : results.index.words.none;
        status.textContent = message.replace("%s", String(count));
      } else {
        list.replaceChildren();
        status.textContent = "";
        moreButton.hidden = true;
      }
    }

    /** @param {KeyboardEvent} event */
    function walk(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      const links = [field, ...list.querySelectorAll("a")];
      const here = links.indexOf(/** @type {any} */ (document.activeElement));
      const next = links[here + step];
      if (here < 0 || !next) return;
      event.preventDefault();
      next.focus();
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => search(true), PATIENCE);
    });
    for (const place of [field, list]) {
      place.addEventListener("keydown", (event) => walk(/** @type {KeyboardEvent} */ (event)));
    }
    moreButton.addEventListener("click", async () => {
      const shown = list.children.length;
      await showFrom(shown);
      list.children[shown]?.querySelector("a")?.focus();
    });
    const query = new URLSearchParams(location.search).get("q");
    if (query && form.closest("main")) field.value = query;
    search(document.activeElement === field && !query);
    directory();
  }

  Object.assign(window, { essaysSearch: Object.assign(essaysSearch, { find, row }) });
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = ROOT + "_static/essays/search.css";
  document.head.append(sheet);
  for (const form of document.querySelectorAll("form.essay-search")) {
    serve(/** @type {HTMLFormElement} */ (form));
  }
})();
