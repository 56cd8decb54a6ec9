// The approval workflow of the samples, built from an empty page by dragging and in the inspector,
// with a Retry, Catches and a Choice, and then run to its end. What is drawn is drawn by the mouse;
// the keyboard only types values.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { openPage, shot } from "./harness.mjs";
import { node, savedText, status } from "./studio.mjs";

const examples = new URL("../../public/examples/", import.meta.url);
const sample = JSON.parse(await readFile(new URL("approval.asl.json", examples), "utf8"));
const mocks = JSON.parse(await readFile(new URL("approval.mocks.json", examples), "utf8"));
const answers = (name) => mocks.MockedResponses[name]["0"].Return;

// The sample asks once for the order; ours tries again when the function is busy.
const wanted = structuredClone(sample);
wanted.States["Place order"].Retry = [
  { ErrorEquals: ["Lambda.TooManyRequestsException"], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 1.5 },
];

test("the approval workflow is built by drag and drop and in the inspector, and runs", async (t) => {
  const page = await openPage(t, { height: 1000 });
  const hand = mouse(page);
  await page.getByRole("button", { name: "Start empty" }).click();
  await page.locator(".canvas-node").first().waitFor();

  await step("the states come from the palette", async () => {
    // On a connection, after a state, as rules of a Choice, and on empty space.
    await hand.drop("sqs:sendMessage", '[data-edge="/StartAt"] .canvas-plus', "Ask team lead");
    await node(page, "/States/Pass").click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    await node(page, "/States/Pass").waitFor({ state: "detached" });
    await hand.dropAfter("fail", "Ask team lead", "Answer not understood");
    await hand.drop("choice", '[data-edge="/States/Ask team lead/Next"] .canvas-plus', "Approved?");
    await hand.dropAfter("lambda:invoke", "Approved?", "Place order");
    await hand.dropAfter("aws-sdk:sesv2:sendEmail", "Place order", "Share good news");
    await hand.dropAfter("aws-sdk:sesv2:sendEmail", "Approved?", "Explain rejection");
    await hand.dropOnSpace("succeed", "Request approved");
    await hand.dropOnSpace("succeed", "Request rejected");
    await hand.dropOnSpace("aws-sdk:sesv2:sendEmail", "Remind team lead");
    await hand.dropAfter("sqs:sendMessage", "Remind team lead", "Ask team lead again");
    await hand.dropOnSpace("sqs:sendMessage", "Ask manager");
    await hand.dropOnSpace("fail", "Nobody answered");
    const states = JSON.parse(await savedText(page, (it) => it.includes("Nobody answered"))).States;
    assert.deepEqual(Object.keys(states).sort(), Object.keys(wanted.States).sort());
    await shot(page, "approval-by-mouse-states");
  });

  await step("connections are drawn from port to state", async () => {
    // Nothing may end the workflow between two states, so these two are led to.
    await hand.connect("Share good news", "Request approved");
    await hand.connect("Explain rejection", "Request rejected");
    await hand.connect("Ask team lead again", "Approved?");
    await hand.connect("Ask manager", "Approved?");
    const { States } = JSON.parse(await savedText(page, (it) => JSON.parse(it).States["Ask manager"].Next === "Approved?"));
    assert.equal(States["Ask team lead again"].Next, "Approved?");
    assert.equal(States["Remind team lead"].Next, "Ask team lead again");
  });

  for (const [name, state] of Object.entries(wanted.States)) {
    await step(`${name} is filled in`, async () => {
      await hand.select(name);
      await hand.clean(state);
      for (const [field, value] of Object.entries(state)) {
        if (field === "Type") continue;
        if (field === "Choices") await hand.rules(value);
        else if (field === "Catch" || field === "Retry") await hand.handlers(field, value);
        else await hand.setField("", field, value);
      }
      const done = (it) => same(JSON.parse(it).States[name], state);
      assert.deepEqual(JSON.parse(await savedText(page, done)).States[name], state);
    });
  }

  await step("it is the sample, and runs to its end", async () => {
    await hand.clickSpace();
    await hand.setField("", "Comment", wanted.Comment);
    const text = await savedText(page, (it) => same(JSON.parse(it), wanted));
    assert.deepEqual(JSON.parse(text), wanted);
    await page.getByRole("button", { name: "Fit" }).click();
    await shot(page, "approval-by-mouse");

    await page.getByRole("tab", { name: "Run", exact: true }).click();
    await page.locator(".lens-tabs").getByRole("tab", { name: "Input" }).click();
    await page.locator(".input-text").fill(JSON.stringify(mocks.Stepglass.Scenarios.Approved.Input));
    await page.locator(".lens-tabs").getByRole("tab").first().click();
    await page.getByRole("button", { name: /^(Run|Play)/ }).first().click();
    for (const [name, answer] of [
      ["Ask team lead", "LeadSaysYes"],
      ["Place order", "OrderPlaced"],
      ["Share good news", "MailSent"],
    ]) {
      await page.locator(".question h2", { hasText: `What does ${name} answer?` }).waitFor();
      await page.locator(".question .answer-form textarea").fill(JSON.stringify(answers(answer)));
      await page.locator(".question .answer-form button").first().click();
    }
    await page.locator(".question").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^Last step/ }).click();
    await status(page, "/States/Request approved", "succeeded");
    await shot(page, "approval-by-mouse-ran");
  });
});

/** One part of a long test; its name goes with what fails in it. */
async function step(name, run) {
  try {
    await run();
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}

function same(one, other) {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

/** A hand on the mouse. */
function mouse(page) {
  const hand = {};
  const box = (key) => node(page, key).locator(".canvas-outline").boundingBox();
  const field = (within, name) => page.locator(`${within} .inspector-field[data-field="${name}"]`).first();

  async function fit() {
    await page.getByRole("button", { name: "Fit" }).click();
    await page.waitForTimeout(250);
  }

  /** Carries something from one place of the window to another. */
  async function carry([fromX, fromY], [toX, toY]) {
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move(fromX + 12, fromY + 6, { steps: 3 });
    await page.mouse.move(toX, toY, { steps: 6 });
    await page.locator(".canvas-hint").waitFor();
    await page.mouse.up();
  }

  async function dropAt(row, place, name) {
    const face = page.locator(`[data-template="${row}"]`).first();
    if (!(await face.isVisible())) await page.locator(".palette-filter input").fill(row.split(":").at(-1));
    await face.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await face.boundingBox();
    const before = await keys();
    await carry([x + width / 3, y + height / 2], place);
    await page.waitForFunction((n) => document.querySelectorAll("[role=treeitem]").length === n, before.length + 1);
    const made = (await keys()).find((it) => !before.includes(it));
    await page.locator(".palette-filter input").fill("");
    await node(page, made).locator(".canvas-title").dblclick();
    await page.locator(".canvas-rename input").fill(name);
    await page.keyboard.press("Enter");
    await node(page, `/States/${name}`).waitFor();
  }

  async function keys() {
    return page.locator('.canvas-node[data-key^="/States/"]').evaluateAll((all) => all.map((it) => it.dataset.key));
  }

  hand.drop = async (row, selector, name) => {
    await fit();
    const { x, y, width, height } = await page.locator(selector).boundingBox();
    await dropAt(row, [x + width / 2, y + height / 2], name);
  };

  /** On the lower half: after it; on a Choice as a new rule. */
  hand.dropAfter = async (row, state, name) => {
    await fit();
    const { x, y, width, height } = await box(`/States/${state}`);
    await dropAt(row, [x + width / 2, y + height * 0.75], name);
  };

  hand.dropOnSpace = async (row, name) => {
    await fit();
    const { x, y, height } = await page.locator(".canvas").boundingBox();
    await dropAt(row, [x + 16, y + height - 70], name);
  };

  hand.connect = async (from, to) => {
    await fit();
    await node(page, `/States/${from}`).click();
    const port = await page.locator(".canvas-port .canvas-knob").boundingBox();
    const { x, y, width, height } = await box(`/States/${to}`);
    await carry([port.x + port.width / 2, port.y + port.height - 1], [x + width / 2, y + height / 2]);
  };

  hand.select = async (name) => {
    await fit();
    await node(page, `/States/${name}`).locator(".canvas-title").click();
    await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
    const folded = page.locator(".inspector-group-button[aria-expanded=false]");
    while (await folded.count()) await folded.first().click();
  };

  hand.clickSpace = async () => {
    const { x, y } = await page.locator(".canvas").boundingBox();
    await page.mouse.click(x + 10, y + 10);
    await page.getByRole("heading", { level: 2, name: "Workflow" }).waitFor();
  };

  /** Takes away what the row of the palette brought and the sample does not have. */
  hand.clean = async (state) => {
    const present = page.locator(".inspector-form .inspector-field:not(.inspector-field .inspector-field)");
    for (const name of await present.evaluateAll((all) => all.map((it) => it.dataset.field))) {
      const remove = field(".inspector-form", name).locator(".inspector-field-head").getByRole("button", { name: /^Remove/ });
      if (name in state || name === "Name" || (await remove.count()) === 0) continue;
      await remove.click();
      await field(".inspector-form", name).waitFor({ state: "detached" });
    }
  };

  /** Adds the field unless it is there, and gives it its value. */
  hand.setField = async (within, name, value) => {
    // A Resource can be chosen in menus, too.
    const kinds = name === "Resource" ? "input" : ":is(input, textarea, select):not([type=checkbox])";
    const control = field(within, name).locator(kinds).first();
    if ((await field(within, name).count()) === 0) await add(within, name);
    await control.waitFor();
    const isNull = field(within, name).getByRole("checkbox");
    if (value === null) return isNull.check();
    if (await control.isDisabled()) await isNull.uncheck();
    if ((await control.evaluate((it) => it.tagName)) === "SELECT") return control.selectOption({ label: value });
    const isJson = await control.evaluate((it) => it.matches("textarea[data-mono]"));
    await control.click();
    await control.fill(isJson ? JSON.stringify(value) : String(value));
    // A click beside it leaves the field, which takes the value.
    await page.locator(".inspector-pane .inspector-title").click();
    assert.equal(await control.getAttribute("aria-invalid"), null, `${name} is refused`);
  };

  async function add(within, name) {
    const button = within ? `${within} .inspector-add > button` : ".inspector-add-at-end > button";
    await page.locator(button).last().click();
    await page.locator(".inspector-search input").fill(name);
    const option = page.locator(".inspector-option").filter({ has: page.getByText(name, { exact: true }) });
    await option.first().click();
    await page.locator(".inspector-search").waitFor({ state: "detached" });
  }

  async function open(card) {
    if ((await card.getAttribute("data-open")) !== "true") await card.locator(".card-fold").first().click();
  }

  hand.handlers = async (name, list) => {
    if ((await field("", name).count()) === 0) await add("", name);
    for (const [idx, handler] of list.entries()) {
      const within = `.inspector-field[data-field="${name}"] .inspector-card:nth-child(${idx + 1})`;
      await open(page.locator(within));
      const errors = field(within, "ErrorEquals");
      for (const error of handler.ErrorEquals) {
        await errors.locator("input").fill(error);
        await page.keyboard.press("Enter");
      }
      // What every new card begins with goes.
      for (const chip of await errors.locator(".inspector-chip-remove").evaluateAll((all) => all.map((it) => it.ariaLabel))) {
        const isWanted = handler.ErrorEquals.includes(chip.replace("Remove ", ""));
        if (!isWanted) await errors.getByRole("button", { name: chip, exact: true }).click();
      }
      for (const [key, value] of Object.entries(handler)) {
        if (key !== "ErrorEquals") await hand.setField(within, key, value);
      }
    }
  };

  hand.rules = async (list) => {
    const all = page.locator('.inspector-field[data-field="Choices"] .inspector-card');
    // The rule that came with the Choice leads nowhere yet.
    while (list.length < (await all.count())) await all.first().getByRole("button", { name: "Remove item 1" }).click();
    for (const [idx, rule] of list.entries()) {
      const within = `.inspector-field[data-field="Choices"] .inspector-card:nth-child(${idx + 1})`;
      await open(page.locator(within));
      await page.locator(`${within} .condition-line [data-field="Variable"] input`).fill(rule.Variable);
      await page.locator(".inspector-pane .inspector-title").click();
      await page.locator(`${within} .condition-operator`).selectOption({ label: "= text (StringEquals)" });
      await hand.setField(within, "StringEquals", rule.StringEquals);
      await hand.setField(within, "Next", rule.Next);
      await hand.setField(within, "Comment", rule.Comment);
    }
  };

  return hand;
}
