// A machine that states were extracted to is opened from the Task that calls it, edited, and left
// again by the bar at the top; the parent keeps its history and runs what was written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openText, savedProject, savedText } from "./studio.mjs";

const CHAIN = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Pass", "End": true }
  }
}
`;

for (const theme of ["light", "dark"]) {
  test(`a child machine is opened, edited and left (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, CHAIN);
    await node(page, "/States/A").click();
    await everything(page, "Extract to a child machine");
    await page.locator("dialog input").last().fill("Prepare");
    await page.keyboard.press("Enter");
    await node(page, "/States/Prepare").waitFor();
    const parent = await savedText(page, (it) => it.includes("startExecution"));

    await node(page, "/States/Prepare").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Open the child “Prepare”" }).click();
    const back = page.getByRole("navigation", { name: "Parent workflows" }).getByRole("button");
    await back.waitFor();
    await node(page, "/States/A").waitFor();
    assert.equal(await page.locator(".canvas-node[data-key='/States/Prepare']").count(), 0);
    await shot(page, `child-open-${theme}`);
    assert.deepEqual(await axe(page), []);

    await node(page, "/States/A").click();
    await page.keyboard.press("F2");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Prepared");
    await page.keyboard.press("Enter");
    const child = await savedText(page, (it) => it.includes("Prepared"));

    // The page comes back in the child, with the way back.
    await page.reload();
    await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
    await node(page, "/States/Prepared").waitFor();
    await back.click();
    await node(page, "/States/Prepare").waitFor();
    await page.locator("#canvas:focus").waitFor({ state: "attached" });
    assert.equal(await savedText(page, (it) => it === parent), parent);
    assert.equal(await back.count(), 0);
    const project = await savedProject(page);
    assert.ok(JSON.stringify(project.children).includes("Prepared"), "the child is kept");

    // The parent calls what was written.
    await node(page, "/States/Prepare").click();
    const open = page.getByRole("button", { name: "Open the child “Prepare”" });
    await open.waitFor();
    await shot(page, `child-called-${theme}`);
    await open.click();
    await node(page, "/States/Prepared").waitFor();
    assert.equal(await savedText(page, (it) => it === child), child);
    await everything(page, "Back to the parent workflow");
    await node(page, "/States/Prepare").waitFor();
    await page.locator(".top-bar-undo button").first().click();
    assert.equal(await savedText(page, (it) => it === CHAIN), CHAIN, "the parent kept its history");
  });
}

test("what was extracted is brought back, and both are undone and done again in their order", async (t) => {
  const page = await openPage(t);
  await openText(page, CHAIN);
  await node(page, "/States/A").click();
  await everything(page, "Extract to a child machine");
  const name = page.getByLabel("Name of the child machine");
  await name.fill("");
  await page.keyboard.press("Enter");
  assert.equal(await name.inputValue(), "", "without a name nothing happens");
  await name.fill("Prepare");
  await shot(page, "child-extract");
  await page.keyboard.press("Enter");
  await node(page, "/States/Prepare").waitFor();
  const extracted = await savedText(page, (it) => it.includes("startExecution"));
  await everything(page, "Inline the child machine");
  await node(page, "/States/A").waitFor();
  const inlined = await savedText(page, (it) => !it.includes("startExecution"));
  assert.deepEqual(Object.keys(JSON.parse(inlined).States), ["A", "B"]);
  assert.equal(JSON.parse(inlined).States.A.Next, "B");
  const undo = page.locator(".top-bar-undo button").first();
  const redo = page.locator(".top-bar-undo button").last();
  for (const [button, text] of [
    [undo, extracted],
    [undo, CHAIN],
    [redo, extracted],
    [redo, inlined],
  ]) {
    await button.click();
    assert.equal(await savedText(page, (it) => it === text), text);
  }
});

async function everything(page, words) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}
