// The code pane's thin glue over CodeMirror 6. Changes go in and out with UTF-16 offsets of the
// document before the change; undo is not here, it is the application's.
import { defaultKeymap, indentWithTab, temporarilySetTabFocusMode } from "@codemirror/commands";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  WidgetType,
  drawSelection,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  highlighting,
  indentOnInput,
  indentUnit,
} from "./language.js";
import { problemPlaces, problemSigns, setProblems } from "./problems.js";
import { close, itemsOf, onKey, suggest, tellDom, toldOf } from "./suggest.js";

export { watchFields } from "./suggest.js";

let shown; // the editor on the page
let onFault = () => {};

/** The text that the code pane shows now. */
export const textShown = () => shown?.state.sliceDoc() ?? "";

/** Hears of what fails in the editor, or in the module when the editor asks it. */
export function onFaults(hear) {
  onFault = hear;
}

// Marks a change made by the program, so that it is not reported back as the user's.
const fromProgram = Annotation.define();

export function create(parent, { onChange, onSelect, onFix, onUndo, onRedo, onFirstFocus, words, complete, hover }) {
  let wasFocused = false;
  let selectFrame = 0;
  let wordFrame = 0;
  let suggestFrame = 0;
  let suggestMarks = {};
  let scrollBefore; // while a preview is shown
  const undo = () => (onUndo(), true);
  const redo = () => (onRedo(), true);

  const extensions = [
    lineNumbers(),
    highlightActiveLineGutter(),
    foldGutter,
    problemSigns,
    indentUnit.of("  "),
    indentOnInput,
    highlighting,
    bracketMatching,
    highlightSelectionMatches(),
    search({ top: true }),
    drawSelection(),
    selectedLines,
    conflictMarks,
    preview,
    wordField,
    hoverTooltip((_view, pos) => {
      const told = toldOf(hover(pos));
      return told ? { pos: told.from, end: told.to, above: true, create: () => ({ dom: tellDom(told) }) } : null;
    }),
    EditorView.contentAttributes.of(() => ({ "aria-autocomplete": "list", "aria-haspopup": "listbox", ...suggestMarks })),
    Prec.highest(
      EditorView.domEventHandlers({
        keydown: (event) => onKey(target, event) && (event.preventDefault(), true),
      }),
    ),
    EditorView.exceptionSink.of((error) => (console.error(error), onFault(error))),
    EditorState.allowMultipleSelections.of(true),
    EditorView.contentAttributes.of({ "aria-label": "Definition", spellcheck: "false", tabindex: "0" }),
    EditorView.lineWrapping,
    keymap.of([
      ...searchKeymap,
      ...foldKeymap,
      // After Escape, Tab leaves the editor instead of indenting.
      { key: "Escape", run: temporarilySetTabFocusMode },
      ...defaultKeymap,
      indentWithTab,
    ]),
    EditorView.domEventHandlers({
      // The keys of undo, whatever Caps Lock makes of the letter.
      keydown(event) {
        const letter = event.key.toLowerCase();
        const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
        if (!isCommand || (letter !== "z" && letter !== "y")) return false;
        event.preventDefault();
        return letter === "y" || event.shiftKey ? redo() : undo();
      },
      // Menus and gestures of the system undo too.
      beforeinput(event) {
        if (event.inputType === "historyUndo") undo();
        else if (event.inputType === "historyRedo") redo();
        else return false;
        event.preventDefault();
        return true;
      },
      focus() {
        if (!wasFocused) onFirstFocus();
        wasFocused = true;
      },
    }),
    EditorView.updateListener.of((update) => {
      for (const transaction of update.transactions) report(transaction);
      const isOurs = update.transactions.some((it) => it.annotation(fromProgram));
      if (update.selectionSet && !isOurs && update.view.hasFocus) reportSelection();
      if (update.docChanged || update.viewportChanged) colorSoon();
      const isTyped = update.transactions.some((it) => it.isUserEvent("input") || it.isUserEvent("delete"));
      if (isTyped) suggestSoon();
      else if (update.docChanged || update.selectionSet) close();
    }),
    // Last, and so around what else has marks.
    problemPlaces,
  ];
  const view = new EditorView({ parent, state: EditorState.create({ extensions }) });
  shown = view;

  const target = {
    element: view.contentDOM,
    mark(attributes) {
      suggestMarks = attributes;
      view.dispatch({});
    },
    caret: () => view.coordsAtPos(view.state.selection.main.head) ?? view.dom.getBoundingClientRect(),
    ask(explicit) {
      const { main, ranges } = view.state.selection;
      return main.empty && ranges.length === 1 ? itemsOf(complete(main.head, explicit)) : undefined;
    },
    tell: () => toldOf(hover(view.state.selection.main.head)),
    accept({ from, to, insert, back }) {
      const anchor = from + insert.length - back;
      view.dispatch({ changes: { from, to, insert }, selection: { anchor }, userEvent: "input.complete", scrollIntoView: true });
      view.focus();
    },
  };

  function suggestSoon() {
    cancelAnimationFrame(suggestFrame);
    suggestFrame = requestAnimationFrame(() => view.hasFocus && suggest(target, false));
  }

  // The words of the expressions that are seen. The module knows the text of a frame ago at worst;
  // until then the old colors move along with what is typed.
  function colorSoon() {
    cancelAnimationFrame(wordFrame);
    wordFrame = requestAnimationFrame(() => {
      const end = view.state.doc.length;
      const ranges = [];
      for (const seen of view.visibleRanges) {
        const found = words(seen.from, seen.to);
        for (let at = 0; at + 2 < found.length; at += 3) {
          const to = Math.min(found[at + 1], end);
          if (found[at] < to) ranges.push(wordMarks[found[at + 2]].range(found[at], to));
        }
      }
      view.dispatch({ effects: setWords.of(Decoration.set(ranges, true)) });
    });
  }

  function report(transaction) {
    if (!transaction.docChanged || transaction.annotation(fromProgram)) return;
    const places = [];
    const inserts = [];
    transaction.changes.iterChanges((from, to, _fromAfter, _toAfter, text) => {
      places.push(from, to);
      inserts.push(text.toString());
    });
    onChange(Uint32Array.from(places), inserts, transaction.newDoc.length);
  }

  // Once a frame is enough while a key repeats.
  function reportSelection() {
    cancelAnimationFrame(selectFrame);
    selectFrame = requestAnimationFrame(() => {
      const { from, to } = view.state.selection.main;
      onSelect(from, to);
    });
  }

  const ours = (spec) => view.dispatch({ ...spec, annotations: [fromProgram.of(true), Transaction.addToHistory.of(false)] });

  return {
    setDoc(text) {
      cancelAnimationFrame(selectFrame);
      close();
      colorSoon();
      view.setState(EditorState.create({ doc: text, extensions }));
    },
    applyChanges(places, inserts) {
      if (inserts.length === 0) return;
      // The line at the upper edge stays there. CodeMirror would do the same when it measures, but
      // not at the end of the text, nor when more is dispatched before that.
      const scroller = view.scrollDOM;
      const seen = view.lineBlockAtHeight(scroller.scrollTop);
      const below = seen.top - scroller.scrollTop;
      const changes = view.state.changes(changesOf(places, inserts));
      ours({ changes });
      view.coordsAtPos(view.viewport.from);
      scroller.scrollTop = view.lineBlockAt(changes.mapPos(seen.from, 1)).top - below;
    },
    setDiagnostics(places, texts) {
      const end = view.state.doc.length;
      const problems = texts.map((text, idx) => {
        const [from, to, isError, problemIdx] = places.slice(4 * idx, 4 * idx + 4);
        const [message, ...fixes] = text.split("\u001f");
        return {
          from: Math.min(from, end),
          to: Math.min(to, end),
          isError,
          message,
          fixes: fixes.map((name, fixIdx) => ({ name, apply: () => onFix(problemIdx, fixIdx) })),
        };
      });
      view.dispatch({ effects: setProblems.of(problems) });
    },
    setSelection(from, to, scroll) {
      const { doc } = view.state;
      const anchor = Math.min(from, doc.length);
      const end = Math.min(to, doc.length);
      const head = doc.lineAt(anchor).number === doc.lineAt(end).number ? end : anchor;
      const effects = scroll && !isSeen(anchor) ? EditorView.scrollIntoView(anchor, { y: "start", yMargin: 60 }) : [];
      ours({ selection: { anchor, head }, effects });
    },
    setHighlight(from, to) {
      const end = view.state.doc.length;
      ours({ effects: setSelectedLines.of({ from: Math.min(from, end), to: Math.min(to, end) }) });
    },
    setPreview(places, texts) {
      const lines = texts.map((text, idx) => ({ line: places[2 * idx], kind: places[2 * idx + 1], text }));
      if (lines.length === 0 && view.state.field(preview).size === 0) return;
      const effects = [setPreview.of(lines)];
      const first = lines.find((it) => it.line <= view.state.doc.lines);
      if (first) {
        scrollBefore ??= view.scrollDOM.scrollTop;
        const at = view.state.doc.line(Math.max(first.line, 1)).from;
        if (!isSeen(at)) effects.push(EditorView.scrollIntoView(at, { y: "center" }));
      }
      ours({ effects });
      if (!first && scrollBefore !== undefined) {
        // Back to where the reader was: nothing has happened yet.
        view.coordsAtPos(view.viewport.from);
        view.scrollDOM.scrollTop = scrollBefore;
        scrollBefore = undefined;
      }
    },
    openSearch() {
      openSearchPanel(view);
    },
    hasFocus: () => view.hasFocus,
    focus: () => view.focus(),
  };

  function isSeen(offset) {
    const place = view.coordsAtPos(offset);
    const box = view.scrollDOM.getBoundingClientRect();
    return place !== null && box.top + 8 <= place.top && place.bottom + 60 <= box.bottom;
  }
}

// The words inside of expressions; their colors are in the page's style sheet.
const setWords = StateEffect.define();

const wordMarks = ["mark", "function", "variable", "name", "text", "value", "operator", "comment"].map((it) =>
  Decoration.mark({ class: `code-word-${it}` }),
);

// Innermost, so that the color of a word wins over that of the string around it.
const wordField = Prec.highest(
  StateField.define({
    create: () => Decoration.none,
    update(shown, transaction) {
      for (const effect of transaction.effects) if (effect.is(setWords)) return effect.value;
      return shown.map(transaction.changes);
    },
    provide: (field) => Prec.highest(EditorView.decorations.from(field)),
  }),
);

function changesOf(places, inserts) {
  return inserts.map((insert, idx) => ({ from: places[2 * idx], to: places[2 * idx + 1], insert }));
}

// The lines of the selected state: a bar at the left and a quiet ground. Only lines that are seen
// get it, so that a state of a hundred thousand lines costs no more than a small one.
const setSelectedLines = StateEffect.define();

const selectedRange = StateField.define({
  create: () => ({ from: 0, to: 0 }),
  update(range, transaction) {
    for (const effect of transaction.effects) if (effect.is(setSelectedLines)) return effect.value;
    if (!transaction.docChanged) return range;
    return { from: transaction.changes.mapPos(range.from, 1), to: transaction.changes.mapPos(range.to, -1) };
  },
});

const selectedLine = Decoration.line({ class: "code-selected-line" });

const selectedLines = [
  selectedRange,
  ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = decorate(view);
      }
      update(update) {
        const before = update.startState.field(selectedRange, false);
        if (update.docChanged || update.viewportChanged || before !== update.state.field(selectedRange)) {
          this.decorations = decorate(update.view);
        }
      }
    },
    { decorations: (it) => it.decorations },
  ),
];

function decorate(view) {
  const { from, to } = view.state.field(selectedRange);
  if (to <= from) return Decoration.none;
  const { doc } = view.state;
  const ranges = [];
  for (const seen of view.visibleRanges) {
    let at = Math.max(seen.from, doc.lineAt(from).from);
    while (at <= Math.min(seen.to, to)) {
      const line = doc.lineAt(at);
      if (ranges.at(-1)?.from !== line.from) ranges.push(selectedLine.range(line.from));
      at = line.to + 1;
    }
  }
  return Decoration.set(ranges);
}

// The lines by which a version control system parts the two sides of a conflict.
const conflictMark = Decoration.line({ class: "code-conflict-mark" });
const conflictMarker = new MatchDecorator({
  regexp: /^(?:<{7}|\|{7}|={7}|>{7})(?= |$)/g,
  decorate: (add, from) => add(from, from, conflictMark),
});
const conflictMarks = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = conflictMarker.createDeco(view);
    }
    update(update) {
      this.decorations = conflictMarker.updateDeco(update, this.decorations);
    }
  },
  { decorations: (it) => it.decorations },
);

// What a drag would do to the text: lines that would come, would read differently, or would go.
const setPreview = StateEffect.define();
const [ADDED, CHANGED] = [0, 1];

class NewLines extends WidgetType {
  constructor(lines, sign) {
    super();
    this.lines = lines;
    this.sign = sign;
  }
  eq(other) {
    return other.sign === this.sign && other.lines.join("\n") === this.lines.join("\n");
  }
  toDOM() {
    const box = document.createElement("div");
    box.className = "code-preview-lines";
    for (const line of this.lines) {
      const row = box.appendChild(document.createElement("div"));
      row.dataset.sign = this.sign;
      row.textContent = line === "" ? " " : line;
    }
    return box;
  }
}

const goneLine = Decoration.line({ class: "code-preview-gone" });

const preview = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setPreview)) return previewOf(transaction.state.doc, effect.value);
    }
    return transaction.docChanged ? Decoration.none : shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function previewOf(doc, lines) {
  const ranges = [];
  const blocks = new Map(); // line and sign -> the lines of one block
  for (const { line, kind, text } of lines) {
    if (doc.lines < line) continue;
    const place = doc.line(Math.max(line, 1));
    if (kind !== ADDED) ranges.push(goneLine.range(place.from));
    if (kind !== ADDED && kind !== CHANGED) continue;
    const key = `${line} ${kind}`;
    if (!blocks.has(key)) {
      blocks.set(key, []);
      const widget = new NewLines(blocks.get(key), kind === ADDED ? "+" : "~");
      const isBefore = line === 0;
      ranges.push(
        Decoration.widget({ widget, block: true, side: isBefore ? -1 : 2 - kind }).range(isBefore ? place.from : place.to),
      );
    }
    blocks.get(key).push(text);
  }
  return Decoration.set(ranges, true);
}
