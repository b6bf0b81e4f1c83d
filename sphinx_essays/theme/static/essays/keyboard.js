// Turns pages by keys: ← → between essays, c contents, / search, ? help. Why a switch:
// single keys get in the way of speech input, and must be possible to turn off
// (WCAG 2.1.4). Off inside fields, and where a key is held down beside.
// @ts-check
"use strict";
document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (target.isContentEditable || target.closest("input, textarea, select, dialog, pre")) return;
  try {
    if (localStorage.getItem("essays-keys") === "off") return;
  } catch {
    // Nothing can have been switched off.
  }
  const rtl = document.documentElement.dir === "rtl";
  /** @type {Record<string, string>} */
  const ways = { ArrowLeft: rtl ? "next" : "prev", ArrowRight: rtl ? "prev" : "next" };
  /** @type {Record<string, string>} */
  const overlays = { c: "contents", "/": "search", "?": "keys" };
  if (ways[event.key] && !event.shiftKey) {
    const link = document.querySelector(`link[rel=${ways[event.key]}]`);
    if (link instanceof HTMLLinkElement) location.href = link.href;
  } else if (overlays[event.key]) {
    event.preventDefault();
    const field = document.querySelector("main input[type=search]");
    if (event.key === "/" && field instanceof HTMLElement) field.focus();
    else document.dispatchEvent(
      new CustomEvent("essays-open", { detail: overlays[event.key] })
    );
  }
});
