// Folding in the code pane: an object or a list that goes over several lines, as one line.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, ViewPlugin, WidgetType, gutter } from "@codemirror/view";
import { isClosing, isOpening, partnerOf, placesIn } from "./tokens.js";

const map = ({ from, to }, changes) => {
  const place = { from: changes.mapPos(from, 1), to: changes.mapPos(to, -1) };
  return place.from < place.to ? place : undefined;
};
const fold = StateEffect.define({ map });
const unfold = StateEffect.define({ map });

const placeholder = Decoration.replace({
  widget: new (class extends WidgetType {
    toDOM(view) {
      const dom = document.createElement("span");
      dom.textContent = "…";
      dom.setAttribute("aria-label", "folded code");
      dom.title = "unfold";
      dom.className = "cm-foldPlaceholder";
      dom.onclick = (event) => {
        const line = view.lineBlockAt(view.posAtDOM(event.target));
        const folded = foldedIn(view.state, line);
        if (folded) view.dispatch({ effects: unfold.of(folded) });
        event.preventDefault();
      };
      return dom;
    }
  })(),
});

const foldedParts = StateField.define({
  create: () => Decoration.none,
  update(folded, transaction) {
    const open = (from, to = from) => {
      let isTouched = false;
      folded.between(from, to, (a, b) => void (isTouched ||= a < to && b > from));
      if (!isTouched) return;
      folded = folded.update({ filterFrom: from, filterTo: to, filter: (a, b) => a >= to || b <= from });
    };
    if (transaction.isUserEvent("delete")) transaction.changes.iterChangedRanges((from, to) => open(from, to));
    folded = folded.map(transaction.changes);
    for (const effect of transaction.effects) {
      const { from, to } = effect.value ?? {};
      const isOther = (a, b) => a !== from || b !== to;
      if (effect.is(unfold)) folded = folded.update({ filterFrom: from, filterTo: to, filter: isOther });
      if (effect.is(fold)) folded = folded.update({ add: [placeholder.range(from, to)], filterFrom: from, filterTo: to, filter: isOther });
    }
    // The caret is never hidden.
    if (transaction.selection) open(transaction.selection.main.head);
    return folded;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The outermost folded part that begins on a line. */
function foldedIn(state, { from, to }) {
  let found;
  state.field(foldedParts).between(from, to, (from, to) => {
    if (!found || from < found.from) found = { from, to };
  });
  return found;
}

/** The bracket of the outermost part that begins on these lines and goes on behind them. */
function openedIn(state, { from, to }) {
  const open = [];
  for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
    const places = placesIn(line.text);
    for (let idx = 0; idx < places.length; idx += 2) {
      const bracket = { from: line.from + places[idx], to: line.from + places[idx + 1], text: line.text[places[idx]] };
      if (isOpening(bracket)) open.push(bracket);
      else if (isClosing(bracket)) open.pop();
    }
    if (line.to >= to) return open[0];
  }
}

function foldable(state, line) {
  const bracket = openedIn(state, line);
  if (!bracket) return undefined;
  const to = partnerOf(state.doc, bracket)?.from ?? state.doc.length;
  return to > line.to ? { from: bracket.to, to } : undefined;
}

function chosenLines(view) {
  const lines = new Map(view.state.selection.ranges.map((it) => view.lineBlockAt(it.head)).map((it) => [it.from, it]));
  return [...lines.values()];
}

function announced(view, { from, to }, words) {
  const line = (at) => view.state.doc.lineAt(at).number;
  return EditorView.announce.of(`${words} ${line(from)} to ${line(to)}.`);
}

function foldCode(view) {
  for (const line of chosenLines(view)) {
    const place = foldable(view.state, line);
    if (!place) continue;
    view.dispatch({ effects: [fold.of(place), announced(view, place, "Folded lines")] });
    return true;
  }
  return false;
}

function unfoldCode(view) {
  const places = chosenLines(view).map((it) => foldedIn(view.state, it)).filter(Boolean);
  const effects = places.flatMap((it) => [unfold.of(it), announced(view, it, "Unfolded lines")]);
  if (effects.length > 0) view.dispatch({ effects });
  return effects.length > 0;
}

function foldAll(view) {
  const effects = [];
  for (let at = 0; at < view.state.doc.length; ) {
    const line = view.lineBlockAt(at);
    const place = foldable(view.state, line);
    if (place) effects.push(fold.of(place));
    at = (place ? view.lineBlockAt(place.to) : line).to + 1;
  }
  if (effects.length > 0) view.dispatch({ effects });
  return effects.length > 0;
}

function unfoldAll(view) {
  const effects = [];
  view.state.field(foldedParts).between(0, view.state.doc.length, (from, to) => void effects.push(unfold.of({ from, to })));
  if (effects.length > 0) view.dispatch({ effects });
  return effects.length > 0;
}

export const foldKeymap = [
  { key: "Ctrl-Shift-[", mac: "Cmd-Alt-[", run: foldCode },
  { key: "Ctrl-Shift-]", mac: "Cmd-Alt-]", run: unfoldCode },
  { key: "Ctrl-Alt-[", run: foldAll },
  { key: "Ctrl-Alt-]", run: unfoldAll },
];

class Sign extends GutterMarker {
  constructor(text, title) {
    super();
    this.text = text;
    this.title = title;
  }
  eq(other) {
    return other.text === this.text;
  }
  toDOM() {
    const dom = document.createElement("span");
    dom.textContent = this.text;
    dom.title = this.title;
    return dom;
  }
}

const canFold = new Sign("▾", "Fold line");
const canUnfold = new Sign("▸", "Unfold line");

const signs = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.signs = signsOf(view);
    }
    update(update) {
      const isSame = update.startState.field(foldedParts) === update.state.field(foldedParts);
      if (update.docChanged || update.viewportChanged || !isSame) this.signs = signsOf(update.view);
    }
  },
);

function signsOf(view) {
  const found = [];
  for (const line of view.viewportLineBlocks) {
    const sign = foldedIn(view.state, line) ? canUnfold : openedIn(view.state, line) ? canFold : undefined;
    if (sign) found.push(sign.range(line.from));
  }
  return RangeSet.of(found);
}

/** A sign before every line that can be folded or is. */
export const foldGutter = [
  foldedParts,
  signs,
  gutter({
    class: "cm-foldGutter",
    markers: (view) => view.plugin(signs)?.signs ?? RangeSet.empty,
    initialSpacer: () => canUnfold,
    domEventHandlers: {
      click(view, line) {
        const folded = foldedIn(view.state, line);
        const place = folded ?? foldable(view.state, line);
        if (place) view.dispatch({ effects: (folded ? unfold : fold).of(place) });
        return place !== undefined;
      },
    },
  }),
  EditorView.baseTheme({ ".cm-foldPlaceholder, .cm-foldGutter span": { padding: "0 1px", cursor: "pointer" } }),
];
