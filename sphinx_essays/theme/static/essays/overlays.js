// Opens the dialogs: settings, contents, search, keyboard shortcuts. Without this script
// the links to contents and search open pages. The contents are loaded as a script,
// because a page at file:// cannot fetch anything else.
// @ts-check
"use strict";
(function () {
  const root = document.documentElement;

  /** @param {string} name */
  function read(name) {
    try {
      return localStorage.getItem("essay-" + name) || "";
    } catch {
      return root.getAttribute("data-essay-" + name) || "";
    }
  }

  /** @param {string} name @param {string} value */
  function write(name, value) {
    if (value) root.setAttribute("data-essay-" + name, value);
    else root.removeAttribute("data-essay-" + name);
    try {
      if (value) localStorage.setItem("essay-" + name, value);
      else localStorage.removeItem("essay-" + name);
    } catch {
      // Storage is disabled: the setting applies to this page only.
    }
  }

  /** @param {string} name */
  function open(name) {
    const dialog = /** @type {HTMLDialogElement | null} */ (
      document.getElementById("essay-dialog-" + name)
    );
    if (!dialog || dialog.open) return !!dialog;
    for (const other of document.querySelectorAll("dialog[open]")) {
      /** @type {HTMLDialogElement} */ (other).close();
    }
    for (const input of dialog.querySelectorAll("input")) {
      if (input.type === "radio") input.checked = input.value === read(input.name);
      if (input.type === "checkbox") input.checked = read(input.name) !== "off";
    }
    const place = dialog.querySelector("[data-essay-contents]");
    if (place && !place.firstChild) load(place);
    dialog.showModal();
    const field = /** @type {HTMLInputElement | null} */ (
      dialog.querySelector("input[type=search]")
    );
    if (field) {
      field.focus();
      if (!("essaysSearch" in window)) add("_static/essays/search.js");
    }
    return true;
  }

  /** @param {string} path */
  function add(path) {
    const script = document.createElement("script");
    script.src = root.dataset.content_root + path;
    document.head.append(script);
  }

  /** @param {Element} place */
  function load(place) {
    Object.assign(window, {
      /** @param {string} html */
      essayContents(html) {
        place.innerHTML = html;
        for (const link of place.querySelectorAll("a")) {
          link.setAttribute("href", `${root.dataset.content_root}${link.getAttribute("href")}`);
          if (link.href === location.href.split("#")[0]) {
            link.setAttribute("aria-current", "page");
            link.scrollIntoView({ block: "center" });
          }
        }
      },
    });
    const script = document.createElement("script");
    script.src = place.getAttribute("data-essay-contents") || "";
    script.onerror = () => {
      location.href = /** @type {HTMLLinkElement} */ (
        document.querySelector("link[rel=contents]")
      ).href;
    };
    document.head.append(script);
  }

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const opener = target.closest("[data-essay-open]");
    if (target instanceof HTMLDialogElement) target.close(); // a click on its backdrop
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (open(opener.getAttribute("data-essay-open") || "")) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (!input.closest(".essay-dialog")) return;
    if (input.type === "radio") write(input.name, input.value);
    if (input.type === "checkbox") write(input.name, input.checked ? "" : "off");
  });
  document.addEventListener("essay-open", (event) => {
    open(/** @type {CustomEvent<string>} */ (event).detail);
  });
})();
