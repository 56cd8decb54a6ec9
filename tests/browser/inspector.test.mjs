// The inspector: every change is one undo step in the text, and the focus is never lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, savedText } from "./studio.mjs";

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

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing in the open inspector in the ${theme} theme`, async (t) => {
    const page = await openCharge(t, { theme });
    const folded = page.locator(":is(.inspector-group-button, .card-fold)[aria-expanded=false]");
    while (await folded.count()) await folded.first().click();
    await shot(page, `inspector-${theme}`);
    assert.deepEqual(await axe(page, ".inspector-pane"), []);
  });
}
