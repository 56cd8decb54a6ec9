// Fingers on the canvas: a tap selects, a finger moves the canvas, two zoom it, and what is selected
// is carried.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, shot } from "./harness.mjs";
import { node, openText, savedText } from "./studio.mjs";

const CHAIN = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Pass", "Next": "C" },
    "C": { "Type": "Pass", "End": true }
  }
}
`;

test("a tap selects, a finger moves the canvas and two zoom it", async (t) => {
  const page = await openPage(t, { hasTouch: true });
  await openText(page, CHAIN);
  const fingers = await hand(page);
  const opened = await savedText(page);

  await fingers.down(await middle(page, "B"));
  await fingers.up();
  await page.locator('.canvas-node[data-key="/States/B"][data-selected]').waitFor();
  assert.equal(await page.locator(".canvas-node[data-selected]").count(), 1);

  // On a state that is not selected, as on empty ground.
  const [before, b] = [await middle(page, "A"), await middle(page, "B")];
  await fingers.down(before);
  await fingers.move([before[0] + 30, before[1] + 20]);
  await fingers.move([before[0] + 120, before[1] + 50]);
  await fingers.up();
  assert.ok(isNear(await middle(page, "A"), [before[0] + 120, before[1] + 50]), "the canvas went along");
  assert.ok(isNear(await middle(page, "B"), [b[0] + 120, b[1] + 50]));
  assert.equal(await page.locator('.canvas-node[data-key="/States/B"][data-selected]').count(), 1, "and nothing else happened");

  // Apart from each other: what lies between them stays there.
  const height = async () => (await outline(page, "A")).height;
  const [x, y] = await middle(page, "B");
  const was = await height();
  await fingers.down([x - 40, y], [x + 40, y]);
  for (const apart of [50, 60, 70, 80]) await fingers.move([x - apart, y], [x + apart, y]);
  await fingers.up();
  assert.ok(Math.abs((await height()) / was - 2) < 0.1, `${await height()} after ${was}`);
  assert.ok(isNear(await middle(page, "B"), [x, y], 6));
  await shot(page, "touch-zoomed");
  assert.equal(await savedText(page), opened, "the text is as it was");
});

test("what is selected is carried by a finger", async (t) => {
  const page = await openPage(t, { hasTouch: true });
  await openText(page, CHAIN);
  const fingers = await hand(page);
  const opened = await savedText(page);
  const from = await middle(page, "C");
  await fingers.down(from);
  await fingers.up();
  await page.locator('.canvas-node[data-key="/States/C"][data-selected]').waitFor();
  const plus = await page.locator('[data-edge="/StartAt"] .canvas-plus').boundingBox();
  await fingers.down(from);
  await fingers.move([from[0] + 10, from[1] - 10]);
  await fingers.move([plus.x + plus.width / 2, plus.y + plus.height / 2]);
  await page.locator(".canvas-hint", { hasText: "Move C before A" }).waitFor();
  await fingers.up();
  const moved = JSON.parse(await savedText(page, (it) => it !== opened));
  assert.deepEqual([moved.StartAt, moved.States.C.Next, moved.States.B.End], ["C", "A", true]);
});

/** Touches as the browser gets them from a screen. */
async function hand(page) {
  const client = await page.context().newCDPSession(page);
  const send = (type, places) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
  return {
    down: (...places) => send("touchStart", places),
    move: (...places) => send("touchMove", places),
    up: () => send("touchEnd", []),
  };
}

async function outline(page, name) {
  return node(page, `/States/${name}`).locator(".canvas-outline").boundingBox();
}

async function middle(page, name) {
  const { x, y, width, height } = await outline(page, name);
  return [x + width / 2, y + height / 2];
}

function isNear(one, other, reach = 2) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]) <= reach;
}
