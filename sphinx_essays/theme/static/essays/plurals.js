// Gives Sphinx's translations to the scripts of other extensions. Sphinx's code evaluates the
// plural rule of a catalogue as a function, which a strict Content-Security-Policy forbids;
// this script uses the plural rules of the browser.
// @ts-check
"use strict";
/* global Documentation */
// @ts-ignore Sphinx's doctools.js, a classic script, declares it.
Documentation.addTranslations = (catalog) => {
  // @ts-ignore
  const translator = Documentation;
  const rules = new Intl.PluralRules(catalog.locale.replace("_", "-"));
  const known = rules.resolvedOptions().pluralCategories;
  const forms = ["zero", "one", "two", "few", "many", "other"].filter((form) =>
    known.includes(/** @type {Intl.LDMLPluralRule} */ (form))
  );
  Object.assign(translator.TRANSLATIONS, catalog.messages);
  translator.LOCALE = catalog.locale;
  /** @param {number} n */
  translator.PLURAL_EXPR = (n) => forms.indexOf(rules.select(n));
};
