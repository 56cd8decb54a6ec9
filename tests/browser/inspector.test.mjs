// The inspector: every change is one undo step in the text, and the focus is never lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, openText, savedText } from "./studio.mjs";

const fieldOf = (page, name) => page.locator(`.inspector-field[data-field="${name}"]`);
const focused = (page) => page.evaluate(() => document.activeElement.closest("[data-field]")?.dataset.field);

async function openCharge(t, options) {
  const page = await openPage(t, options);
  await openSample(page, "Order saga");
  await page.getByRole("tab", { name: "Build" }).click();
  await node(page, "/States/Charge card").click();
  await page.getByRole("heading", { level: 2, name: "Charge card" }).waitFor();
  return page;
}

test("a renamed state keeps its form, and the focus goes on to the next control", async (t) => {
  const page = await openCharge(t);
  await fieldOf(page, "Name").getByRole("textbox").fill("Take the money");
  await page.keyboard.press("Tab");
  await page.getByRole("heading", { level: 2, name: "Take the money" }).waitFor();
  assert.equal(await focused(page), "Type");
  const text = await savedText(page, (it) => it.includes('"Next": "Take the money"'));
  assert.ok(!text.includes('"Charge card"'));
  await page.getByRole("button", { name: /^Undo .*Ctrl Z/ }).click();
  await page.getByRole("heading", { level: 2, name: "Charge card" }).waitFor();
});

test("a field is found by its purpose, added with the keyboard, edited and removed", async (t) => {
  const page = await openCharge(t);
  await page.getByRole("button", { name: "+ Add a field…" }).last().click();
  await page.getByRole("combobox", { name: "Add a field" }).pressSequentially("signs of life");
  await page.getByRole("option", { name: /Heartbeat every/ }).first().waitFor();
  await page.keyboard.press("Enter");
  const heartbeat = fieldOf(page, "HeartbeatSeconds").getByRole("textbox");
  await heartbeat.waitFor();
  await page.waitForFunction(() => document.activeElement.id === "inspector-HeartbeatSeconds");
  await heartbeat.fill("soon");
  await page.keyboard.press("Enter");
  await fieldOf(page, "HeartbeatSeconds").getByText("A number is needed here").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await heartbeat.inputValue(), "20");
  await heartbeat.fill("7 s");
  await page.keyboard.press("Enter");
  assert.ok((await savedText(page, (it) => it.includes('"HeartbeatSeconds": 7'))).includes('"HeartbeatSeconds": 7'));
  await fieldOf(page, "HeartbeatSeconds").getByRole("button", { name: "Remove Heartbeat every" }).click();
  await heartbeat.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.closest(".inspector-pane") !== null);
});

test("JSON is checked while it is typed and only committed when it is JSON", async (t) => {
  const page = await openCharge(t);
  await page.getByRole("button", { name: /^Input/ }).click();
  const parameters = fieldOf(page, "Parameters").getByRole("textbox");
  await parameters.fill('{"a": ');
  await fieldOf(page, "Parameters").getByText("Not JSON yet, line 1").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await parameters.inputValue(), '{"a": ');
  await parameters.fill('{"a": 1}');
  await page.keyboard.press("ControlOrMeta+Enter");
  assert.match(await savedText(page, (it) => it.includes('"a": 1')), /"Parameters": \{"a": 1\}/);
});

test("catchers move with their cards, and error names are chips", async (t) => {
  const page = await openCharge(t);
  const cards = fieldOf(page, "Catch").locator(".inspector-card");
  assert.match(await cards.first().locator(".card-summary").innerText(), /CardDeclined/);
  await cards.first().getByRole("button", { name: "Move item 1 down" }).click();
  await cards.nth(1).locator(".card-summary", { hasText: "CardDeclined" }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "inspector-Catch-1");
  await page.keyboard.press("Enter");
  const errors = cards.nth(1).locator('[data-field="ErrorEquals"]');
  await errors.getByRole("combobox").fill("CardStolen");
  await page.keyboard.press("Enter");
  await errors.getByRole("button", { name: "Remove CardStolen" }).waitFor();
  await errors.getByRole("button", { name: "Remove CardDeclined" }).click();
  const text = await savedText(page, (it) => !it.includes("CardDeclined\"]") && it.includes("CardStolen"));
  assert.match(text, /"ErrorEquals": \["CardStolen"\]/);
});

test("undo of an added field takes its focused control away and the page goes on", async (t) => {
  const page = await openCharge(t);
  await page.getByRole("button", { name: "+ Add a field…" }).last().click();
  await page.getByRole("combobox", { name: "Add a field" }).fill("HeartbeatSeconds");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "inspector-HeartbeatSeconds");
  await page.keyboard.press("ControlOrMeta+z");
  await fieldOf(page, "HeartbeatSeconds").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.closest(".inspector-pane") !== null);
});

const RULES = JSON.stringify(
  {
    StartAt: "Route",
    States: {
      Route: {
        Type: "Choice",
        Choices: [
          { Variable: "$.total", NumericGreaterThan: 500, Next: "Approve" },
          { Variable: "$.vip", BooleanEquals: true, Next: "Approve" },
        ],
        Default: "Approve",
      },
      Approve: { Type: "Succeed" },
    },
  },
  null,
  2,
);

async function openRules(t, options) {
  const page = await openPage(t, options);
  await openText(page, RULES);
  await page.getByRole("tab", { name: "Build" }).click();
  await node(page, "/States/Route").click();
  await page.getByRole("heading", { level: 2, name: "Route" }).waitFor();
  await fieldOf(page, "Choices").locator(".card-fold").first().click();
  return page;
}

const firstRule = async (page, isDone) => JSON.parse(await savedText(page, isDone)).States.Route.Choices[0];

test("a rule is made of nested conditions, each change one undo step", async (t) => {
  const page = await openRules(t);
  const card = fieldOf(page, "Choices").locator(".inspector-card").first();
  await card.getByRole("button", { name: "+ And…" }).click();
  const lines = card.locator(".condition");
  await lines.nth(2).waitFor();
  await page.waitForFunction(() => document.activeElement.id.endsWith("And-1-Variable"));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("$.country");
  await page.keyboard.press("Enter");
  await lines.nth(2).getByLabel("Operator").selectOption("StringEquals");
  await lines.nth(2).locator('[data-field="StringEquals"] input').fill("DE");
  await page.keyboard.press("Enter");
  await card.locator(".card-summary", { hasText: 'total > 500 and country = "DE" → Approve' }).waitFor();
  await lines.nth(2).getByRole("button", { name: "Change this condition" }).click();
  await page.getByRole("menuitem", { name: "Put Not around it" }).click();
  const made = await firstRule(page, (it) => it.includes("Not"));
  const total = { Variable: "$.total", NumericGreaterThan: 500 };
  const country = { Variable: "$.country", StringEquals: "DE" };
  assert.deepEqual(made, { And: [total, { Not: country }], Next: "Approve" });
  // Control with an arrow moves the line that has the focus.
  await lines.nth(1).getByLabel("Operator").focus();
  await page.keyboard.press("Control+ArrowDown");
  assert.deepEqual(await firstRule(page, (it) => it.indexOf("country") < it.indexOf("total")), {
    And: [{ Not: country }, total],
    Next: "Approve",
  });
  for (let n = 0; n < 6; n++) await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === RULES), RULES);
});

test("rules are moved by keys and copied, and a definition is changed in place", async (t) => {
  const page = await openRules(t);
  await fieldOf(page, "Choices").locator(".card-fold").first().focus();
  await page.keyboard.press("Control+ArrowDown");
  await page.waitForFunction(() => document.activeElement.id === "inspector-Choices-1");
  assert.equal((await firstRule(page, (it) => it.indexOf("vip") < it.indexOf("total"))).Variable, "$.vip");
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: "Duplicate item 1" }).click();
  await fieldOf(page, "Choices").locator(".inspector-card").nth(2).waitFor();
  await page.getByRole("button", { name: "Remove item 2" }).click();
  assert.equal(await savedText(page, (it) => it === RULES), RULES);

  await page.getByRole("button", { name: /^Definition/ }).click();
  const definition = fieldOf(page, "Definition").getByRole("textbox");
  const text = await definition.inputValue();
  await definition.fill(text.replace("500", "5"));
  await definition.press("Control+Enter");
  assert.equal(await savedText(page, (it) => it.includes(": 5,")), RULES.replace("500", "5"));
  // What is refused stays, also while another state is looked at.
  await definition.fill("{ broken");
  await fieldOf(page, "Definition").getByText("Not JSON yet, line 1").waitFor();
  await node(page, "/States/Approve").click();
  await page.getByRole("heading", { level: 2, name: "Approve" }).waitFor();
  assert.notEqual(await definition.inputValue(), "{ broken");
  await node(page, "/States/Route").click();
  await page.waitForFunction(() => document.querySelector('[data-field="Definition"] textarea').value === "{ broken");
  assert.equal(await savedText(page), RULES.replace("500", "5"));
});

test("the workflow has a type, and a call is chosen from menus", async (t) => {
  const page = await openCharge(t);
  const calls = fieldOf(page, "Resource");
  await calls.getByLabel("Service").selectOption({ label: "SQS" });
  await calls.getByLabel("Integration type").selectOption({ label: "Wait for callback (.waitForTaskToken)" });
  await savedText(page, (it) => it.includes("sqs:sendMessage.waitForTaskToken"));
  const nErrors = await page.locator(".problem-row").count();
  await page.getByRole("button", { name: "Settings of the workflow" }).click();
  await fieldOf(page, "Machine type").getByRole("combobox").selectOption("Express");
  await page.getByText(/Express state machine does not support/).first().waitFor({ state: "attached" });
  assert.ok(nErrors <= (await page.locator(".problem-row").count()));
});

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing in the open inspector in the ${theme} theme`, async (t) => {
    const page = await openCharge(t, { theme });
    const folded = page.locator(":is(.inspector-group-button, .card-fold)[aria-expanded=false]");
    while (await folded.count()) await folded.first().click();
    await shot(page, `inspector-${theme}`);
    assert.deepEqual(await axe(page, ".inspector-pane"), []);
  });

  test(`axe finds nothing in a rule with its menu and the list of fields in the ${theme} theme`, async (t) => {
    const page = await openRules(t, { theme });
    await page.getByRole("button", { name: "+ And…" }).first().click();
    await page.locator(".condition").nth(2).waitFor();
    await page.getByRole("button", { name: "Change this condition" }).nth(1).click();
    await page.getByRole("menu").waitFor();
    await shot(page, `rules-${theme}`);
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "+ Add a field…" }).last().click();
    await page.getByRole("listbox").waitFor();
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await axe(page), []);
  });
}
