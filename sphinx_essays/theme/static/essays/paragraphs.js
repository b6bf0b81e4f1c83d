// Shows a link to the paragraph under the pointer. There is a single link, made by a
// script: a link in every paragraph would disturb the users of screen readers.
// @ts-check
"use strict";
(function () {
  const article = /** @type {HTMLElement | null} */ (document.querySelector("main article"));
  if (!article || !matchMedia("(hover: hover)").matches) return;
  const link = document.createElement("a");
  link.className = "essay-paragraph-link";
  link.textContent = "¶";
  link.setAttribute("aria-label", article.dataset.essayLink || "");
  link.hidden = true;
  link.tabIndex = -1;
  article.append(link);

  article.addEventListener("pointerover", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target === link) return;
    const paragraph = target.closest('[id^="p-"]');
    link.hidden = !paragraph;
    if (!paragraph) return;
    const box = paragraph.getBoundingClientRect();
    const column = article.getBoundingClientRect();
    link.href = "#" + paragraph.id;
    link.style.top = box.top - column.top + "px";
  });
  article.addEventListener("pointerleave", () => {
    link.hidden = true;
  });
})();
