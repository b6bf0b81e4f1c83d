// Places footnotes in the margin, level with their marks, if the window is wide enough for
// it; otherwise a tap on the mark opens the note below it. notes.css alone decides which.
// Without this script the notes are at the end of the essay, with links back.
// @ts-check
"use strict";
(function () {
  const GAP = 14;
  const article = /** @type {HTMLElement | null} */ (document.querySelector("main article"));
  const marks = /** @type {NodeListOf<HTMLAnchorElement>} */ (
    document.querySelectorAll("main a.footnote-reference")
  );
  if (!article || !marks.length) return;

  /** @param {HTMLAnchorElement} mark */
  function noteOf(mark) {
    return document.getElementById(decodeURIComponent(mark.hash.slice(1)));
  }

  /** @param {Element} note */
  function isBeside(note) {
    return getComputedStyle(note).position === "absolute";
  }

  // -- in the margin ----------------------------------------------------------------

  function place() {
    if (!article) return;
    /** @type {Map<HTMLElement, number>} */
    const wanted = new Map();
    const top = article.getBoundingClientRect().top;
    for (const mark of marks) {
      const note = noteOf(mark);
      if (note && isBeside(note) && !wanted.has(note)) {
        wanted.set(note, mark.getBoundingClientRect().top - top);
      }
    }
    article.style.minBlockSize = "";
    const notes = [...document.querySelectorAll("main aside.footnote")];
    for (const note of notes) {
      if (!wanted.has(/** @type {HTMLElement} */ (note))) {
        /** @type {HTMLElement} */ (note).style.top = "";
      }
    }
    if (!wanted.size) return;
    for (const note of /** @type {HTMLElement[]} */ (notes)) {
      if (isBeside(note) && !wanted.has(note)) wanted.set(note, article.offsetHeight);
    }
    set([...wanted].sort((a, b) => a[1] - b[1]));
    article.setAttribute("data-essay-placed", "");
  }

  /** @param {[HTMLElement, number][]} pairs */
  function set(pairs) {
    if (!article) return;
    const blocked = obstacles(pairs[0][0]);
    const heights = pairs.map(([note]) => note.offsetHeight);
    const tops = /** @type {number[]} */ ([]);
    let free = -Infinity;
    pairs.forEach(([, want], index) => {
      const y = below(Math.max(want, free), heights[index], blocked);
      tops.push(y);
      free = y + heights[index] + GAP;
    });
    let limit = article.offsetHeight;
    const raised = tops.slice();
    for (let index = tops.length - 1; index >= 0; index--) {
      if (raised[index] + heights[index] <= limit) break;
      raised[index] = above(limit - heights[index], heights[index], blocked);
      limit = raised[index] - GAP;
    }
    const fits = raised.every((y) => y >= 0);
    pairs.forEach(([note], index) => {
      note.style.top = (fits ? raised : tops)[index] + "px";
    });
    if (!fits) article.style.minBlockSize = free + "px";
  }

  /** Boxes that are already in the margin, such as a pull-quote. @param {Element} note */
  function obstacles(note) {
    const margin = note.getBoundingClientRect();
    const top = /** @type {HTMLElement} */ (article).getBoundingClientRect().top;
    const obstacles = document.querySelectorAll(
      "main :is(.essay-pull-quote, .sidebar, figure, img, table, pre)"
    );
    return [...obstacles]
      .filter((element) => !element.closest("aside.footnote"))
      .map((element) => element.getBoundingClientRect())
      .filter((box) => box.height && box.right > margin.left && box.left < margin.right)
      .map((box) => [box.top - top - GAP, box.bottom - top + GAP])
      .sort((a, b) => a[0] - b[0]);
  }

  /** @param {number} y @param {number} height @param {number[][]} blocked */
  function below(y, height, blocked) {
    for (const [start, end] of blocked) if (y < end && y + height > start) y = end;
    return y;
  }

  /** @param {number} y @param {number} height @param {number[][]} blocked */
  function above(y, height, blocked) {
    for (const [start, end] of blocked.slice().reverse()) {
      if (y < end && y + height > start) y = start - height;
    }
    return y;
  }

  // -- below the mark ---------------------------------------------------------------

  /** @type {HTMLElement | null} */
  let opened = null;

  /** @param {HTMLAnchorElement} mark @param {HTMLElement} note */
  function pop(mark, note) {
    if (opened) opened.remove();
    const copy = document.createElement("div");
    copy.className = "essay-sidenote";
    copy.setAttribute("role", "note");
    copy.setAttribute("aria-label", mark.textContent || "");
    copy.tabIndex = -1;
    copy.popover = "auto";
    copy.append(...[...note.cloneNode(true).childNodes]);
    for (const element of copy.querySelectorAll(".label, .backrefs")) element.remove();
    for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
    (mark.closest("article") || document.body).append(copy);
    opened = copy;
    copy.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "closed") copy.remove();
    });
    copy.showPopover();
    beneath(mark, copy);
    copy.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} mark @param {HTMLElement} copy */
  function beneath(mark, copy) {
    const box = mark.getBoundingClientRect();
    const column = /** @type {HTMLElement} */ (article).getBoundingClientRect();
    copy.style.left = column.left + scrollX + "px";
    copy.style.width = column.width + "px";
    const over = box.bottom + copy.offsetHeight + 12 > innerHeight && box.top > copy.offsetHeight;
    copy.style.top = (over ? box.top - copy.offsetHeight - 8 : box.bottom + 8) + scrollY + "px";
  }

  document.addEventListener("click", (event) => {
    const mark = /** @type {Element} */ (event.target).closest("a.footnote-reference");
    if (!(mark instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    const note = noteOf(mark);
    if (!note || !mark.closest("main")) return;
    if (isBeside(note)) {
      event.preventDefault();
      history.replaceState(null, "", mark.hash);
      note.tabIndex = -1;
      note.focus();
    } else if ("popover" in mark) {
      event.preventDefault();
      pop(mark, note);
    }
  });
  place();
  new ResizeObserver(place).observe(article);
  addEventListener("resize", place);
  addEventListener("load", place);
  if (document.fonts) document.fonts.ready.then(place);
})();
