// Applies the reader's settings before the page is painted, so that it does not flash.
// The page waits for this script only, so it does nothing else.
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
    // Storage is disabled: the page uses the settings of the system.
  }
})();
