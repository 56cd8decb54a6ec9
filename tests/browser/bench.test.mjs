// JSONata on the page: the conversion with its proof, the expression bench, and the lens that looks
// into expressions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, openText, savedText } from "./studio.mjs";

for (const theme of ["light", "dark"]) {
  test(`the support call converts, and every scenario goes the same (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Support call");
    const opened = await savedText(page);
    await choose(page, "Convert the machine");
    const dialog = page.getByRole("dialog", { name: "Convert to JSONata" });
    await dialog.getByText(/Convert the state machine to JSONata: \d+ lines/).waitFor();
    await shot(page, `convert-1-asked-${theme}`);
    assert.deepEqual(await axe(page), []);

    await dialog.getByRole("button", { name: "Convert", exact: true }).click();
    await dialog.getByText("Converted the state machine to JSONata").waitFor();
    await dialog.getByText(/^All \d+ scenarios go the same before and after$/).waitFor();
    const rows = dialog.locator(".convert-row");
    assert.ok(1 < (await rows.count()));
    assert.equal(await dialog.locator('.convert-row[data-equal="true"]').count(), await rows.count());
    await shot(page, `convert-2-equal-${theme}`);
    assert.deepEqual(await axe(page), []);
    const converted = await savedText(page, (it) => it !== opened);
    assert.equal(JSON.parse(converted).QueryLanguage, "JSONata");
    assert.ok(!converted.includes('.$"'), converted);

    await dialog.getByRole("button", { name: "Keep it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    assert.equal(await savedText(page, (it) => it === opened), opened);
  });
}

test("the dialog takes the conversion back itself, and says what cannot be converted", async (t) => {
  const page = await openPage(t);
  await openText(page, STUBBORN);
  const opened = await savedText(page);
  await node(page, "/States/Odd").click();
  await choose(page, "Convert the state");
  const one = page.getByRole("dialog", { name: "Convert “Odd” to JSONata" });
  await one.getByText(/“Odd” stays in JSONPath, because in its InputPath /).waitFor();
  assert.equal(await one.getByRole("button", { name: "Convert", exact: true }).count(), 0);
  await page.keyboard.press("Escape");

  await choose(page, "Convert the machine");
  const all = page.getByRole("dialog", { name: "Convert to JSONata" });
  await all.getByText(/^Convert 1 of 2 states to JSONata/).waitFor();
  await all.getByText(/“Odd” stays in JSONPath, because in its InputPath /).waitFor();
  await shot(page, "convert-3-stays-light");
  await all.getByRole("button", { name: "Convert", exact: true }).click();
  await all.getByText("The scenario goes the same before and after").waitFor();
  await all.getByRole("button", { name: "Undo" }).click();
  await all.waitFor({ state: "detached" });
  assert.equal(await savedText(page, (it) => it === opened), opened);
});

for (const theme of ["light", "dark"]) {
  test(`a scenario that goes another way is told (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, CAUGHT);
    await node(page, "/States/Call").click();
    await page.getByRole("button", { name: "Convert to JSONata…" }).click();
    const dialog = page.getByRole("dialog", { name: "Convert “Call” to JSONata" });
    await dialog.getByRole("button", { name: "Convert", exact: true }).click();
    await dialog.getByText("The scenario goes another way").waitFor();
    await dialog.locator('.convert-row[data-equal="false"]', { hasText: "States.Runtime, which nothing catches" }).waitFor();
    await shot(page, `convert-4-different-${theme}`);
    assert.deepEqual(await axe(page), []);
  });

  test(`an expression is tried on the data of a step and applied (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Saga in JSONata");
    await page.locator(".run-with .primary").click();
    await goToState(page, "Charge card");
    await page.getByRole("tab", { name: "Bench" }).click();
    const bench = page.locator(".bench");
    await bench.getByLabel("On the data of").selectOption("Arguments");
    const expression = bench.getByLabel("Expression", { exact: true });
    await expression.fill("$round($total * 2, 1)");
    await bench.locator(".bench-head", { hasText: "number" }).waitFor();
    await shot(page, `bench-1-value-${theme}`);
    assert.deepEqual(await axe(page), []);

    // The caret chooses the part that is explained.
    await expression.press("Home");
    for (let at = 0; at < "$round($to".length; at++) await expression.press("ArrowRight");
    await bench.locator(".lens-sentence", { hasText: /^\$total gave \d/ }).waitFor();

    await expression.fill("$total + 'x'");
    await bench.locator(".lens-error", { hasText: /T2002 at character 1/ }).waitFor();
    await shot(page, `bench-2-error-${theme}`);
    assert.deepEqual(await axe(page), []);
    await expression.fill("$total +");
    await bench.locator(".lens-error", { hasText: /S0207 at character 9/ }).waitFor();

    // What cannot stand there is refused where it was asked.
    await bench.getByLabel("Field of Charge card").selectOption("Arguments.Payload.amount");
    await bench.getByRole("button", { name: "Apply" }).click();
    await bench.locator(".bench-refusal", { hasText: "This is no JSONata yet" }).waitFor();

    const before = await savedText(page);
    await expression.fill("$round($total * 2, 1)");
    await bench.getByRole("button", { name: "Apply" }).click();
    const after = await savedText(page, (it) => it !== before);
    assert.equal(after, before.replace('"amount": "{% $total %}"', '"amount": "{% $round($total * 2, 1) %}"'));
    await page.locator(".stale").waitFor();
    await page.locator(".player-pane").focus();
    await page.keyboard.press("Control+z");
    assert.equal(await savedText(page, (it) => it === before), before);
  });
}

test("the bench opens from a field, without a run, on an input of one's own", async (t) => {
  const page = await openPage(t);
  await openText(page, STUBBORN);
  await node(page, "/States/Odd").click();
  const field = page.locator('.inspector-field[data-field="InputPath"]');
  const group = page.locator(".inspector-group-button", { hasText: "Input" });
  if ((await group.getAttribute("aria-expanded")) === "false") await group.click();
  await field.getByRole("button", { name: "Try in the bench" }).click();
  const bench = page.locator(".bench");
  const expression = bench.getByLabel("Expression", { exact: true });
  assert.equal(await expression.inputValue(), "$..book[?(@.price < 10)]");
  await bench.getByLabel("Input", { exact: true }).fill('{"shop":{"book":[{"price":8},{"price":12}]}}');
  await bench.locator(".bench-head", { hasText: /array.*1 item/ }).waitFor();
  assert.equal(await bench.getByLabel("Field of Odd").inputValue(), "InputPath");
  await expression.fill("States.Format('{}', $.shop.book[1].price)");
  await bench.locator(".bench-value", { hasText: '"12"' }).waitFor();
  await bench.getByRole("button", { name: "Apply" }).click();
  await bench.locator(".bench-refusal", { hasText: "InputPath takes a path, not a call of a function" }).waitFor();
  await shot(page, "bench-3-own-light");
  assert.deepEqual(await axe(page), []);
});

for (const theme of ["light", "dark"]) {
  test(`the lens looks into an expression by mouse and by keyboard (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Saga in JSONata");
    await page.locator(".run-with .primary").click();
    await goToState(page, "Reserve stock");
    await page.locator(".stage", { hasText: "Assign" }).click();
    const code = page.locator(".lens-code.is-live");
    await code.hover();
    await page.locator(".lens-piece", { hasText: /^price/ }).first().click();
    const said = page.locator(".lens-sentence");
    await said.filter({ hasText: /^price gave [\d.]+ the first of \d times$/ }).waitFor();
    await page.locator(".lens-from", { hasText: "$states.input.order.items[0].price" }).waitFor();
    await shot(page, `lens-1-part-${theme}`);
    assert.deepEqual(await axe(page), []);

    await code.focus();
    await page.keyboard.press("ArrowUp");
    await said.filter({ hasText: /^price \* quantity gave/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await said.filter({ hasText: /^price gave/ }).waitFor();
    await page.keyboard.press("ArrowRight");
    await said.filter({ hasText: /^quantity gave/ }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await said.filter({ hasText: /^price gave/ }).waitFor();
    await shot(page, `lens-2-keys-${theme}`);
  });
}

/** Steps until the lens shows the last step of a state. */
async function goToState(page, name) {
  await node(page, `/States/${name}`).click();
  await page.locator(".player-pane").focus();
  await page.keyboard.press("End");
  await node(page, `/States/${name}`).click();
  await page.locator(".lens-title", { hasText: name }).waitFor();
}

/** Does what a row of the list of everything says. */
async function choose(page, label) {
  await page.keyboard.press("Control+k");
  await page.locator(".choose-filter").fill(label);
  await page.keyboard.press("Enter");
}

const CAUGHT = JSON.stringify(
  {
    StartAt: "Call",
    States: {
      Call: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: "f", Payload: { "id.$": "$.missing" } },
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Sorry" }],
        End: true,
      },
      Sorry: { Type: "Pass", End: true },
    },
  },
  null,
  2,
);

const STUBBORN = `{
  "StartAt": "Odd",
  "States": {
    "Odd": {
      "Type": "Pass",
      "InputPath": "$..book[?(@.price < 10)]",
      "Next": "Even"
    },
    "Even": {
      "Type": "Pass",
      "Parameters": {
        "n.$": "$"
      },
      "End": true
    }
  }
}
`;
