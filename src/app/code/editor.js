// The code pane's thin glue over CodeMirror 6. Changes go in and out as {from, to, insert}
// with UTF-16 offsets of the document before the change; undo is not here, it is the application's.
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, defaultHighlightStyle, foldGutter, foldKeymap, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";

// Marks a change made by the program, so that it is not reported back as the user's.
const fromProgram = Annotation.define();

export function create(parent, { onChange, onSelect, onUndo, onRedo }) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        json(),
        syntaxHighlighting(defaultHighlightStyle),
        bracketMatching(),
        highlightSelectionMatches(),
        EditorView.contentAttributes.of({ "aria-label": "Definition" }),
        keymap.of([
          { key: "Mod-z", run: () => (onUndo?.(), true), preventDefault: true },
          { key: "Mod-y", mac: "Mod-Shift-z", run: () => (onRedo?.(), true), preventDefault: true },
          { key: "Mod-Shift-z", run: () => (onRedo?.(), true), preventDefault: true },
          ...searchKeymap,
          ...foldKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          for (const transaction of update.transactions) report(transaction);
          if (update.selectionSet && !update.transactions.some((it) => it.annotation(fromProgram))) {
            const { from, to } = update.state.selection.main;
            onSelect?.(from, to);
          }
        }),
      ],
    }),
  });

  function report(transaction) {
    if (!transaction.docChanged || transaction.annotation(fromProgram)) return;
    const changes = [];
    transaction.changes.iterChanges((from, to, _fromAfter, _toAfter, text) => {
      changes.push({ from, to, insert: text.toString() });
    });
    onChange?.(changes, transaction.annotation(Transaction.userEvent) ?? "", transaction.newDoc.length);
  }

  return {
    setDoc(text) {
      const changes = { from: 0, to: view.state.doc.length, insert: text };
      view.dispatch({ changes, annotations: fromProgram.of(true) });
    },
    applyChanges(changes) {
      view.dispatch({ changes, annotations: fromProgram.of(true) });
    },
    setDiagnostics(diagnostics) {
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    setSelection(from, to, scroll) {
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: scroll, annotations: fromProgram.of(true) });
    },
    getDoc: () => view.state.sliceDoc(),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
