// Expressions while they are written: colors, faults at their place, suggestions and what a word
// means, in the text and in the fields of the inspector; and an expression that calls itself deeply.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, openText, savedText, status } from "./studio.mjs";

const fieldOf = (page, name) => page.locator(`.inspector-field[data-field="${name}"]`);
const line = (page, text) => page.locator(".cm-line", { hasText: text }).first();
const chosen = (page) => page.locator(".suggest-option[aria-selected=true]");

/** Puts the caret behind the first place of this text. */
async function caretBehind(page, text) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.locator(".cm-search input[name=search]").fill(text);
  await page.locator(".cm-search input[name=search]").dispatchEvent("change");
  await page.keyboard.press("Enter");
  await page.locator(".cm-searchMatch-selected").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".cm-search").waitFor({ state: "detached" });
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ArrowRight");
}

/** The underlined pieces of the text. */
const squiggles = (page) => page.locator(".cm-lintRange-error").allTextContents();

for (const theme of ["light", "dark"]) {
  test(`suggestions and values of the last run, in the ${theme} theme`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Saga in JSONata");
    await page.locator(".run-with .primary").click();
    await page.getByRole("button", { name: /^Last step/ }).click();
    await page.getByRole("tab", { name: "Build" }).click();
    await page.locator(".code-word-function", { hasText: "$round" }).first().waitFor();
    await page.locator(".code-word-variable", { hasText: "$states" }).first().waitFor();

    // The keys are those of the data that came in.
    await caretBehind(page, '"orderId": "{% $states.input.order.id');
    for (let step = 0; step < "order.id".length; step++) await page.keyboard.press("Backspace");
    await page.getByRole("listbox", { name: /suggestion/ }).waitFor();
    const labels = await page.locator(".suggest-label").allTextContents();
    assert.ok(labels.includes("order") && labels.includes("payment"), labels.join());
    await page.keyboard.type("or");
    assert.deepEqual(await page.locator(".suggest-label").allTextContents(), ["order"]);
    await page.keyboard.press("Enter");
    await page.keyboard.type(".");
    await chosen(page).waitFor();
    assert.deepEqual(await axe(page), [], "with a list");
    await shot(page, `jsonata-data-${theme}`);
    await page.keyboard.type("id");
    await line(page, '"orderId": "{% $states.input.order.id %}"').waitFor();
    await page.keyboard.press("Escape");

    // Functions with what they take and what they are for.
    await page.keyboard.type(" & $su");
    await chosen(page).filter({ hasText: "$sum" }).waitFor();
    assert.match(await chosen(page).innerText(), /\(array\)\s*The sum of an array of numbers/);
    const active = await page.locator(".cm-content").getAttribute("aria-activedescendant");
    assert.equal(await chosen(page).getAttribute("id"), active);
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await page.locator(".cm-content").getAttribute("aria-activedescendant"), active);
    await shot(page, `jsonata-functions-${theme}`);
    await page.keyboard.press("Escape");
    await page.locator(".suggest").waitFor({ state: "detached" });
    assert.equal(await page.locator(".cm-content").getAttribute("aria-activedescendant"), null);

    // Pointing shows documentation and the last value; so does the keyboard.
    await page.locator(".code-word-function", { hasText: "$round" }).first().hover();
    await page.locator(".cm-tooltip .code-told", { hasText: "$round(number[, precision])" }).waitFor();
    await page.mouse.move(700, 20);
    await caretBehind(page, '"amount": "{% $tota');
    await page.keyboard.press("Control+Shift+Space");
    await page.locator(".suggest-told", { hasText: /\$total\s*last \d/ }).waitFor();
    assert.deepEqual(await axe(page), [], "with a value");
    await page.locator(".code-word-variable", { hasText: "$total" }).first().hover();
    await page.locator(".cm-tooltip .code-told-value", { hasText: /last \d/ }).waitFor();
    await shot(page, `jsonata-hover-${theme}`);
  });
}

test("a broken expression is underlined where it is broken, at once", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Saga in JSONata");
  await page.getByRole("tab", { name: "Build" }).click();
  await caretBehind(page, '"amount": "{% $total');
  await page.evaluate(() => {
    let frames = 0;
    const count = () => {
      frames += 1;
      if (frames < 60 && !document.querySelector(".cm-lintRange-error")) requestAnimationFrame(count);
      else document.body.dataset.frames = frames;
    };
    addEventListener("keydown", () => requestAnimationFrame(count), { capture: true, once: true });
  });
  await page.keyboard.press("+");
  await page.waitForFunction(() => document.body.dataset.frames);
  const frames = Number(await page.locator("body").getAttribute("data-frames"));
  // Two as a rule; other problems wait for 400 ms, which is 24. A busy machine may add some.
  t.diagnostic(`underlined after ${frames} frames`);
  assert.ok(frames <= 8, `${frames} frames`);
  await page.locator(".cm-lintRange-error").first().waitFor();
  assert.deepEqual(await squiggles(page), ["%}"], "what is missing is missing in front of the mark");
  await page.keyboard.type("orderId");
  await page.waitForFunction(() => document.querySelector(".cm-lintRange-error")?.textContent === "orderId");
  assert.deepEqual(await squiggles(page), ["orderId"], "only the name");
  await shot(page, "jsonata-fault");
  for (let step = 0; step < "+orderId".length; step++) await page.keyboard.press("Backspace");
  await page.locator(".cm-lintRange-error").first().waitFor({ state: "detached" });
});

test("fields of the inspector offer the same with the keyboard, and tell faults", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Saga in JSONata");
  await page.locator(".run-with .primary").click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await page.getByRole("tab", { name: "Build" }).click();
  await node(page, "/States/Charge card").click();
  await page.getByRole("heading", { level: 2, name: "Charge card" }).waitFor();
  const title = page.locator(".inspector-pane button[aria-expanded=false]", { hasText: /^Variables/ });
  if (await title.count()) await title.first().click();
  const assign = fieldOf(page, "Assign").first().getByRole("textbox").first();
  await assign.fill('{ "charge": "{% $states.result. %}" }');
  await assign.evaluate((it) => it.setSelectionRange(it.value.indexOf(" %}"), it.value.indexOf(" %}")));
  await page.keyboard.type("Pay");
  await chosen(page).filter({ hasText: "Payload" }).waitFor();
  assert.equal(await assign.getAttribute("aria-activedescendant"), await chosen(page).getAttribute("id"));
  assert.deepEqual(await axe(page), [], "with a list in a field");
  await shot(page, "jsonata-field");
  await page.keyboard.press("Enter");
  assert.equal(await assign.inputValue(), '{ "charge": "{% $states.result.Payload %}" }');
  await page.keyboard.type(" + total");
  await fieldOf(page, "Assign").first().locator(".inspector-refusal", { hasText: "Reference to 'total'" }).waitFor();
  await page.keyboard.press("Control+Shift+Space");
  for (let step = 0; step < " + total".length; step++) await page.keyboard.press("Backspace");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  const text = await savedText(page, (it) => it.includes('"{% $states.result.Payload %}"'));
  assert.ok(text.includes('"charge": "{% $states.result.Payload %}"'));
});

test("paths and intrinsic functions have their words, suggestions and values", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Order saga");
  await page.locator(".run-with .primary").click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await page.getByRole("tab", { name: "Build" }).click();
  const name = page.locator(".code-word-name").first();
  await name.waitFor();
  await name.hover();
  await page.locator(".cm-tooltip .code-told-value").waitFor();
  await shot(page, "jsonata-paths");
});

test("an expression that calls itself 5,000 times deep gives its result in the browser", async (t) => {
  const page = await openPage(t);
  const deep = "{% ($f := function($n){ $n = 0 ? 0 : 1 + $f($n-1) }; $f(5000)) %}";
  const endless = "{% ($f := function($n){ 1 + $f($n+1) }; $f(0)) %}";
  const state = (output, next) => ({ Type: "Pass", Output: output, ...next });
  const machine = {
    StartAt: "Deep",
    QueryLanguage: "JSONata",
    States: { Deep: state({ depth: deep }, { Next: "Endless" }), Endless: state(endless, { End: true }) },
  };
  await openText(page, JSON.stringify(machine, null, 2));
  await page.locator(".run-with .primary").click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await status(page, "/States/Deep", "succeeded");
  await status(page, "/States/Endless", "failed");
  await page.locator(".run-banner", { hasText: "States.QueryEvaluationError" }).waitFor();
});
