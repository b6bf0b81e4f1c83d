// Keyboard shortcuts, which the reader can switch off (WCAG 2.1.4). They are also off
// while the focus is in a form field.
// @ts-check
"use strict";
document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (target.isContentEditable || target.closest("input, textarea, select, dialog, pre")) return;
  try {
    if (localStorage.getItem("essay-keys") === "off") return;
  } catch {
    // Storage is disabled: the shortcuts are on.
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
      new CustomEvent("essay-open", { detail: overlays[event.key] })
    );
  }
});
