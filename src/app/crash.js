// When the program stops all the same, by a fault of ours or because the browser gives it no more
// memory or stack: the text is shown for copying. The WebAssembly module cannot run on then, so
// nothing here needs it.

const TITLE = "Stepglass stopped. Your text is safe.";
const NOTE =
  "This is a fault of ours, or the browser gave no more memory. Reloading brings back what this browser kept; " +
  "the text below is what stood in the code pane. Copy it if you want to be sure.";

/** Shows the text when anything in the module fails from now on. `textShown` gives it. */
export function watch(textShown) {
  const seen = (error) => isOfModule(error) && show(textShown(), reportOf(error));
  addEventListener("error", (event) => seen(event.error));
  addEventListener("unhandledrejection", (event) => seen(event.reason));
  return seen;
}

/** A trap, or the end of the stack inside of the module; each browser has a name of its own for it. */
function isOfModule(error) {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return (error instanceof RangeError || error?.name === "InternalError") && /wasm/.test(error.stack ?? "");
}

function reportOf(error) {
  const stack = error.stack ?? "";
  return stack.includes(error.message) ? stack : `${error}\n${stack}`;
}

function show(text, report) {
  if (document.getElementById("crash")) return;
  const area = element("textarea", { readOnly: true, ariaLabel: "Your definition", value: text });
  const copyText = button("Copy text", () => {
    // The text stays selected, so that the keyboard can copy it when the browser refuses.
    area.select();
    copy(text);
  });
  const pane = element("div", { id: "crash", className: "crash", role: "alertdialog", ariaLabel: "Stepglass stopped" });
  const buttons = element("p", {});
  buttons.append(copyText, button("Copy report", () => copy(report)), button("Reload the page", () => location.reload()));
  pane.append(element("h2", { textContent: TITLE }), element("p", { textContent: NOTE }), area, buttons);
  document.body.append(pane);
  area.select();
}

function button(words, act) {
  const it = element("button", { type: "button", className: "button", textContent: words });
  it.addEventListener("click", act);
  return it;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function copy(text) {
  navigator.clipboard?.writeText(text).catch(() => {});
}
