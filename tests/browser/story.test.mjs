// The main job from first click to last: play a sample forward and back, change an answer, run
// again, edit on the canvas and in the broken text, undo to the byte, reload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, savedText, status, type } from "./studio.mjs";

test("a workflow is opened, played, changed, run again, edited, undone and found again", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Support call");
  const opened = await savedText(page);

  await t.test("it plays to Close Case", async () => {
    await page.locator(".run-with .primary").click();
    await page.getByLabel("Speed").selectOption("20");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await status(page, "/States/Close Case", "succeeded");
    await page.getByText(/^Step (\d+) of \1$/).waitFor();
    await status(page, "/States/Escalate Case", "not-reached");
    await shot(page, "story-1-played");
  });

  await t.test("it steps back twice", async () => {
    const before = await stepShown(page);
    await page.locator(".player-pane").focus();
    await page.keyboard.press(",");
    await page.keyboard.press(",");
    assert.equal(await stepShown(page), before - 2);
    await status(page, "/States/Close Case", "not-reached", "running");
    await shot(page, "story-2-back");
  });

  await t.test("another answer of Work on Case leads to Fail with its cause", async () => {
    await page.getByRole("tab", { name: "Mocks" }).click();
    const mock = page.locator('.mock[data-state="Work on Case"]');
    if ((await mock.getAttribute("open")) === null) await mock.locator("summary").click();
    const answer = mock.getByRole("textbox", { name: /result as JSON/ }).first();
    const now = JSON.parse(await answer.inputValue());
    assert.equal(now.Status, 1);
    await answer.fill(JSON.stringify({ ...now, Status: 0 }, null, 2));
    await answer.blur();
    await page.getByRole("tab", { name: "Data flow" }).click();
    await page.locator(".player-pane").focus();
    await page.keyboard.press("Control+Enter");
    await page.locator(".stale").waitFor({ state: "detached" });
    await page.locator(".player-pane").focus();
    await page.keyboard.press("End");
    await status(page, "/States/Fail", "failed");
    await page.locator(".run-banner", { hasText: "Engage Tier 2 Support." }).waitFor();
    await status(page, "/States/Close Case", "not-reached");
    await shot(page, "story-3-failed");
  });

  await t.test("a Wait dragged onto a connection is one state and one Next", async () => {
    await page.getByRole("tab", { name: "Build" }).click();
    await page.keyboard.press("Escape");
    // The canvas has another width now and comes to rest.
    await page.waitForTimeout(400);
    const edge = page.locator('[data-edge="/States/Open Case/Next"] .canvas-plus');
    await drag(page, page.locator('[data-template="wait"]'), edge, () => shot(page, "story-4-dragging"));
    await node(page, "/States/Wait").waitFor();
    const text = await savedText(page, (it) => it !== opened);
    const added = linesOf(text).filter((it) => !linesOf(opened).includes(it));
    const removed = linesOf(opened).filter((it) => !linesOf(text).includes(it));
    // The new state goes where Open Case went, so that line only changes its owner.
    assert.deepEqual(removed, []);
    assert.ok(added.includes('      "Next": "Wait"'), added.join("\n"));
    const before = JSON.parse(opened);
    const after = JSON.parse(text);
    const { Wait: wait, ...others } = after.States;
    assert.equal(wait.Type, "Wait");
    assert.equal(wait.Next, "Assign Case");
    assert.equal(others["Open Case"].Next, "Wait");
    others["Open Case"].Next = "Assign Case";
    assert.deepEqual({ ...after, States: others }, before);
    await shot(page, "story-5-inserted");
  });

  await t.test("undo gives the identical bytes", async () => {
    await page.keyboard.press("Control+z");
    await node(page, "/States/Wait").waitFor({ state: "detached" });
    assert.equal(await savedText(page, (it) => it === opened), opened);
  });

  let broken;
  await t.test("a broken brace does not stop the work on another state", async () => {
    const at = opened.indexOf("}", opened.indexOf('"Assign Case": {'));
    await type.deleteAt(page, opened, at);
    await page.locator(".problems-bar[data-worst=error]").waitFor();
    await node(page, "/States/Close Case").dblclick();
    await page.locator(".canvas-rename input, input.canvas-rename").fill("Case closed");
    await page.keyboard.press("Enter");
    await node(page, "/States/Case closed").waitFor();
    const expected = (opened.slice(0, at) + opened.slice(at + 1)).replaceAll('"Close Case"', '"Case closed"');
    broken = await savedText(page, (it) => it === expected);
    assert.equal(broken, expected);
    await shot(page, "story-6-broken");
  });

  await t.test("a reload finds everything as it was", async () => {
    await page.reload();
    await page.locator("html[data-ready]").waitFor();
    await node(page, "/States/Case closed").waitFor();
    assert.equal(await savedText(page), broken);
    await page.getByRole("tab", { name: "Run", exact: true }).click();
    await page.locator(".run-banner", { hasText: "Engage Tier 2 Support." }).waitFor();
    await shot(page, "story-7-reloaded");
  });
});

test("a call without an answer asks, and the run goes on with what it is told", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Support call");
  await page.locator(".run-with .primary").click();
  await page.getByRole("tab", { name: "Mocks" }).click();
  const mock = page.locator('.mock[data-state="Close Case"]');
  await mock.locator("summary").click();
  await mock.getByRole("button", { name: /^Remove the answer/ }).click();
  await page.locator(".mock", { hasText: /Close Case.*asks/s }).waitFor();
  await page.getByRole("button", { name: "Run again to here" }).click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await page.getByRole("heading", { name: "What does Close Case answer?" }).waitFor();
  assert.deepEqual(await axe(page), [], "question");
  await shot(page, "question");
  await page.getByLabel("Fail with…").check();
  await page.getByRole("combobox", { name: "Error" }).fill("Desk.Closed");
  await page.getByLabel("Cause").fill("Nobody is there");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await status(page, "/States/Close Case", "failed");
  await page.locator(".run-banner", { hasText: "Desk.Closed" }).waitFor();
  await page.locator('.mock[data-state="Close Case"]', { hasText: "1 answer" }).waitFor();
});

test("a Wait is added, undone and done again by the keyboard alone", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Support call");
  const before = await savedText(page);
  await page.locator("#canvas").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("a");
  await page.getByRole("combobox", { name: /Add/ }).waitFor();
  await page.keyboard.type("wait");
  await page.keyboard.press("Enter");
  await node(page, "/States/Wait").waitFor();
  const after = await savedText(page, (it) => it !== before);
  await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === before), before);
  await page.keyboard.press("Control+Shift+z");
  assert.equal(await savedText(page, (it) => it === after), after);
});

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing on the build and run views in the ${theme} theme`, async (t) => {
    const page = await openPage(t, { theme });
    assert.deepEqual(await axe(page), [], "welcome");
    await shot(page, `welcome-${theme}`);
    await openSample(page, "Order saga");
    await node(page, "/States/Charge card").click();
    assert.deepEqual(await axe(page), [], "build");
    await shot(page, `build-${theme}`);
    await page.locator(".run-with .primary").click();
    await page.getByRole("button", { name: /^Last step/ }).click();
    assert.deepEqual(await axe(page), [], "run");
    await shot(page, `run-${theme}`);
    await page.getByRole("tab", { name: "Mocks" }).click();
    await page.locator(".mock summary").first().click();
    assert.deepEqual(await axe(page), [], "mocks");
    await page.getByRole("tab", { name: "Events" }).click();
    assert.deepEqual(await axe(page), [], "events");
    await shot(page, `events-${theme}`);
  });
}

for (const width of [1100, 900, 720, 420]) {
  test(`everything has its place at ${width} px`, async (t) => {
    const page = await openPage(t, { width, height: 900 });
    await openSample(page, "Support call");
    await shot(page, `narrow-${width}-build`);
    if (width < 720) await page.locator(".narrow-tabs").getByRole("tab", { name: "Run" }).click();
    else await page.getByRole("tab", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByText(/^Step \d+ of/).waitFor();
    await shot(page, `narrow-${width}-run`);
    const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(spill <= 0, `${spill} px wider than the page`);
  });
}

async function stepShown(page) {
  const words = await page.locator(".transport-step").textContent();
  return Number(/Step (\d+)/.exec(words)[1]);
}

function linesOf(text) {
  return text.split("\n");
}

async function drag(page, from, to, onTheWay) {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  await page.mouse.move(start.x + 20, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 60, start.y + 40, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 12 });
  await onTheWay();
  await page.mouse.up();
}
