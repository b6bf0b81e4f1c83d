// Stores the essay and the paragraph being read, in this browser only, and makes the
// button on the cover continue there.
// @ts-check
"use strict";
(function () {
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  const key = "essay-last:" + root.pathname;
  const label = document.body.dataset.essayContinue;
  const start = document.querySelector(".essay-start a");

  function remember() {
    let place = "";
    for (const block of document.querySelectorAll('main [id^="p-"]')) {
      if (block.getBoundingClientRect().bottom > 0) {
        place = scrollY > innerHeight / 2 ? "#" + block.id : "";
        break;
      }
    }
    const heading = document.querySelector("main h1");
    const title = heading && heading.firstChild ? heading.firstChild.textContent : "";
    const path = location.href.split("#")[0].slice(root.href.length);
    localStorage.setItem(key, JSON.stringify({ path: path + place, title }));
  }

  try {
    if (label && start instanceof HTMLAnchorElement) {
      const last = JSON.parse(localStorage.getItem(key) || "null");
      if (!last) return;
      start.href = new URL(last.path, root).href;
      start.textContent = label.replace("%s", last.title);
    } else if (document.body.classList.contains("essay-page-essay")) {
      addEventListener("pagehide", remember);
    }
  } catch {
    // Storage is disabled: the button opens the first essay.
  }
})();
