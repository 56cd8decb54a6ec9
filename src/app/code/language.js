// Stands in for the packages @codemirror/language and @lezer/common, of which CodeMirror's commands
// need a little: the page's text is always JSON, and JSON needs no parser to be colored, indented
// and folded.
import { EditorState, Facet, Prec, countColumn } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";
import { bracketAround, isClosing, isOpening, partnerOf, placesIn, tokenAt, walk } from "./tokens.js";

export { foldGutter, foldKeymap } from "./folding.js";

// Colors.

const marks = Object.fromEntries(
  ["name", "string", "value", "punctuation"].map((it) => [it, Decoration.mark({ class: `code-${it}` })]),
);

const WORD = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

function kindOf(token, rest) {
  if (token[0] === '"') return /^\s*:/.test(rest) ? "name" : "string";
  if ("{}[],:".includes(token)) return "punctuation";
  return WORD.test(token) ? "value" : undefined;
}

/** The colors of the tokens that are seen. */
export const highlighting = Prec.high(
  ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = colored(view);
      }
      update(update) {
        if (update.docChanged || update.viewportChanged) this.decorations = colored(update.view);
      }
    },
    { decorations: (it) => it.decorations },
  ),
);

function colored({ state: { doc }, visibleRanges }) {
  const ranges = [];
  for (const seen of visibleRanges) {
    for (let line = doc.lineAt(seen.from); ; line = doc.line(line.number + 1)) {
      const places = placesIn(line.text);
      for (let idx = 0; idx < places.length; idx += 2) {
        const [from, to] = [line.from + places[idx], line.from + places[idx + 1]];
        if (to <= seen.from) continue;
        if (from >= seen.to) break;
        const next = line.text.slice(places[idx + 1], (places[idx + 2] ?? line.length) + 1);
        const kind = kindOf(line.text.slice(places[idx], places[idx + 1]), next);
        if (kind) ranges.push(marks[kind].range(from, to));
      }
      if (line.to >= seen.to) break;
    }
  }
  return Decoration.set(ranges);
}

// Brackets.

const PAIRS = "()[]{}";

/** The bracket before (`dir` -1) or after a place, if it closes or opens, and the one that belongs to it. */
export function matchBrackets(state, pos, dir) {
  const { doc } = state;
  const from = dir < 0 ? pos - 1 : pos;
  const kind = PAIRS.indexOf(doc.sliceString(Math.max(from, 0), from + 1) || " ");
  if (kind < 0 || (kind % 2 === 0) !== dir > 0) return null;
  const start = { from, to: from + 1 };
  const token = tokenAt(doc, from, 1);
  if (isOpening(token) || isClosing(token)) {
    const end = partnerOf(doc, token);
    return { start, end, matched: end !== undefined && PAIRS.indexOf(end.text) === kind + dir };
  }
  // Inside of a text, as in an expression.
  let depth = 0;
  for (let at = from; token.from <= at && at < token.to; at += dir) {
    const found = PAIRS.indexOf(token.text[at - token.from]);
    if (found < 0) continue;
    depth += (found % 2 === 0) === dir > 0 ? 1 : -1;
    if (depth === 0) return { start, end: { from: at, to: at + 1 }, matched: found === kind + dir };
  }
  return null;
}

const matching = Decoration.mark({ class: "cm-matchingBracket" });
const nonmatching = Decoration.mark({ class: "cm-nonmatchingBracket" });

function bracketsAt(state) {
  const ranges = [];
  for (const { empty, head } of state.selection.ranges) {
    if (!empty) continue;
    const found =
      matchBrackets(state, head, -1) ??
      matchBrackets(state, head - 1, 1) ??
      matchBrackets(state, head, 1) ??
      matchBrackets(state, head + 1, -1);
    if (!found) continue;
    const mark = found.matched ? matching : nonmatching;
    for (const it of [found.start, found.end]) if (it) ranges.push(mark.range(it.from, it.to));
  }
  return Decoration.set(ranges, true);
}

/** Marks the bracket at the caret and the one that belongs to it. */
export const bracketMatching = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = bracketsAt(view.state);
    }
    update(update) {
      const isLate = this.isLate;
      this.isLate = update.view.composing;
      // What is being composed must not be redrawn.
      if (this.isLate) this.decorations = this.decorations.map(update.changes);
      else if (update.docChanged || update.selectionSet || isLate) this.decorations = bracketsAt(update.state);
    }
  },
  { decorations: (it) => it.decorations },
);

// Indentation.

/** What one level is indented by. */
export const indentUnit = Facet.define({ combine: ([unit]) => unit ?? "  " });

export const getIndentUnit = (state) => countColumn(state.facet(indentUnit), state.tabSize);

export const indentString = (_state, n_columns) => " ".repeat(n_columns);

/** The lines as they would be: broken at a place, or indented anew already. */
export class IndentContext {
  constructor(state, { simulateBreak, simulateDoubleBreak, overrideIndentation } = {}) {
    Object.assign(this, { state, simulateBreak, simulateDoubleBreak, overrideIndentation });
  }
  /** How far the line at `pos` is indented. */
  lineIndent(pos) {
    const line = this.state.doc.lineAt(pos);
    const given = this.overrideIndentation?.(line.from) ?? -1;
    if (given > -1) return given;
    const end = Math.max((this.simulateBreak ?? line.to) - line.from, 0);
    const text = line.text.slice(0, this.simulateBreak >= line.from ? end : undefined);
    return countColumn(text, this.state.tabSize, text.search(/\S|$/));
  }
}

/** How far the line that begins at `pos` is to be indented. */
export function getIndentation(context, pos) {
  const cx = context instanceof EditorState ? new IndentContext(context) : context;
  const { doc } = cx.state;
  const opening = bracketAround(doc, pos, -1);
  if (!opening) return 0;
  // The line on which it stands; if a bracket from above ends there before, the line of that one.
  let end = opening.from;
  for (let depth = 0; ; depth = 0) {
    const stray = walk(doc, doc.lineAt(end).from, 1, (token) => {
      if (token.from >= end) return true;
      if (isOpening(token)) depth++;
      return isClosing(token) && depth-- === 0;
    });
    const before = stray && stray.from < end && partnerOf(doc, stray);
    if (!before) break;
    end = before.from;
  }
  const base = cx.lineIndent(end);
  const own = doc.lineAt(pos);
  const after = cx.simulateDoubleBreak && cx.simulateBreak === pos ? "" : own.text.slice(pos - own.from);
  const isEnd = after.trimStart().startsWith(opening.text === "{" ? "}" : "]");
  return base + (isEnd ? 0 : getIndentUnit(cx.state));
}

const startsEnd = /^\s*[}\]]$/;

/** A bracket that closes, typed as the first of its line, goes where the bracket that it closes says. */
export const indentOnInput = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || !transaction.isUserEvent("input.type")) return transaction;
  const { head } = transaction.newSelection.main;
  const { from } = transaction.newDoc.lineAt(head);
  if (head > from + 200 || !startsEnd.test(transaction.newDoc.sliceString(from, head))) return transaction;
  const { state } = transaction;
  const lines = new Set(state.selection.ranges.map((it) => state.doc.lineAt(it.head).from));
  const changes = [];
  for (const from of lines) {
    const now = /^\s*/.exec(state.doc.lineAt(from).text)[0];
    const insert = indentString(state, getIndentation(state, from));
    if (insert !== now) changes.push({ from, to: from + now.length, insert });
  }
  return changes.length > 0 ? [transaction, { changes, sequential: true }] : transaction;
});

// Structure, as far as commands ask for it.

/** Stands in for the properties of syntax nodes: which brackets close or open a pair. */
export const NodeProp = {
  closedBy: { "{": ["}"], "[": ["]"] },
  openedBy: { "}": ["{"], "]": ["["] },
};

function nodeOf({ from, to, text }) {
  const none = () => null;
  return { from, to, name: text, type: { prop: (it) => it[text] }, childAfter: none, childBefore: none };
}

/** The text as tokens for those who go from one to the next, and as nested parts for those who ask for them. */
export function syntaxTree({ doc }) {
  const node = (token) => token && nodeOf(token);
  return {
    resolveInner(pos) {
      const inside = tokenAt(doc, pos);
      if (inside) return nodeOf(inside);
      const childAfter = (at) => node(walk(doc, at, 1));
      const childBefore = (at) => node(walk(doc, at, -1));
      return { ...nodeOf({ from: 0, to: doc.length, text: "" }), childAfter, childBefore };
    },
    resolveStack: (pos, side) => stackAt(doc, pos, side),
  };
}

/** What a place is part of, from the inside out. */
function stackAt(doc, pos, side) {
  const parts = [];
  const add = (from, to) => parts.push({ from, to });
  let part = tokenAt(doc, pos, side);
  if (part) add(part.from, part.to);
  part ??= { from: pos, to: pos, text: "" };
  for (;;) {
    const isBracket = isOpening(part) || isClosing(part);
    const [from, to] = isBracket ? [part.from, part.to] : memberAt(doc, part);
    if (from < part.from || part.to < to) add(from, to);
    const opening = isOpening(part) ? part : bracketAround(doc, part.from, -1);
    const closing = isClosing(part) ? part : opening && partnerOf(doc, opening);
    if (!opening) break;
    part = { from: opening.from, to: closing?.to ?? doc.length, text: "" };
    add(part.from, part.to);
  }
  add(0, doc.length);
  return parts.reduceRight((next, node) => ({ node, next }), null);
}

/** From the name to the end of the value, of the member that a name, a colon or a value is part of. */
function memberAt(doc, part) {
  const before = walk(doc, part.from, -1);
  const after = walk(doc, part.to, 1);
  const colon = part.text === ":" ? part : after?.text === ":" ? after : before?.text === ":" ? before : undefined;
  if (!colon) return [part.from, part.to];
  const name = walk(doc, colon.from, -1);
  const value = walk(doc, colon.to, 1);
  const end = value && isOpening(value) ? partnerOf(doc, value)?.to ?? doc.length : value?.to ?? colon.to;
  return [name?.from ?? colon.from, end];
}
