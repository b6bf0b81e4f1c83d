// Translates Sphinx's words for scripts of other extensions. Why: Sphinx makes a function of a catalogue's
// rule for plurals, which a strict policy forbids; the browser knows the rules itself.
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
