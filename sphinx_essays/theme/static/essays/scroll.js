// Makes boxes that scroll sideways focusable by keyboard: code, tables, formulas.
// @ts-check
"use strict";
(function () {
  const wide = document.querySelectorAll("main :is(pre, table, div.math)");
  function reach() {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (wide)) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  }
  reach();
  addEventListener("resize", reach);
  addEventListener("load", reach);
})();
