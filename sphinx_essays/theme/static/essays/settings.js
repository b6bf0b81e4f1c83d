// Sets the page as the reader has chosen, before it is painted: no flash of another one.
// The only script that the page waits for, so it does this and no more.
// @ts-check
"use strict";
(function () {
  const root = document.documentElement;
  root.dataset.essayScript = "";
  try {
    for (const name of ["theme", "size", "measure"]) {
      const value = localStorage.getItem("essay-" + name);
      if (value) root.setAttribute("data-essay-" + name, value);
    }
  } catch {
    // Storage is forbidden here: the page follows the system.
  }
})();
