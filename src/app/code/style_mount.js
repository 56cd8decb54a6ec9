// Stands in for the package style-mod, through which CodeMirror adds its style sheets.
// The original writes a <style> element, which our content-security policy forbids;
// this one adopts constructed style sheets, which it allows. Adopted sheets come after the page's
// own, so a rule of ours that is to win over CodeMirror's needs one class more than its rule has.
import { StyleModule as Base } from "../../../node_modules/style-mod/src/style-mod.js";

const mounted = new WeakMap(); // root -> Map(module -> sheet), in the order of precedence

export class StyleModule extends Base {
  static mount(root, modules) {
    const sheets = mounted.get(root) ?? new Map();
    mounted.set(root, sheets);
    const before = new Set(sheets.values());
    for (const module of [modules].flat()) {
      if (!sheets.has(module)) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(module.getRules());
        sheets.set(module, sheet);
      }
    }
    // CodeMirror lists its modules lowest precedence first.
    const ordered = [modules].flat().map((module) => sheets.get(module));
    const others = [...before].filter((sheet) => !ordered.includes(sheet));
    const foreign = [...root.adoptedStyleSheets].filter((sheet) => !before.has(sheet));
    root.adoptedStyleSheets = [...others, ...ordered, ...foreign];
  }
}
