// A workflow of 2,000 states: what is near is drawn in full, the rest as a sketch; keys, clicks and
// drags work on both, at any zoom, during a movement and after it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openText, savedText } from "./studio.mjs";

const LAST = 1999;

test("what is near is drawn in full, and follows the movement", async (t) => {
  const page = await openPage(t);
  await openText(page, chain());
  await node(page, "/States/Step 0").waitFor();
  await settled(page);
  const first = await drawn(page);
  assert.ok(8 < first.length && first.length < 60, `${first.length} states are drawn`);
  assert.equal(await node(page, `/States/Step ${LAST}`).count(), 0);
  assert.ok((await page.locator(".canvas-sketch path").count()) > 60);

  await wheel(page, 0, 300, 40);
  await settled(page);
  const then = await drawn(page);
  assert.equal(await node(page, "/States/Step 0").count(), 0, "what is far away has gone");
  assert.ok(then.length < 80, `${then.length} states are drawn`);
  // Each state in view is there, and where it is drawn it is hit.
  const keys = await inView(page);
  assert.ok(8 < keys.length, keys.join(", "));
  for (const key of keys.slice(1, 4)) {
    await node(page, key).locator(".canvas-outline").click({ position: { x: 40, y: 8 } });
    await page.locator(`.canvas-node[data-key="${key}"][data-selected]`).waitFor();
  }
  assert.equal(await page.locator(".canvas-picture").evaluate((it) => it.style.willChange), "auto");
});

for (const theme of ["light", "dark"]) {
  test(`from far away it is a sketch with what is selected (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, branches());
    await node(page, "/States/All").waitFor();
    await page.locator("#canvas").focus();
    await page.keyboard.press("0");
    await settled(page);
    assert.deepEqual(await drawn(page), []);
    await shot(page, `large-sketch-${theme}`);

    // A click finds the state under the pointer although it has no part of its own on the page.
    const { x, y } = await page.evaluate(() => {
      const pane = document.querySelector(".canvas").getBoundingClientRect();
      const camera = new DOMMatrix(document.querySelector(".canvas-picture").style.transform);
      const paths = [...document.querySelectorAll('.canvas-sketch[data-of="boxes"] path')].map((it) => it.getAttribute("d"));
      const boxes = [...paths.join("").matchAll(/M(-?\d+) (-?\d+)h(\d+)v(\d+)/g)].map((it) => it.slice(1).map(Number));
      const middles = boxes.map(([x, y, w, h]) => camera.transformPoint({ x: x + w / 2, y: y + h / 2 }));
      const { x, y } = middles.find((it) => 50 < it.x && it.x < pane.width - 50 && 50 < it.y && it.y < pane.height - 100);
      return { x: pane.left + x, y: pane.top + y };
    });
    await page.mouse.move(x, y);
    assert.match(await page.locator(".canvas-picture").getAttribute("title"), /^Step \d+\.\d+$/);
    await page.mouse.click(x, y);
    const selected = page.locator(".canvas-node[data-selected]");
    await selected.waitFor();
    assert.equal(await selected.count(), 1);
    await shot(page, `large-selected-${theme}`);
    assert.deepEqual(await axe(page, ".canvas-pane"), []);
  });
}

test("the keyboard brings any state into existence", async (t) => {
  const page = await openPage(t);
  await openText(page, chain());
  await node(page, "/States/Step 0").waitFor();
  await page.keyboard.press("Control+k");
  await page.locator(".choose-filter").fill(`step ${LAST - 1}`);
  await page.keyboard.press("Enter");
  await page.locator(`.canvas-node[data-key="/States/Step ${LAST - 1}"][data-selected]`).waitFor();
  await page.locator("#canvas").focus();
  await page.keyboard.press("ArrowDown");
  const last = page.locator(`.canvas-node[data-key="/States/Step ${LAST}"][data-selected]`);
  await last.waitFor();
  await settled(page);
  assert.ok((await inView(page)).includes(`/States/Step ${LAST}`));
  const id = await page.locator("#canvas").getAttribute("aria-activedescendant");
  assert.ok((await page.locator(`[id="${id}"]`).textContent()).startsWith(`Step ${LAST}`));
  assert.notEqual(await last.locator(".canvas-ring").evaluate((it) => getComputedStyle(it).display), "none");
});

test("a state of the palette is dropped onto a connection after a long way", async (t) => {
  const page = await openPage(t);
  await openText(page, chain());
  await node(page, "/States/Step 0").waitFor();
  await wheel(page, 0, 400, 10);
  await settled(page);
  const [, upper, lower] = await inView(page);
  const [above, below] = [await node(page, upper).boundingBox(), await node(page, lower).boundingBox()];
  const row = await page.locator(".palette-row", { hasText: "Wait" }).first().boundingBox();
  await page.mouse.move(row.x + 30, row.y + 10);
  await page.mouse.down();
  await page.mouse.move(above.x + above.width / 2, (above.y + above.height + below.y) / 2, { steps: 12 });
  await page.locator(".canvas-gap").waitFor();
  await page.mouse.up();
  const name = upper.split("/").at(-1);
  const text = await savedText(page, (it) => JSON.parse(it).States[name].Next !== lower.split("/").at(-1));
  assert.equal(JSON.parse(text).States[JSON.parse(text).States[name].Next].Type, "Wait");
});

async function wheel(page, dx, dy, times) {
  const box = await page.locator(".canvas").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let n = 0; n < times; n++) await page.mouse.wheel(dx, dy);
}

/** Waits until the camera rests and no more parts are added. */
async function settled(page) {
  let before;
  for (let round = 0; round < 50; round++) {
    await page.waitForTimeout(200);
    const now = (await drawn(page)).join();
    if (now === before) return;
    before = now;
  }
}

/** The keys of the states that are drawn in full. */
function drawn(page) {
  return page.locator(".canvas-node").evaluateAll((all) => all.map((it) => it.dataset.key));
}

/** Those of them that are seen whole, from top to bottom. */
function inView(page) {
  return page.evaluate(() => {
    const pane = document.querySelector(".canvas").getBoundingClientRect();
    const nodes = [...document.querySelectorAll(".canvas-node")];
    const boxes = nodes.map((it) => [it.querySelector(".canvas-outline")?.getBoundingClientRect(), it.dataset.key]);
    const inside = ([box]) => box && pane.top <= box.top && box.bottom <= pane.bottom - 50;
    return boxes.filter(inside).sort(([one], [other]) => one.top - other.top).map(([, key]) => key);
  });
}

function chain() {
  const States = {};
  for (let idx = 0; idx <= LAST; idx++) {
    States[`Step ${idx}`] = { Type: "Pass", ...(idx < LAST ? { Next: `Step ${idx + 1}` } : { End: true }) };
  }
  return `${JSON.stringify({ StartAt: "Step 0", States }, null, 2)}\n`;
}

/** One Parallel of 40 branches, each of 50 states. */
function branches() {
  const Branches = Array.from({ length: 40 }, (_, number) => {
    const name = (idx) => `Step ${number}.${idx}`;
    const States = {};
    for (let idx = 0; idx < 50; idx++) {
      States[name(idx)] = { Type: "Pass", ...(idx < 49 ? { Next: name(idx + 1) } : { End: true }) };
    }
    return { StartAt: name(0), States };
  });
  const States = { All: { Type: "Parallel", Branches, End: true } };
  return `${JSON.stringify({ StartAt: "All", States }, null, 2)}\n`;
}
