// Adds a button that copies the selected text with its author, title and a link to that
// text (a WICG text fragment), and buttons that copy the citations below an essay.
// @ts-check
"use strict";
(function () {
  const article = /** @type {HTMLElement | null} */ (document.querySelector("main article"));
  if (!article) return;
  const words = article.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "essay-quote-button";
  button.hidden = true;
  document.body.append(button);
  let text = "";
  let timer = 0;

  /** @param {string} copied */
  async function copy(copied) {
    try {
      await navigator.clipboard.writeText(copied);
    } catch {
      const field = document.createElement("textarea");
      field.value = copied;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  }

  /** @param {string} part */
  function encode(part) {
    return encodeURIComponent(part).replace(/-/g, "%2D");
  }

  function address() {
    const canonical = document.querySelector("link[rel=canonical]");
    const page = canonical instanceof HTMLLinkElement ? canonical.href : location.href.split("#")[0];
    const list = text.split(" ");
    const range =
      list.length > 10
        ? encode(list.slice(0, 4).join(" ")) + "," + encode(list.slice(-4).join(" "))
        : encode(text);
    return page + "#:~:text=" + range;
  }

  function offer() {
    const selection = getSelection();
    const range = selection && selection.rangeCount ? selection.getRangeAt(0) : null;
    const selected = selection ? selection.toString().replace(/\s+/g, " ").trim() : "";
    const inside = range && article && article.contains(range.commonAncestorContainer);
    button.hidden = !inside || selected.split(" ").length < 2;
    if (button.hidden || !range) return;
    text = selected;
    button.textContent = words.essayQuote || "";
    const box = range.getBoundingClientRect();
    button.style.left = Math.max(8, Math.min(box.left, innerWidth - button.offsetWidth - 8)) + scrollX + "px";
    button.style.top = box.bottom + 8 + scrollY + "px";
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, 250);
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", async () => {
    const title = document.title;
    const by = words.essayBy ? words.essayBy + ", " : "";
    const quoted = (words.essayQuoteFormat || "").replace("*", () => text);
    await copy(`${quoted}\n— ${by}${title}\n${address()}`);
    button.textContent = words.essayCopied || "";
  });

  for (const cited of document.querySelectorAll(".essay-cite .essay-citation")) {
    const copier = document.createElement("button");
    copier.type = "button";
    copier.textContent = words.essayCopy || "";
    copier.addEventListener("click", async () => {
      await copy(cited.textContent || "");
      copier.textContent = words.essayCopied || "";
    });
    cited.after(copier);
  }
})();
