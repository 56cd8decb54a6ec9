// The canvas by mouse and by keyboard: camera, walking, dragging, renaming, and that nothing
// moves or flashes that need not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, openText, savedText } from "./studio.mjs";

const SMALL = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Pass", "Next": "Done" },
    "Done": { "Type": "Succeed" }
  }
}
`;

test("wheel and pinch move the camera about the pointer, keys and buttons zoom and fit", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Order saga");
  const fitted = await camera(page);
  const box = await page.locator(".canvas").boundingBox();
  const [x, y] = [box.x + 200, box.y + 150];
  await page.mouse.move(x, y);
  await page.mouse.wheel(30, 50);
  assert.deepEqual(moved(fitted, await camera(page)), { x: -30, y: -50, zoom: 1 });

  const before = await camera(page);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -40);
  await page.keyboard.up("Control");
  const after = await camera(page);
  assert.ok(after.zoom > before.zoom);
  const under = (it) => [(200 - it.x) / it.zoom, (150 - it.y) / it.zoom];
  under(before).forEach((value, idx) => assert.ok(Math.abs(value - under(after)[idx]) < 0.5));

  await page.locator("#canvas").focus();
  await page.keyboard.press("0");
  const whole = await camera(page);
  await page.getByRole("button", { name: "Zoom in" }).click();
  assert.ok(Math.abs((await camera(page)).zoom / whole.zoom - 1.25) < 0.001);
  await page.getByRole("button", { name: "Fit" }).click();
  assert.deepEqual(await camera(page), whole);
});

test("dragging empty space pans, and a click there selects nothing", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  const before = await camera(page);
  const box = await page.locator(".canvas").boundingBox();
  await page.mouse.move(box.x + 30, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 70, { steps: 4 });
  await page.mouse.up();
  assert.deepEqual(moved(before, await camera(page)), { x: 60, y: 40, zoom: 1 });
  await node(page, "/States/A").click();
  await page.locator('.canvas-node[data-key="/States/A"][data-selected]').waitFor();
  await page.mouse.click(box.x + 30, box.y + 30);
  await page.locator(".canvas-node[data-selected]").waitFor({ state: "detached" });
});

test("the keyboard walks the tree, and the picture follows", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Order saga");
  const tree = page.getByRole("tree");
  await tree.focus();
  const visited = [];
  for (let step = 0; step < 4; step++) {
    await page.keyboard.press("ArrowDown");
    const id = await tree.getAttribute("aria-activedescendant");
    const item = page.locator(`[id="${id}"]`);
    assert.equal(await item.getAttribute("aria-selected"), "true");
    const key = await page.locator(".canvas-node[data-selected]").getAttribute("data-key");
    visited.push(key);
    assert.ok((await item.textContent()).startsWith(key.split("/").at(-1)));
  }
  assert.equal(new Set(visited).size, 4, visited.join(", "));
  const inside = await page.evaluate(() => {
    const pane = document.querySelector(".canvas").getBoundingClientRect();
    const box = document.querySelector(".canvas-node[data-selected] .canvas-outline").getBoundingClientRect();
    return pane.top <= box.top && box.bottom <= pane.bottom;
  });
  assert.ok(inside, "the selected state is in view");
  assert.notEqual(await page.locator(".canvas-node[data-selected] .canvas-ring").evaluate((it) => getComputedStyle(it).display), "none");
  await shot(page, "canvas-walk");
});

test("a Wait from the palette opens a gap, Escape leaves no trace, dropping inserts it", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  const opened = await savedText(page);
  const plus = page.locator('[data-edge="/States/A/Next"] .canvas-plus');
  await carry(page, page.locator('[data-template="wait"]'), plus);
  await page.locator(".canvas-gap-words", { hasText: "Wait goes here" }).waitFor();
  await page.locator(".canvas-hint", { hasText: "Insert Wait after A" }).waitFor();
  await page.locator(".code-preview-lines").first().waitFor();
  await shot(page, "canvas-drag");
  await page.keyboard.press("Escape");
  await page.locator(".canvas-gap").waitFor({ state: "detached" });
  await page.mouse.up();
  assert.equal(await page.locator(".canvas-node").count(), 4);

  await carry(page, page.locator('[data-template="wait"]'), plus);
  await page.mouse.up();
  await node(page, "/States/Wait").waitFor();
  const text = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(text.States.A.Next, "Wait");
  assert.equal(text.States.Wait.Next, "B");
});

test("a place that takes nothing says why", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  const opened = await savedText(page);
  await carry(page, page.locator('[data-template="wait"]'), node(page, "/States/Done"));
  const reason = page.locator(".canvas-ghost-refusal");
  await reason.waitFor();
  assert.match(await reason.textContent(), /Done|Succeed/);
  await shot(page, "canvas-refusal");
  await page.mouse.up();
  assert.equal(await savedText(page), opened);
});

test("a state dragged to another connection leaves its old place healed", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  const opened = await savedText(page);
  await carry(page, node(page, "/States/B"), page.locator('[data-edge="/StartAt"] .canvas-plus'));
  await page.locator(".canvas-hint", { hasText: "Move B before A" }).waitFor();
  await page.mouse.up();
  const text = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(text.StartAt, "B");
  assert.equal(text.States.B.Next, "A");
  assert.equal(text.States.A.Next, "Done");
});

test("the end of a connection goes where it is dragged", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  const opened = await savedText(page);
  const line = await page.locator('[data-edge="/States/A/Next"] .canvas-edge-arrow').boundingBox();
  await page.mouse.click(line.x + line.width / 2, line.y + 1);
  await page.locator('[data-edge="/States/A/Next"][data-selected]').waitFor();
  await carry(page, page.locator(".canvas-end-handle"), node(page, "/States/Done"));
  await page.mouse.up();
  const text = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.equal(text.States.A.Next, "Done");
});

test("a double click renames, and a taken name is refused while it is typed", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  const opened = await savedText(page);
  await node(page, "/States/B").dblclick();
  const field = page.locator(".canvas-rename input");
  await field.fill("A");
  await page.locator(".canvas-rename p:not(:empty)").waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await field.count(), 1, "it stays open");
  await field.fill("B two");
  await page.keyboard.press("Enter");
  await node(page, "/States/B two").waitFor();
  assert.equal(await savedText(page, (it) => it !== opened), opened.replaceAll('"B"', '"B two"'));
  await page.keyboard.press("F2");
  await field.fill("Never");
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await node(page, "/States/B two").waitFor();
});

test("an edit keeps the elements of all other states, and the selected one in its place", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  await node(page, "/States/B").click();
  await page.evaluate(() => {
    for (const it of document.querySelectorAll(".canvas-node")) it.isTheSame = true;
  });
  const place = async (key) => (await node(page, key).locator(".canvas-outline").boundingBox()).y;
  const before = await place("/States/B");
  await page.locator('[data-edge="/StartAt"] .canvas-plus').click();
  await page.keyboard.press("Escape");
  await node(page, "/States/B").click();
  await carry(page, page.locator('[data-template="wait"]'), page.locator('[data-edge="/StartAt"] .canvas-plus'));
  await page.mouse.up();
  await node(page, "/States/Wait").waitFor();
  const kept = await page.locator(".canvas-node").evaluateAll((all) => all.filter((it) => it.isTheSame).length);
  assert.equal(kept, 4);
  assert.ok(Math.abs((await place("/States/B")) - before) < 2, `${before} became ${await place("/States/B")}`);
});

test("the outline tells the graph in sentences, and has no fault that axe knows", async (t) => {
  const page = await openPage(t);
  await openSample(page, "User deletion");
  await page.getByRole("button", { name: "Outline" }).click();
  const items = page.getByRole("treeitem");
  assert.ok((await items.count()) > 5);
  await items.nth(1).click();
  assert.equal(await page.locator(".canvas-node[data-selected]").count(), 1);
  assert.deepEqual(await axe(page, ".canvas-pane"), []);
  await shot(page, "canvas-outline");
});

/** Where the camera is: the translation and the scale of the picture. */
async function camera(page) {
  await page.waitForTimeout(150);
  return page.locator(".canvas-picture").evaluate((it) => {
    const { e, f, a } = new DOMMatrix(it.style.transform);
    return { x: e, y: f, zoom: a };
  });
}

function moved(from, to) {
  return { x: Math.round(to.x - from.x), y: Math.round(to.y - from.y), zoom: to.zoom / from.zoom };
}

/** Takes something up and holds it over the middle of something else. */
async function carry(page, what, where) {
  const from = await what.boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 8, from.y + from.height / 2 + 8, { steps: 3 });
  const to = await where.boundingBox();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
}
