// The core in WebAssembly beside what people use today, in one run: `node speed.mjs MODULE [ROWS]`,
// one `name value unit` a row whose name contains ROWS. Only rows of one run may be compared.
import { readFileSync } from "node:fs";

// aws-local-stepfunctions needs it, and Node 20 lacks it.
Promise.withResolvers ??= () => {
  let settle;
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
};
const { StateMachine } = await import("aws-local-stepfunctions");
const { default: jsonata } = await import("jsonata");

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const core = instance.exports;

const wish = process.argv[3] ?? "";
if ("map_10000_wasm".includes(wish)) {
  row("map_10000_wasm", 1000 / best(() => core.map_items() && 1), "ms");
}
if ("transitions_wasm_lean_ratio transitions_others".includes(wish)) {
  let [theirs, traced, lean] = [0, 0, 0];
  // By turns, so that what else the machine does falls on all of them.
  for (let round = 0; round < 5; round++) {
    theirs = Math.max(theirs, await transitionsOfOthers());
    traced = Math.max(traced, best(() => Number(core.traced_transitions(5))));
    lean = Math.max(lean, best(() => Number(core.lean_transitions(10))));
  }
  row("transitions_wasm", traced, "a second");
  row("transitions_wasm_lean", lean, "a second");
  row("transitions_others", theirs, "a second");
  row("transitions_wasm_ratio", traced / theirs, "times aws-local-stepfunctions");
  row("transitions_wasm_lean_ratio", lean / theirs, "times aws-local-stepfunctions");
}
if ("jsonata_wasm_ratio".includes(wish) || wish.startsWith("jsonata")) {
  await expressions();
}

editing();

function row(name, value, unit) {
  console.log(`${name} ${value.toFixed(3)} ${unit}`);
}

/** The best rate of ten repetitions; `work` gives how much it did. */
function best(work) {
  work();
  const rates = Array.from({ length: 10 }, () => {
    const start = performance.now();
    const amount = work();
    return (amount / (performance.now() - start)) * 1000;
  });
  return Math.max(...rates);
}

/** What happens between a key or a drop and the new views, in milliseconds, and its stages. */
function editing() {
  const asked = (name) => name.includes(wish);
  for (const n of [500, 5000]) {
    const name = `keystroke_${n}_wasm`;
    if (!name.includes(wish) && !wish.startsWith(`keystroke_${n}`)) continue;
    core.open_desk(n);
    const times = n > 1000 ? 10 : 50;
    row(name, least(times, core.keystroke), "ms");
    row(`${name}_field`, least(times, core.field, core.undo), "ms");
    row(`${name}_unfinished`, least(times, core.unfinished, core.undo), "ms");
    for (const [idx, stage] of ["parse", "lower", "validate", "graph"].entries()) {
      row(`${name}_stage_${stage}`, least(times, () => core.stage(idx)), "ms");
    }
  }
  if (asked("gesture_500_wasm")) {
    core.open_desk(500);
    row("gesture_500_wasm", least(50, core.drop_on_edge, core.undo), "ms");
  }
  if (asked("layout_5000_wasm")) {
    core.open_desk(5000);
    row("layout_5000_wasm", least(10, () => core.stage(4)), "ms");
  }
  if (asked("format_1mib_wasm")) {
    core.open_desk(-(1 << 20));
    row("format_1mib_wasm", least(10, core.format), "ms");
  }
}

/** The least time of so many repetitions, in milliseconds. */
function least(times, work, after = () => {}) {
  let found = Infinity;
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    const done = work();
    found = Math.min(found, performance.now() - start);
    if (!done) throw new Error("nothing was measured");
    after();
  }
  return found;
}

/** The expressions of `expressions.json`, ours against npm jsonata, each parsed once. */
async function expressions() {
  const texts = JSON.parse(readFileSync(new URL("expressions.json", import.meta.url), "utf8"));
  const data = JSON.parse(textAt(core.data()));
  const ratios = [];
  for (const [idx, [name, text]] of Object.entries(texts).entries()) {
    const theirs = jsonata(text);
    const [value, expected] = [JSON.parse(textAt(core.value_of(idx))), await theirs.evaluate(data)];
    if (JSON.stringify(value) !== JSON.stringify(expected)) {
      throw new Error(`${name}: ours gives ${JSON.stringify(value)}, theirs ${JSON.stringify(expected)}`);
    }
    // As often as fills some milliseconds.
    const start = performance.now();
    for (let n = 0; n < 5; n++) await theirs.evaluate(data);
    const times = Math.ceil(100 / (performance.now() - start));
    const ours = best(() => core.evaluations(idx, times));
    let most = 0;
    for (let round = 0; round < 10; round++) {
      const start = performance.now();
      for (let n = 0; n < times; n++) await theirs.evaluate(data);
      most = Math.max(most, (times / (performance.now() - start)) * 1000);
    }
    row(`jsonata_${name}_wasm_ratio`, ours / most, "times npm jsonata");
    ratios.push(ours / most);
  }
  ratios.sort((a, b) => a - b);
  const middle = ratios.length / 2;
  row("jsonata_median_wasm_ratio", (ratios[Math.ceil(middle) - 1] + ratios[Math.floor(middle)]) / 2, "times npm jsonata");
}

/** A text in the memory of the module. */
function textAt(place) {
  const [start, length] = [Number(place & 0xffffffffn), Number(place >> 32n)];
  return new TextDecoder().decode(new Uint8Array(core.memory.buffer, start, length));
}

/** The same workflow as `transitions.rs`, its task answered by a function. */
async function transitionsOfOthers() {
  const limit = 2500;
  const machine = new StateMachine({
    StartAt: "Count",
    States: {
      Count: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)", "limit.$": "$.limit" }, Next: "More" },
      More: {
        Type: "Choice",
        Choices: [{ Variable: "$.n", NumericLessThanPath: "$.limit", Next: "Work" }],
        Default: "Done",
      },
      Work: {
        Type: "Task",
        Resource: "arn:aws:lambda:us-east-1:123456789012:function:work",
        ResultPath: null,
        Next: "Count",
      },
      Done: { Type: "Succeed" },
    },
  });
  let most = 0;
  for (let round = 0; round < 12; round++) {
    const start = performance.now();
    const overrides = { taskResourceLocalHandlers: { Work: () => ({ ok: true }) } };
    await machine.run({ n: 0, limit }, { overrides }).result;
    most = Math.max(most, ((limit * 3) / (performance.now() - start)) * 1000);
  }
  return most;
}
