// The problems of the text: a line under each place, a sign in the gutter before its line, and both
// tell what is wrong and offer what would mend it. Stands in for the package @codemirror/lint, of which
// the page would need a fifth: here problems come from elsewhere, and so does the list of them.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, gutter, hoverTooltip, showTooltip } from "@codemirror/view";
import { make } from "./suggest.js";

/** Shows these instead of those before: { from, to, isError, message, fixes: [{ name, apply }] } each. */
export const setProblems = StateEffect.define();

const kindOf = (problems) => (problems.some((it) => it.isError) ? "error" : "warning");

/** What `make` makes of the problems, moving along with the text until there are new ones. */
function shown(make, provide) {
  return StateField.define({
    create: () => RangeSet.empty,
    update(ranges, transaction) {
      for (const effect of transaction.effects) {
        if (effect.is(setProblems)) return RangeSet.of(make(transaction.newDoc, effect.value), true);
      }
      return ranges.map(transaction.changes);
    },
    provide,
  });
}

function groups(problems, keyOf) {
  const found = new Map();
  for (const problem of problems) {
    const key = keyOf(problem);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(problem);
  }
  return [...found.values()];
}

// In the text.

class Point extends WidgetType {
  constructor(kind) {
    super();
    this.kind = kind;
  }
  eq(other) {
    return other.kind === this.kind;
  }
  toDOM() {
    const dom = document.createElement("span");
    dom.className = `cm-lintPoint cm-lintPoint-${this.kind}`;
    return dom;
  }
}

const places = shown(
  (doc, problems) =>
    groups(problems, ({ from, to }) => `${from} ${to}`).map((problems) => {
      const [{ from, to }] = problems;
      const kind = kindOf(problems);
      // Between two letters, or at the end of a line, nothing could be underlined.
      const isPoint = to - from < 10 && doc.sliceString(from, to).trim() === "";
      if (isPoint) return Decoration.widget({ widget: new Point(kind), problems }).range(from);
      return Decoration.mark({ class: `cm-lintRange cm-lintRange-${kind}`, problems }).range(from, to);
    }),
  (field) => EditorView.decorations.from(field),
);

function toldAt({ state }, pos, side) {
  const found = [];
  let [from, to] = [0, state.doc.length];
  state.field(places).between(pos - (side < 0), pos + (side > 0), (start, end, { spec }) => {
    const isInside = (start < pos || side > 0) && (pos < end || side < 0);
    if (pos < start || end < pos || (start < end && !isInside)) return;
    found.push(...spec.problems);
    [from, to] = [Math.max(from, start), Math.min(to, end)];
  });
  return found.length > 0 ? { pos: from, end: to, above: true, create: () => ({ dom: listOf(found) }) } : null;
}

/** Whether what is told about a place may be true no more. */
function isOver(transaction, { pos, end = pos }) {
  const line = transaction.startState.doc.lineAt(pos);
  const isNew = transaction.effects.some((it) => it.is(setProblems));
  return isNew || !!transaction.changes.touchesRange(line.from, Math.max(line.to, end));
}

function listOf(problems) {
  const list = document.createElement("ul");
  list.className = "cm-tooltip-lint";
  for (const problem of problems) {
    const row = make(list, "li", `cm-diagnostic cm-diagnostic-${kindOf([problem])}`);
    make(row, "span", "cm-diagnosticText").textContent = problem.message;
    for (const { name, apply } of problem.fixes) {
      const button = make(row, "button", "cm-diagnosticAction");
      button.type = "button";
      button.textContent = name;
      button.onclick = apply;
      // The focus stays in the text.
      button.onmousedown = (event) => event.preventDefault();
    }
  }
  return list;
}

/** What is seen in the text. */
export const problemPlaces = [places, hoverTooltip(toldAt, { hideOn: isOver })];

// In the gutter.

const WAIT_MILLIS = 300;
const NEAR = 10;

const tellSign = StateEffect.define();

const toldSign = StateField.define({
  create: () => null,
  update(told, transaction) {
    for (const effect of transaction.effects) if (effect.is(tellSign)) return effect.value;
    return told && isOver(transaction, told) ? null : told && { ...told, pos: transaction.changes.mapPos(told.pos) };
  },
  provide: (field) => showTooltip.from(field),
});

class Sign extends GutterMarker {
  constructor(problems) {
    super();
    this.problems = problems;
  }
  toDOM(view) {
    const sign = document.createElement("div");
    sign.className = `cm-lint-marker cm-lint-marker-${kindOf(this.problems)}`;
    let timer;
    sign.onmousemove = () => {
      clearTimeout(timer);
      timer = setTimeout(() => tell(view, sign, this.problems), WAIT_MILLIS);
    };
    sign.onmouseout = () => clearTimeout(timer);
    return sign;
  }
}

function tell(view, sign, problems) {
  if (view.state.field(toldSign)?.sign === sign || !sign.isConnected) return;
  const getCoords = () => sign.getBoundingClientRect();
  const pos = view.elementAtHeight(getCoords().top + 5 - view.documentTop).from;
  const create = () => ({ dom: listOf(problems), getCoords });
  view.dispatch({ effects: tellSign.of({ pos, above: false, clip: false, create, sign }) });
  const onMove = ({ clientX: x, clientY: y, target }) => {
    const { left, right, top, bottom } = getCoords();
    const isNear = left - NEAR < x && x < right + NEAR && top - NEAR < y && y < bottom + NEAR;
    if (isNear || target.closest?.(".cm-tooltip-lint")) return;
    removeEventListener("mousemove", onMove);
    if (view.state.field(toldSign)?.sign === sign) view.dispatch({ effects: tellSign.of(null) });
  };
  addEventListener("mousemove", onMove);
}

const signs = shown((doc, problems) =>
  groups(problems, ({ from }) => doc.lineAt(from).from).map((it) => new Sign(it).range(doc.lineAt(it[0].from).from)),
);

/** What is seen before the lines. */
export const problemSigns = [
  signs,
  toldSign,
  gutter({ class: "cm-gutter-lint", markers: (view) => view.state.field(signs) }),
];
