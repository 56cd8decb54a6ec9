// Gestures that concern several states or a place: selecting many, the clipboard, the context menu,
// drops before and after, the minimap. Each by mouse and by its twin on the keyboard; what they did
// is read from the text, and undo restores its bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openText, savedText } from "./studio.mjs";

const CHAIN = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Pass", "Next": "C" },
    "C": { "Type": "Pass", "Next": "Done" },
    "Done": { "Type": "Succeed" }
  }
}
`;

const CHOICE = `{
  "StartAt": "Which?",
  "States": {
    "Which?": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.kind", "StringEquals": "one", "Next": "One" },
        { "Variable": "$.kind", "StringEquals": "two", "Next": "Two" }
      ],
      "Default": "Other"
    },
    "One": { "Type": "Pass", "End": true },
    "Two": { "Type": "Pass", "End": true },
    "Other": { "Type": "Pass", "End": true }
  }
}
`;

for (const theme of ["light", "dark"]) {
  test(`a marquee and Shift with a click select several; the inspector says how many; Esc leaves one (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, CHAIN);
    const [a, b] = [await box(page, "/States/A"), await box(page, "/States/B")];
    await page.keyboard.down("Shift");
    await page.mouse.move(a.x - 40, a.y - 5);
    await page.mouse.down();
    await page.mouse.move(b.x + b.width + 20, b.y + b.height + 4, { steps: 5 });
    assert.equal(await page.locator(".canvas-node[data-picked]").count(), 2);
    await shot(page, `gestures-marquee-${theme}`);
    assert.deepEqual(await axe(page, ".canvas-pane"), []);
    await page.mouse.up();
    await page.getByRole("heading", { name: "2 states selected" }).waitFor();

    await page.mouse.click(...(await middle(page, "/States/C")));
    await page.getByRole("heading", { name: "3 states selected" }).waitFor();
    assert.equal(await page.locator('[role="treeitem"][aria-selected="true"]').count(), 3);
    await shot(page, `gestures-many-${theme}`);
    await page.mouse.click(...(await middle(page, "/States/A")));
    await page.keyboard.up("Shift");
    await page.getByRole("heading", { name: "2 states selected" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "2 states selected" }).waitFor({ state: "detached" });
    assert.equal(await page.locator(":is([data-selected], [data-picked]).canvas-node").count(), 1);
  });
}

test("with the keyboard: Shift Space adds what the arrows walk to, Ctrl A takes all", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN);
  await focusOn(page, 1);
  await page.keyboard.press("Shift+Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.locator(".canvas-cursor").waitFor();
  await shot(page, "gestures-cursor");
  await page.keyboard.press("Shift+Space");
  await page.getByRole("heading", { name: "2 states selected" }).waitFor();
  const names = await page.locator(".many-states .link").allTextContents();
  assert.deepEqual(names, ["A", "C"]);
  await page.locator("[aria-live]", { hasText: "2 states are selected" }).waitFor({ state: "attached" });
  await page.keyboard.press("Control+a");
  await page.getByRole("heading", { name: "4 states selected" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".many").waitFor({ state: "detached" });
  assert.equal(await focused(page), "canvas");
});

test("several states go at once, by key and by the panel, and come back", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN);
  const opened = await savedText(page);
  await select(page, "/States/A", "/States/B");
  await page.keyboard.press("Delete");
  const left = CHAIN.replace(/ +"A".*\n +"B".*\n/, "").replace('"StartAt": "A"', '"StartAt": "C"');
  assert.equal(await savedText(page, (it) => it !== opened), left);
  await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === opened), opened);
  await select(page, "/States/B", "/States/C");
  await page.getByRole("button", { name: "Wrap in Parallel" }).click();
  const wrapped = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(wrapped.States.A.Next, Object.keys(wrapped.States).find((it) => wrapped.States[it].Branches));
  await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === opened), opened);
});

test("copy and paste by the keys of the browser, as ASL", async (t) => {
  const page = await openPage(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await openText(page, CHAIN);
  const opened = await savedText(page);
  await select(page, "/States/B");
  await page.keyboard.press("Control+c");
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.deepEqual(Object.keys(copied.States ?? copied), ["B"]);
  assert.equal(await savedText(page), opened);
  await node(page, "/States/C").click();
  await page.keyboard.press("Control+v");
  const pasted = JSON.parse(await savedText(page, (it) => it !== opened));
  const name = Object.keys(pasted.States).find((it) => !["A", "B", "C", "Done"].includes(it));
  assert.equal(pasted.States.C.Next, name);
  assert.equal(pasted.States[name].Next, "Done");
  await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === opened), opened);

  await select(page, "/States/B", "/States/C");
  await page.keyboard.press("Control+x");
  const cut = await savedText(page, (it) => it !== opened);
  assert.deepEqual(Object.keys(JSON.parse(cut).States), ["A", "Done"]);
  await page.locator('[data-edge="/StartAt"] .canvas-edge-hit').first().dispatchEvent("click");
  await node(page, "/States/A").click();
  await page.keyboard.press("Control+v");
  const again = JSON.parse(await savedText(page, (it) => it !== cut));
  assert.deepEqual([again.States.A.Next, again.States.B.Next, again.States.C.Next], ["B", "C", "Done"]);
  await page.keyboard.press("Control+d");
  assert.ok(4 < Object.keys(JSON.parse(await savedText(page, (it) => 4 < Object.keys(JSON.parse(it).States).length)).States).length);
});

test("a pasted definition destroys nothing, and can be opened instead", async (t) => {
  const page = await openPage(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await openText(page, CHAIN);
  const opened = await savedText(page);
  await node(page, "/States/C").click();
  await page.evaluate((it) => navigator.clipboard.writeText(it), CHOICE);
  await page.keyboard.press("Control+v");
  await node(page, "/States/Which?").waitFor();
  const both = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(both.States.C.Next, "Which?");
  assert.ok(both.States.A);
  await page.getByRole("button", { name: "Open as a new document" }).click();
  assert.equal(await savedText(page, (it) => it === CHOICE), CHOICE);

  await page.evaluate(() => navigator.clipboard.writeText("Dear Sir or Madam,"));
  await page.locator("#canvas").focus();
  await page.keyboard.press("Control+v");
  await page.locator(".toast").waitFor();
  assert.equal(await savedText(page), CHOICE);
  await shot(page, "gestures-paste-refused");
});

for (const theme of ["light", "dark"]) {
  test(`the context menu: by mouse and by key, arrows and Escape, refusals with reasons (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, CHAIN);
    const opened = await savedText(page);
    await node(page, "/States/B").click({ button: "right" });
    const menu = page.getByRole("menu", { name: "B" });
    await menu.waitFor();
    assert.deepEqual(await axe(page), []);
    await shot(page, `gestures-menu-${theme}`);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "menuitem");
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    assert.equal(await focused(page), "canvas");

    await page.keyboard.press("Shift+F10");
    await menu.waitFor();
    await page.keyboard.press("d");
    while ((await page.evaluate(() => document.activeElement.textContent)).startsWith("Delete") === false) {
      await page.keyboard.press("d");
    }
    await page.keyboard.press("Enter");
    const deleted = CHAIN.replace(/^ +"B".*\n/m, "").replace('"Next": "B"', '"Next": "C"');
    assert.equal(await savedText(page, (it) => it !== opened), deleted);
    await page.keyboard.press("Control+z");
    assert.equal(await savedText(page, (it) => it === opened), opened);

    await node(page, "/States/Done").click({ button: "right" });
    const refused = page.getByRole("menuitem", { disabled: true });
    assert.ok(0 < (await refused.count()));
    assert.ok((await refused.locator(".menu-reason").first().textContent()).length > 10);
    await page.keyboard.press("Tab");
    await page.getByRole("menu").waitFor({ state: "detached" });

    const stage = await page.locator(".canvas").boundingBox();
    await page.mouse.click(stage.x + 12, stage.y + 12, { button: "right" });
    await page.getByRole("menuitem", { name: "Select all" }).click();
    await page.getByRole("heading", { name: "4 states selected" }).waitFor();
  });
}

test("rules change places from the menu of their connection", async (t) => {
  const page = await openPage(t);
  await openText(page, CHOICE);
  const opened = await savedText(page);
  const second = page.locator('[data-edge="/States/Which?/Choices/1/Next"]');
  await second.locator(".canvas-rule-number").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Move rule 2 earlier" }).click();
  const lines = CHOICE.split("\n");
  [lines[6], lines[7]] = [lines[7].concat(","), lines[6].replace(/,$/, "")];
  assert.equal(await savedText(page, (it) => it !== opened), lines.join("\n"));
  await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === opened), opened);
});

test("a connection is chosen by key, and its rule moves and goes by key", async (t) => {
  const page = await openPage(t);
  await openText(page, CHOICE);
  const opened = await savedText(page);
  await node(page, "/States/Two").click();
  await page.keyboard.press("e");
  await page.locator(".choose-filter").fill("which? to two");
  await page.keyboard.press("Enter");
  await page.locator('[data-edge="/States/Which?/Choices/1/Next"][data-selected]').waitFor();
  await page.waitForFunction(() => document.activeElement.id === "canvas");
  await page.keyboard.press("Control+ArrowUp");
  const lines = CHOICE.split("\n");
  [lines[6], lines[7]] = [lines[7].concat(","), lines[6].replace(/,$/, "")];
  assert.equal(await savedText(page, (it) => it !== opened), lines.join("\n"));
  await page.keyboard.press("Control+z");
  await savedText(page, (it) => it === opened);
  await page.keyboard.press("e");
  await page.locator(".choose-filter").fill("which? to two");
  await page.keyboard.press("Enter");
  await page.locator(".canvas-edge[data-selected]").waitFor();
  await page.keyboard.press("Delete");
  const removed = await savedText(page, (it) => it !== opened);
  assert.equal(JSON.parse(removed).States["Which?"].Choices.length, 1);
  await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === opened), opened);
});

test("frames close and open by their sign and by key, and the flow turns to the right", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN);
  const opened = await savedText(page);
  await select(page, "/States/A", "/States/B");
  await page.getByRole("button", { name: "Wrap in Parallel" }).click();
  const wrapped = await savedText(page, (it) => it !== opened);
  const frame = page.locator(".canvas-node[data-frame]");
  const inner = await page.locator(".canvas-node").count();
  await frame.locator(".canvas-chevron").click();
  await frame.waitFor({ state: "detached" });
  assert.ok((await page.locator(".canvas-node").count()) < inner);
  await shot(page, "gestures-collapsed");
  await page.locator("#canvas").focus();
  await page.keyboard.press("z");
  await frame.waitFor();
  await page.getByRole("button", { name: "Draw from left to right" }).click();
  await page.getByRole("button", { name: "Fit" }).click();
  const [start, end] = [await box(page, "/States/C"), await box(page, "/States/Done")];
  assert.ok(start.x + start.width < end.x && Math.abs(start.y + start.height / 2 - end.y - end.height / 2) < 40);
  await page.mouse.click(...(await middle(page, "/States/C")));
  await page.locator('.canvas-node[data-key="/States/C"] .canvas-port').waitFor();
  const c = await box(page, "/States/C");
  const port = await page.locator(".canvas-port .canvas-knob").boundingBox();
  assert.ok(Math.abs(port.x + port.width / 2 - c.x - c.width) < 2, "the port is where the flow leaves");
  await carry(page, '[data-template="wait"]', c.x + 10, c.y + c.height / 2);
  await page.locator(".canvas-hint", { hasText: "Add Wait before C" }).waitFor();
  await shot(page, "gestures-level");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  assert.equal(await savedText(page), wrapped);
});

test("what is dropped on the halves of a state comes before it or after it, on a Choice as a rule", async (t) => {
  const page = await openPage(t);
  await openText(page, CHOICE);
  const opened = await savedText(page);
  const at = await box(page, "/States/Two");
  await carry(page, '[data-template="wait"]', at.x + at.width / 2, at.y + 6);
  await page.locator(".canvas-hint", { hasText: "Add Wait before Two" }).waitFor();
  await shot(page, "gestures-before");
  await page.mouse.up();
  let text = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(text.States["Which?"].Choices[1].Next, "Wait");
  assert.equal(text.States.Wait.Next, "Two");
  await page.keyboard.press("Control+z");
  await savedText(page, (it) => it === opened);

  const choice = await box(page, "/States/Which?");
  await carry(page, '[data-template="wait"]', choice.x + choice.width / 2, choice.y + choice.height - 6);
  await page.locator(".canvas-hint", { hasText: "Add Wait as a new rule of Which?" }).waitFor();
  await page.mouse.up();
  text = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(text.States["Which?"].Choices.length, 3);
  assert.equal(text.States["Which?"].Choices[2].Next, "Wait");
  const byMouse = JSON.stringify(text);
  await page.keyboard.press("Control+z");
  await savedText(page, (it) => it === opened);

  await node(page, "/States/Which?").click();
  await page.keyboard.press("i");
  await page.locator(".choose-filter").fill("wait");
  await page.keyboard.press("Enter");
  assert.equal(JSON.stringify(JSON.parse(await savedText(page, (it) => it !== opened))), byMouse);
});

test("several states move together onto a connection, and by key", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN);
  const opened = await savedText(page);
  await select(page, "/States/B", "/States/C");
  const [x, y] = await middle(page, "/States/B");
  const plus = await page.locator('[data-edge="/StartAt"] .canvas-plus').boundingBox();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 9, y + 9, { steps: 3 });
  await page.mouse.move(plus.x + plus.width / 2, plus.y + plus.height / 2, { steps: 8 });
  await page.locator(".canvas-hint", { hasText: "Move 2 states before A" }).waitFor();
  await page.mouse.up();
  const moved = await savedText(page, (it) => it !== opened);
  const states = JSON.parse(moved).States;
  assert.deepEqual([JSON.parse(moved).StartAt, states.B.Next, states.C.Next, states.A.Next], ["B", "C", "A", "Done"]);
  await page.keyboard.press("Control+z");
  await savedText(page, (it) => it === opened);
  await select(page, "/States/B", "/States/C");
  await page.keyboard.press("Shift+M");
  await page.locator(".choose-filter").fill("start");
  await page.keyboard.press("Enter");
  assert.equal(await savedText(page, (it) => it !== opened), moved);
});

test("several states move into a branch, by mouse and by key", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN.replace('"C": { "Type": "Pass"', '"C": { "Type": "Parallel", "Branches": [{ "StartAt": "X", "States": { "X": { "Type": "Pass", "End": true } } }]'));
  const opened = await savedText(page);
  await select(page, "/States/A", "/States/B");
  const [x, y] = await middle(page, "/States/A");
  const frame = await box(page, "/States/C");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 9, y + 9, { steps: 3 });
  await page.mouse.move(frame.x + 12, frame.y + frame.height - 30, { steps: 8 });
  await page.locator(".canvas-hint", { hasText: "Move 2 states into C" }).waitFor();
  await shot(page, "gestures-into-branch");
  await page.mouse.up();
  const moved = await savedText(page, (it) => it !== opened);
  const { StartAt, States } = JSON.parse(moved);
  const inside = States.C.Branches[0].States;
  assert.deepEqual([StartAt, inside.X.Next, inside.A.Next, inside.B.End], ["C", "A", "B", true]);
  await page.keyboard.press("Control+z");
  await savedText(page, (it) => it === opened);
  await select(page, "/States/A", "/States/B");
  await page.keyboard.press("Shift+M");
  await page.locator(".choose-filter").fill("into branch");
  await shot(page, "gestures-move-to");
  await page.keyboard.press("Enter");
  assert.equal(await savedText(page, (it) => it !== opened), moved);
});

test("loops are drawn from the port: back to an earlier state, and to the state itself", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN);
  const opened = await savedText(page);
  for (const target of ["A", "C"]) {
    await node(page, "/States/C").click();
    const port = await page.locator(".canvas-port .canvas-knob").boundingBox();
    await page.mouse.move(port.x + port.width / 2, port.y + port.height - 1);
    await page.mouse.down();
    await page.mouse.move(port.x + 20, port.y + 20, { steps: 3 });
    await page.mouse.move(...(await middle(page, `/States/${target}`)), { steps: 8 });
    await page.locator(".canvas-hint", { hasText: `Connect C to “${target}”` }).waitFor();
    await page.mouse.up();
    const drawn = await savedText(page, (it) => it !== opened);
    assert.equal(drawn, opened.replace('"C": { "Type": "Pass", "Next": "Done" }', `"C": { "Type": "Pass", "Next": "${target}" }`));
    const line = await page.locator('[data-edge="/States/C/Next"] .canvas-edge-line').boundingBox();
    const [, y] = await middle(page, `/States/${target}`);
    assert.ok(line.y - 40 < y && y < line.y + line.height + 40, "the line goes there");
    await shot(page, `gestures-loop-${target}`);
    await page.keyboard.press("Control+z");
    assert.equal(await savedText(page, (it) => it === opened), opened);
  }
});

for (const theme of ["light", "dark"]) {
  test(`the palette finds states among thousands, the best first, and remembers (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, long(1500));
    await page.keyboard.press("Control+k");
    await page.locator(".choose-none", { hasText: /and 1,[0-9]{3} more/ }).waitFor();
    assert.deepEqual(await axe(page, "dialog"), []);
    await page.locator(".choose-filter").fill("step 1499");
    assert.equal(await page.locator(".choose-row").first().locator("span").first().textContent(), "Step 1499");
    await page.keyboard.press("Enter");
    await node(page, "/States/Step 1499").waitFor();
    await page.keyboard.press("Control+k");
    assert.equal(await page.locator(".choose-row").first().locator("span").first().textContent(), "Step 1499");
  });
}

for (const theme of ["light", "dark"]) {
  test(`the minimap shows where one is, and a press goes there (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, long(60));
    const map = page.locator(".minimap");
    await map.waitFor();
    const seen = () => page.locator(".minimap-seen").evaluate((it) => Number(it.getAttribute("y")));
    await page.waitForTimeout(200);
    const before = await seen();
    const at = await map.boundingBox();
    await page.mouse.click(at.x + at.width / 2, at.y + at.height - 12);
    assert.ok(before + 500 < (await seen()));
    assert.deepEqual(await axe(page), []);
    await shot(page, `gestures-minimap-${theme}`);
    await page.getByRole("button", { name: "Minimap" }).click();
    await map.waitFor({ state: "detached" });
    await page.reload();
    await page.locator("html[data-ready]").waitFor();
    await page.locator(".canvas-node").first().waitFor();
    assert.equal(await map.count(), 0);
  });
}

/** A chain of so many states. */
function long(n) {
  const States = {};
  for (let idx = 1; idx <= n; idx++) {
    States[`Step ${idx}`] = idx < n ? { Type: "Pass", Next: `Step ${idx + 1}` } : { Type: "Pass", End: true };
  }
  return JSON.stringify({ StartAt: "Step 1", States }, null, 2);
}

async function focusOn(page, steps) {
  await page.locator("#canvas").focus();
  for (let step = 0; step < steps; step++) await page.keyboard.press("ArrowDown");
}

async function focused(page) {
  return page.evaluate(() => document.activeElement.id);
}

/** Clicks the first, and the others with Shift. */
async function select(page, first, ...others) {
  await page.mouse.click(...(await middle(page, first)));
  for (const other of others) {
    await page.keyboard.down("Shift");
    await page.mouse.click(...(await middle(page, other)));
    await page.keyboard.up("Shift");
  }
  if (others.length) await page.getByRole("heading", { name: `${others.length + 1} states selected` }).waitFor();
}

async function box(page, key) {
  return node(page, key).locator(".canvas-outline").boundingBox();
}

async function middle(page, key) {
  const { x, y, width, height } = await box(page, key);
  return [x + width / 2, y + height / 2];
}

/** Takes a row of the palette and holds it over a place of the window. */
async function carry(page, row, x, y) {
  const from = await page.locator(row).boundingBox();
  await page.mouse.move(from.x + 30, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 44, from.y + from.height / 2 + 8, { steps: 3 });
  await page.mouse.move(x, y, { steps: 8 });
}
