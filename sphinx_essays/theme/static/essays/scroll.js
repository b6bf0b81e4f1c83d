// Lets the keyboard reach what scrolls inside itself: long code, wide tables, formulas.
// @ts-check
"use strict";
(function () {
  const wide = document.querySelectorAll("main :is(pre, table, div.math)");
  function reach() {
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (wide)) {
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    }
  }
  reach();
  addEventListener("resize", reach);
  addEventListener("load", reach);
})();
