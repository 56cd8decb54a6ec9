// The palette: found by typing, added by the keyboard and by the pointer, waited for in other ways,
// folded, and the user's own snippets kept over a reload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openText, savedText } from "./studio.mjs";

const SMALL = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Pass", "Comment": "Mine", "Next": "Done" },
    "Done": { "Type": "Succeed" }
  }
}
`;

const field = (page) => page.getByRole("searchbox", { name: "Search what can be added" });
const rows = (page) => page.locator(".palette-row:visible");
const texts = (page) => page.locator(".palette-row:visible span").allTextContents();
const focused = (page) => page.evaluate(() => document.activeElement.dataset.template ?? document.activeElement.id);

for (const theme of ["light", "dark"]) {
  test(`the palette is searched and added from by the keyboard alone (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, SMALL);
    await node(page, "/States/A").click();
    await shot(page, `palette-${theme}`);
    await field(page).focus();
    await page.keyboard.type("email");
    await page.locator(".palette-row", { hasText: "Send email" }).waitFor();
    assert.equal((await texts(page))[0], "Send email");
    assert.match(await page.locator(".palette-filter [role=status]").textContent(), /^\d+ found$/);
    await shot(page, `palette-search-${theme}`);
    assert.deepEqual(await axe(page, ".palette-pane"), []);

    // Down into the rows, Enter adds after the selected state, and again after the new one.
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), "aws-sdk:sesv2:sendEmail");
    await page.keyboard.press("Enter");
    await node(page, "/States/Send email").waitFor();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Escape");
    assert.equal(await field(page).inputValue(), "");

    await page.keyboard.type("dyn put");
    await page.keyboard.press("Enter");
    await node(page, "/States/Put item").waitFor();
    const text = JSON.parse(await savedText(page, (it) => it.includes("Put item")));
    assert.equal(text.States.A.Next, "Send email");
    assert.equal(text.States["Send email"].Next, "Put item");
    assert.equal(text.States["Put item"].Next, "B");

    await page.keyboard.type(" nothing like it");
    await page.getByText("Nothing of that name").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "canvas");
    assert.deepEqual(await axe(page), []);
  });
}

test("an action is waited for in another way, and groups fold and stay so", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  await node(page, "/States/A").click();
  const invoke = page.locator('[data-template="lambda:invoke"]').first();
  await invoke.focus();
  await page.keyboard.press("ArrowRight");
  const callback = page.locator('[data-template="lambda:invoke.waitForTaskToken"]');
  await callback.waitFor();
  await shot(page, "palette-ways");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "lambda:invoke.waitForTaskToken");
  await page.keyboard.press("Enter");
  await node(page, "/States/Lambda Invoke").waitFor();
  const text = JSON.parse(await savedText(page, (it) => it.includes("waitForTaskToken")));
  assert.equal(text.States["Lambda Invoke"].Parameters.Payload["taskToken.$"], "$$.Task.Token");
  await page.keyboard.press("ArrowLeft");

  const family = page.getByRole("button", { name: /^Machine learning and media/ });
  assert.equal(await family.getAttribute("aria-expanded"), "false");
  await family.focus();
  await page.keyboard.press("ArrowRight");
  await page.locator('[data-template="bedrock:invokeModel"]').waitFor();
  await page.getByRole("button", { name: /^Flow/ }).click();
  await page.locator('[data-template="wait"]').waitFor({ state: "hidden" });
  await shot(page, "palette-folds");
  await page.reload();
  await page.locator('[data-template="bedrock:invokeModel"]').waitFor();
  await page.locator('[data-template="wait"]').waitFor({ state: "hidden" });
});

test("an action is dragged onto a connection", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  await carry(page, page.locator('[data-template="sqs:sendMessage"]'), page.locator('[data-edge="/States/A/Next"] .canvas-plus'));
  await page.locator(".canvas-hint", { hasText: "Insert SQS Send message after A" }).waitFor();
  await page.mouse.up();
  await node(page, "/States/Send message").waitFor();
  const text = JSON.parse(await savedText(page, (it) => it.includes("Send message")));
  assert.deepEqual([text.States.A.Next, text.States["Send message"].Next], ["Send message", "B"]);
});

test("a snippet is saved, used after a reload, renamed, exported, deleted and imported", async (t) => {
  const page = await openPage(t);
  await openText(page, SMALL);
  await node(page, "/States/B").click();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("save as snippet");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Your snippets" });
  await dialog.getByLabel("Name of the snippet").fill("My step");
  assert.deepEqual(await axe(page, "dialog"), []);
  await page.keyboard.press("Enter");
  await page.locator('[data-template="My step"]').waitFor();
  assert.equal((await texts(page))[0], "My step", "the user's rows come first");

  await page.reload();
  await page.locator("html[data-ready]").waitFor();
  await carry(page, page.locator('[data-template="My step"]'), page.locator('[data-edge="/States/A/Next"] .canvas-plus'));
  await page.locator(".canvas-hint", { hasText: "Insert My step after A" }).waitFor();
  await page.mouse.up();
  await node(page, "/States/B 2").waitFor();
  const text = JSON.parse(await savedText(page, (it) => it.includes("B 2")));
  assert.deepEqual(text.States["B 2"], { Type: "Pass", Comment: "Mine", Next: "B" });

  // In the dialog that adds after a state it comes first as well.
  await node(page, "/States/A").click();
  await page.keyboard.press("a");
  await page.locator(".choose-row").first().waitFor();
  assert.match(await page.locator(".choose-row").first().textContent(), /^My step/);
  await page.keyboard.type("queue");
  await page.locator(".choose-row", { hasText: "SQS Send message" }).waitFor();
  assert.match(await page.locator(".choose-row").first().textContent(), /^SQS Send message/);
  // The first one empties the field.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Snippets…" }).click();
  const name = dialog.getByLabel("Name of My step");
  await name.fill("Other step");
  await name.press("Tab");
  await dialog.getByLabel("Name of Other step").waitFor();
  await shot(page, "palette-snippets");
  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export" }).click();
  const file = await (await downloading).path();
  await dialog.getByRole("button", { name: "Delete Other step" }).click();
  await dialog.getByLabel("Name of Other step").waitFor({ state: "detached" });
  const choosing = page.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: "Import…" }).click();
  await (await choosing).setFiles(file);
  await dialog.getByLabel("Name of Other step").waitFor();
  await page.keyboard.press("Escape");
  await page.locator('[data-template="Other step"]').waitFor();

  // Two states at once.
  await node(page, "/States/A").click();
  await node(page, "/States/B 2").click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Snippets…" }).click();
  await dialog.getByLabel("Name of the snippet").fill("Both");
  await dialog.getByRole("button", { name: "Save 2 selected states" }).click();
  assert.match(await page.locator('[data-template="Both"]').getAttribute("title"), /2 states/);
});

test("broken snippets in the browser's store leave the page as it is", async (t) => {
  const page = await openPage(t, { init: () => localStorage.setItem("stepglass-snippets", '[7,{"StartAt":"A"},"x') });
  await openText(page, SMALL);
  assert.ok((await rows(page).count()) > 20);
  assert.equal(await page.getByRole("button", { name: /^Your snippets/ }).count(), 0);
});

/** Takes something up and moves it over a place, without putting it down. */
async function carry(page, from, to) {
  const [start, end] = [await center(from), await center(to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 20, start.y + 5, { steps: 2 });
  await page.mouse.move(end.x, end.y, { steps: 8 });
}

async function center(locator) {
  const box = await locator.first().boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
