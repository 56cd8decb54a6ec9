// A list of what could be written under the caret, and a box that says what a word means: the same
// for the code pane and for single fields. The focus stays where one types; the list is reached
// with the arrow keys and told through aria-activedescendant.
//
// A target is { element, mark(attributes), caret(): {left, top, bottom}, ask(explicit), tell(), accept(item) };
// ask gives { items: [{label, kind, detail, help, ...}] } or nothing.
const KINDS = ["data", "variable", "function", "member"];
const LIST = "suggest-list";

let shown; // { target, box, items, chosen }

export function suggest(target, explicit) {
  const items = target.ask(explicit);
  if (!items?.length) return close();
  const label = items.length === 1 ? "1 suggestion" : `${items.length} suggestions`;
  const box = put("ul", { id: LIST, class: "suggest", role: "listbox", "aria-label": label });
  items.forEach((item, idx) => {
    const row = make(box, "li", "suggest-option");
    row.id = `suggest-${idx}`;
    row.setAttribute("role", "option");
    row.dataset.kind = KINDS[item.kind];
    make(row, "span", "suggest-label").textContent = item.label;
    make(row, "span", "suggest-detail").textContent = item.detail;
    make(row, "span", "suggest-help").textContent = item.help;
    // The focus must stay in the text.
    row.addEventListener("pointerdown", (event) => event.preventDefault());
    row.addEventListener("click", () => accept(idx));
  });
  show(target, box, items);
  choose(0);
}

/** Says what the word at the caret means. */
export function tell(target) {
  const told = target.tell();
  if (!told) return close();
  const box = put("div", { class: "suggest suggest-told", role: "status" });
  box.append(tellDom(told));
  show(target, box, []);
}

/** Title, help and value of a word. */
export function tellDom({ title, help, value }) {
  const dom = document.createElement("div");
  dom.className = "code-told";
  make(dom, "code", "code-told-title").textContent = title;
  if (help) make(dom, "p", "code-told-help").textContent = help;
  if (value) {
    const row = make(dom, "p", "code-told-value");
    row.append("last ");
    make(row, "code", "").textContent = value;
  }
  return dom;
}

export function close() {
  if (!shown) return;
  const { target, box } = shown;
  shown = undefined;
  box.remove();
  target.mark({});
}

/** Whether the key was for the list. */
export function onKey(target, event) {
  if (event.isComposing) return false;
  const isCall = event.code === "Space" && event.ctrlKey && !event.altKey && !event.metaKey;
  if (isCall) {
    if (event.shiftKey) tell(target);
    else suggest(target, true);
    return true;
  }
  if (shown?.target !== target || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.key === "Escape") return close(), true;
  const n = shown.items.length;
  if (n === 0) return false;
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  if (event.key in steps) {
    const step = steps[event.key];
    const next = shown.chosen + step;
    choose(Math.abs(step) === 1 ? (next + n) % n : Math.min(Math.max(next, 0), n - 1));
    return true;
  }
  if (event.key === "Enter" && !event.shiftKey) return accept(shown.chosen), true;
  return false;
}

function accept(idx) {
  const { target, items } = shown;
  close();
  target.accept(items[idx]);
}

function choose(idx) {
  const rows = shown.box.children;
  rows[shown.chosen]?.setAttribute("aria-selected", "false");
  rows[idx].setAttribute("aria-selected", "true");
  shown.chosen = idx;
  place();
  rows[idx].scrollIntoView({ block: "nearest" });
  shown.target.mark({ "aria-controls": LIST, "aria-activedescendant": rows[idx].id });
}

function put(tag, attributes) {
  const box = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  return box;
}

export function make(parent, tag, name) {
  const child = parent.appendChild(document.createElement(tag));
  child.className = name;
  return child;
}

function show(target, box, items) {
  if (shown) shown.box.remove();
  if (shown && shown.target !== target) shown.target.mark({});
  shown = { target, box, items, chosen: 0 };
  // Inside of a landmark, where screen readers look for what belongs to the text.
  (target.element.closest("main") ?? document.body).append(box);
  place();
}

// Below the caret, or above it where there is more room; a chosen row may have made the list wider.
function place() {
  const { box, target } = shown;
  const at = target.caret();
  const { width, height } = box.getBoundingClientRect();
  const isBelow = at.bottom + height + 8 <= innerHeight || at.top < innerHeight - at.bottom;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  box.style.top = `${isBelow ? at.bottom + 2 : Math.max(8, at.top - height - 2)}px`;
}

// Fields: every input that says in data-expression what it is.

/** Offers suggestions in fields. `complete` and `hover` get what the field is, its text and the caret. */
export function watchFields(complete, hover) {
  const target = (event) => {
    const field = event.target;
    return field instanceof HTMLElement && field.dataset.expression ? targetOf(field) : undefined;
  };
  const targets = new WeakMap();
  function targetOf(field) {
    if (targets.has(field)) return targets.get(field);
    const made = {
      element: field,
      mark: (attributes) => mark(field, attributes),
      caret: () => caretOf(field),
      ask: (explicit) => itemsOf(complete(field.dataset.expression, field.value, field.selectionStart, explicit)),
      tell: () => toldOf(hover(field.dataset.expression, field.value, field.selectionStart)),
      accept({ from, to, insert, back }) {
        field.setRangeText(insert, from, to, "end");
        field.selectionStart = field.selectionEnd = from + insert.length - back;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      },
    };
    targets.set(field, made);
    return made;
  }
  addEventListener("input", (event) => {
    const it = target(event);
    if (it && !event.isComposing) suggest(it, false);
  });
  addEventListener(
    "keydown",
    (event) => {
      const it = target(event);
      if (!it || !onKey(it, event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  addEventListener("focusout", () => close());
  addEventListener("resize", () => close());
  document.addEventListener("scroll", (event) => shown && !shown.box.contains(event.target) && close(), true);
}

function mark(field, attributes) {
  for (const name of ["aria-controls", "aria-activedescendant"]) {
    if (attributes[name]) field.setAttribute(name, attributes[name]);
    else field.removeAttribute(name);
  }
}

function caretOf(field) {
  const box = field.getBoundingClientRect();
  if (field.tagName !== "TEXTAREA") return box;
  const height = parseFloat(getComputedStyle(field).lineHeight) || 20;
  const line = field.value.slice(0, field.selectionStart).split("\n").length;
  const bottom = Math.min(box.top + 6 + line * height - field.scrollTop, box.bottom);
  return { left: box.left, top: bottom - height, bottom };
}

/** What comes from the module, flat, as objects. */
export function itemsOf(flat) {
  if (!flat) return undefined;
  const [from, to] = flat;
  const items = [];
  for (let at = 2; at < flat.length; at += 6) {
    const [label, kind, detail, help, insert, back] = flat.slice(at, at + 6);
    items.push({ from, to, label, kind, detail, help, insert, back });
  }
  return items;
}

export function toldOf(flat) {
  if (!flat) return undefined;
  const [from, to, title, help, value] = flat;
  return { from, to, title, help, value };
}
