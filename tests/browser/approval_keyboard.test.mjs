// The approval workflow of the samples, built from an empty page and run, with nothing but keys: no
// pointer, and nothing typed into the text.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { savedText, status } from "./studio.mjs";

const examples = new URL("../../public/examples/", import.meta.url);
const sample = JSON.parse(await readFile(new URL("approval.asl.json", examples), "utf8"));
const mocks = JSON.parse(await readFile(new URL("approval.mocks.json", examples), "utf8"));
const input = mocks.Stepglass.Scenarios.Approved.Input;
const answers = (name) => mocks.MockedResponses[name]["0"].Return;

// The sample asks once for the order; ours tries again when the function is busy.
const RETRY = { ErrorEquals: ["Lambda.TooManyRequestsException"], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 1.5 };
const wanted = structuredClone(sample);
wanted.States["Place order"].Retry = [RETRY];

// What is shown of every state; all other fields are added.
const IS_SHOWN = new Set(["Type", "Resource", "Next", "Default", "Choices"]);

test("the approval workflow is built, run both ways and undone by keys alone", async (t) => {
  const page = await openPage(t, { height: 1000 });
  const keys = keyboard(page);

  await t.test("an empty page becomes a workflow", async () => {
    await keys.command("New workflow");
    await page.locator(".canvas-node").first().waitFor();
  });

  await t.test("the states stand in a row", async () => {
    const names = Object.keys(wanted.States);
    await keys.toGraph();
    await keys.press("ArrowDown");
    await keys.rename(names[0]);
    for (const name of names.slice(1)) {
      await keys.toGraph();
      await keys.press("a");
      await keys.choose("Pass");
      await keys.rename(name);
    }
    const text = JSON.parse(await savedText(page, (it) => it.includes(names.at(-1))));
    assert.deepEqual(Object.keys(text.States).sort(), [...names].sort());
  });

  for (const [name, state] of Object.entries(wanted.States)) {
    await t.test(`${name} is filled in`, async () => {
      await keys.select(name);
      await keys.select_option('[data-field="Type"] select', state.Type);
      if (!("Next" in state)) await keys.removeWayOut();
      for (const [field, value] of Object.entries(state)) {
        if (field === "Type") continue;
        await keys.toForm();
        if (field === "Choices") await keys.rules(value);
        else if (field === "Catch" || field === "Retry") await keys.handlers(field, value);
        else if (field === "Next" || field === "Default") await keys.select_option(`[data-field="${field}"] select`, value);
        else await keys.setField("", field, value);
      }
      const text = await savedText(page, (it) => same(stateOf(it, name), state));
      assert.deepEqual(stateOf(text, name), state);
    });
  }

  await t.test("the workflow has its comment, and is the sample", async () => {
    await keys.command("Settings of the workflow");
    await keys.leaveSelection();
    await keys.setField("", "Comment", wanted.Comment);
    const text = await savedText(page, (it) => same(JSON.parse(it), wanted));
    assert.deepEqual(JSON.parse(text), wanted);
    await shot(page, "approval-by-keys");
  });

  await t.test("it runs to a yes", async () => {
    await keys.setInput(input);
    await keys.run();
    await keys.answer("Ask team lead", answers("LeadSaysYes"));
    await keys.answer("Place order", answers("OrderPlaced"));
    await keys.answer("Share good news", answers("MailSent"));
    await keys.toGraph();
    await keys.press("End");
    await status(page, "/States/Request approved", "succeeded");
    await page.locator('.run-banner[data-failed="false"]').waitFor();
    await shot(page, "approval-by-keys-ran");
  });

  await t.test("from the first question on it runs to a no that nobody gave", async () => {
    await keys.toGraph();
    await keys.press("Home");
    const differently = page.getByRole("button", { name: "Answer differently…" });
    for (let n = 0; n < 9 && (await differently.count()) === 0; n++) await keys.press(".");
    await keys.press("x");
    await keys.timeOut("dialog");
    await keys.answer("Remind team lead", answers("MailSent"));
    await keys.ask("Ask team lead again");
    await keys.timeOut(".question");
    await keys.ask("Ask manager");
    await keys.timeOut(".question");
    await keys.toGraph();
    await keys.press("End");
    await page.locator('.run-banner[data-failed="true"]', { hasText: "NoDecision" }).waitFor();
  });

  await t.test("undo by keys leads back to the text before", async () => {
    await keys.command("Arrange for building");
    await keys.toGraph();
    for (let n = 0; n < 3; n++) await keys.press("Control+z");
    const text = await savedText(page, (it) => !it.includes(wanted.Comment));
    assert.equal(JSON.parse(text).Comment, undefined);
  });
});

const same = (one, other) => {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
};
const stateOf = (text, name) => {
  try {
    return JSON.parse(text).States[name];
  } catch {
    return undefined;
  }
};

/** Hands on the keyboard: everything is found by Tab, letters and arrows. */
function keyboard(page) {
  const press = (key) => page.keyboard.press(key);
  const type = (text) => page.keyboard.type(text);
  const focused = (selector) => page.evaluate((it) => document.activeElement?.matches(it) ?? false, selector);

  /** Presses Tab, or Shift and Tab, until something that fits has the focus. */
  async function tabTo(selector, key = "Tab") {
    for (let n = 0; n < 160; n++) {
      if (await focused(selector)) return;
      await press(key);
    }
    throw new Error(`no ${selector} is reached with ${key}`);
  }

  /** Starts at the first control of the form. */
  async function toForm() {
    await toGraph();
    await press("Enter");
    await waitFocus(".inspector-pane *");
  }

  async function waitFocus(selector) {
    await page.waitForFunction((it) => document.activeElement?.matches(it) ?? false, selector);
  }

  /** F6 goes from pane to pane. */
  async function toPane(name) {
    for (let n = 0; n < 12; n++) {
      if (await focused(`[data-pane="${name}"], [data-pane="${name}"] *`)) return;
      await press("F6");
    }
    throw new Error(`no pane ${name}`);
  }

  async function toGraph() {
    if (await focused("[role=tree]")) return;
    await toPane("graph");
    await waitFocus("[role=tree]");
  }

  async function choose(text) {
    await waitFocus("dialog input");
    await type(text);
    await page.locator("dialog [role=option]").first().waitFor();
    await press("Enter");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }

  async function command(text) {
    await press("Control+k");
    await choose(text);
  }

  async function replace(text) {
    await press("Control+a");
    await type(text);
    // The list of suggestions is not what was meant.
    if (await page.evaluate(() => document.activeElement.hasAttribute("aria-activedescendant"))) await press("Escape");
  }

  const keys = { press, choose, command, toGraph, toForm };

  keys.rename = async (name) => {
    await toForm();
    await tabTo('[data-field="Name"] input');
    await replace(name);
    await press("Enter");
    await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
  };

  keys.select = async (name) => {
    await command(name);
    await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
    await toForm();
  };

  /** Chooses by the first letters, as every menu can be. */
  keys.select_option = async (selector, text) => {
    await tabTo(selector);
    await type(text);
    await page.waitForFunction((it) => {
      const menu = document.activeElement;
      return menu.tagName === "SELECT" && menu.selectedOptions[0]?.textContent === it;
    }, text);
  };

  /** Pass states have a Next, and what ends the workflow has none. */
  keys.removeWayOut = async () => {
    for (const name of ["Next", "End"]) {
      if ((await page.locator(`.inspector-field[data-field="${name}"] .inspector-remove`).count()) === 0) continue;
      await tabTo(`[data-field="${name}"] .inspector-remove`);
      await press("Enter");
      await page.locator(`.inspector-field[data-field="${name}"]`).waitFor({ state: "detached" });
      await toForm();
    }
  };

  /** Adds the field unless it is there, and writes its value. `within` is the card it belongs to. */
  keys.setField = async (within, name, value) => {
    const control = `${within} [data-field="${name}"] :is(input, textarea)`;
    if (IS_SHOWN.has(name) || (await page.locator(control).count()) > 0) {
      await tabTo(control);
    } else {
      await tabTo(within ? `${within} .inspector-add > button` : ".inspector-add-at-end > button");
      await addField(name);
      await waitFocus(control);
    }
    const isJson = await focused("textarea[data-mono]");
    if (value === null) {
      // A path has a box for null behind it.
      await press("Tab");
      await press("Space");
      return;
    }
    await replace(isJson ? JSON.stringify(value) : String(value));
    await press("Control+Enter");
    if (await focused("input")) await press("Enter");
    assert.ok(!(await focused("[aria-invalid]")), `${name} is refused`);
  };

  async function addField(name) {
    await press("Enter");
    await waitFocus(".inspector-search input");
    await type(name);
    for (let n = 0; n < 20; n++) {
      const chosen = page.locator(".inspector-option[aria-selected=true] .inspector-word");
      if ((await chosen.textContent()) === name) break;
      await press("ArrowDown");
    }
    await press("Enter");
    await page.locator(".inspector-search").waitFor({ state: "detached" });
  }
  keys.addField = addField;

  async function errors(within, names) {
    await tabTo(`${within} [data-field="ErrorEquals"] input`);
    for (const name of names) {
      await type(name);
      await press("Enter");
    }
    // The name that every new card begins with goes.
    const chips = page.locator(`${within} .inspector-chip`);
    while (names.length < (await chips.count())) {
      const n = await chips.count();
      await tabTo(`${within} .inspector-chip:first-child button`, "Shift+Tab");
      await press("Enter");
      await chips.nth(n - 1).waitFor({ state: "detached" });
      await tabTo(`${within} [data-field="ErrorEquals"] input`);
    }
  }

  keys.handlers = async (name, list) => {
    await tabTo(".inspector-add-at-end > button");
    await addField(name);
    for (const [idx, handler] of list.entries()) {
      const within = `.inspector-field[data-field="${name}"] .inspector-card:nth-child(${idx + 1})`;
      await waitFocus(`.inspector-field[data-field="${name}"] *`);
      await toForm();
      await errors(within, handler.ErrorEquals);
      for (const [field, value] of Object.entries(handler)) {
        if (field === "ErrorEquals") continue;
        await toForm();
        if (field === "Next") await keys.select_option(`${within} [data-field="Next"] select`, value);
        else await keys.setField(within, field, value);
      }
    }
    await toForm();
  };

  keys.rules = async (list) => {
    for (const [idx, rule] of list.entries()) {
      const within = `.inspector-field[data-field="Choices"] .inspector-card:nth-child(${idx + 1})`;
      await tabTo('[data-field="Choices"] > button.link');
      await press("Enter");
      await waitFocus(`${within} .card-fold`);
      await tabTo(`${within} .condition-line [data-field="Variable"] input`);
      await replace(rule.Variable);
      await press("Enter");
      await tabTo(`${within} .condition-operator`);
      await type("= text (");
      await page.locator(`${within} [data-field="StringEquals"]`).waitFor();
      await keys.setField(`${within}`, "StringEquals", rule.StringEquals);
      await keys.select_option(`${within} .card-body > [data-field="Next"] select`, rule.Next);
      await toForm();
      await keys.setField(within, "Comment", rule.Comment);
      await toForm();
    }
  };

  /** The machine's own form is shown when nothing is selected. */
  keys.leaveSelection = async () => {
    await page.getByRole("heading", { level: 2, name: "Workflow" }).waitFor();
    await toPane("inspector");
  };

  keys.setInput = async (value) => {
    await command("Arrange for running");
    await toPane("lens");
    await tabTo('.lens-tabs [aria-selected="true"]');
    for (let n = 0; n < 5 && (await page.locator(".input-text").count()) === 0; n++) await press("ArrowRight");
    await tabTo(".input-text", "Shift+Tab");
    await replace(JSON.stringify(value));
    await press("Tab");
  };

  keys.run = async () => {
    await toGraph();
    await press("r");
  };

  keys.answer = async (name, value) => {
    await keys.ask(name);
    await tabTo(".question .answer-form textarea");
    await replace(JSON.stringify(value));
    await tabTo(".question .answer-form button");
    await press("Enter");
  };

  keys.ask = async (name) => {
    await page.locator(".question h2", { hasText: `What does ${name} answer?` }).waitFor();
    await toPane("lens");
  };

  /** Radio buttons are one stop; arrows choose. */
  keys.timeOut = async (within) => {
    await tabTo(`${within} .answer-form [type=radio]`);
    for (let n = 0; n < 3; n++) {
      if ((await page.evaluate(() => document.activeElement.closest("label").textContent)) === "Time out") break;
      await press("ArrowDown");
    }
    await tabTo(`${within} .answer-form button`);
    await press("Enter");
  };

  return keys;
}
