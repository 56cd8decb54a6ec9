// What the engine can do, on the page: a call that waits with a task token, heartbeats and time,
// stop and redrive, a run from the middle, and the child executions of a distributed Map.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { node, openSample, status } from "./studio.mjs";

for (const theme of ["light", "dark"]) {
  test(`a callback is kept alive, answered and goes on in the ${theme} theme`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Courier");
    await page.locator(".run-with .primary").click();
    await page.getByRole("heading", { name: "What does Hand to courier answer?" }).waitFor();
    await status(page, "/States/Hand to courier", "waiting", "running");
    const time = page.locator(".question-time");
    await time.filter({ hasText: "the next timer ends at 01:00:00.000" }).waitFor();

    const answer = page.getByLabel("Result as JSON");
    await answer.fill('{ "receiver": "Ines" }');
    await page.getByLabel("seconds").fill("1800");
    await page.getByRole("button", { name: "Let time pass" }).click();
    await time.filter({ hasText: "It is 00:30:00.000 now" }).waitFor();
    await page.getByRole("button", { name: "Send heartbeat" }).click();
    await time.filter({ hasText: "the next timer ends at 01:30:00.000" }).waitFor();
    assert.equal(await answer.inputValue(), '{ "receiver": "Ines" }', "what was typed stays");
    assert.deepEqual(await axe(page), [], "waiting");
    await shot(page, `engine-callback-${theme}`);

    await page.getByLabel("SendTaskSuccess with…").check();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: /^Last step/ }).click();
    await status(page, "/States/Parcel delivered", "succeeded");
    await page.locator(".transport-clock", { hasText: "00:30:00.000" }).waitFor();
    await page.getByRole("heading", { name: "What does Hand to courier answer?" }).waitFor({ state: "detached" });
  });

  test(`children of a distributed Map are stepped into in the ${theme} theme`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Price list");
    await page.locator(".run-with .primary").click();
    await page.locator(".expectation[data-same=true]").waitFor();
    await page.getByRole("button", { name: "Step", exact: true }).click();
    const inside = page.getByRole("group", { name: "Inside of For each row" });
    await inside.getByText("of 8").waitFor();
    await inside.getByRole("spinbutton").fill("3");
    await inside.getByRole("spinbutton").press("Enter");
    await page.locator(".run-banner", { hasText: "Has a price?" }).waitFor();
    await inside.getByRole("button", { name: "Child after" }).click();
    await page.waitForFunction(() => document.querySelector(".iteration input")?.value === "4");
    assert.deepEqual(await axe(page), [], "inside of a child");
    await shot(page, `engine-child-${theme}`);
  });
}

test("a run is stopped, redriven, times out, and begins in the middle", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Courier");
  await page.locator(".run-with .primary").click();
  await page.getByRole("button", { name: "Stop the execution" }).click();
  await page.locator(".run-banner", { hasText: "The execution was stopped" }).waitFor();
  await page.getByRole("button", { name: "Redrive from the failed state" }).click();
  await page.getByRole("heading", { name: "What does Hand to courier answer?" }).waitFor();
  await page.getByRole("button", { name: "Let time pass" }).click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await status(page, "/States/Parcel lost", "failed");
  await shot(page, "engine-failed");

  await node(page, "/States/Parcel delivered").click();
  await page.getByRole("button", { name: "Run from here…" }).click();
  const dialog = page.getByRole("dialog", { name: "Run from Parcel delivered" });
  await dialog.getByLabel("Variables").fill('{ "receiver": "Noor", "price": 1 }');
  assert.deepEqual(await axe(page), [], "run from here");
  await shot(page, "engine-run-from");
  await dialog.getByRole("button", { name: "Run from here" }).click();
  await page.getByRole("button", { name: /^Last step/ }).click();
  await status(page, "/States/Parcel delivered", "succeeded");
  await status(page, "/States/Hand to courier", "not-reached");
});

test("an expectation that is not met is told", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Price list");
  const input = JSON.stringify({ bucket: "bluelamp-prices", key: "nothing.csv" });
  await page.getByRole("tab", { name: "Run", exact: true }).click();
  await page.getByRole("tab", { name: "Input" }).click();
  const field = page.locator(".lens-body textarea").first();
  await field.fill(input);
  await field.blur();
  await page.locator(".player-pane .empty .primary").click();
  await page.getByRole("heading", { name: "What does For each row answer?" }).waitFor();
  await page.getByLabel("Result as JSON").fill(JSON.stringify("article,price\nLamp,1\n"));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.locator(".expectation[data-same=false]", { hasText: "1 difference" }).waitFor();
  await shot(page, "engine-difference");
});

for (const theme of ["light", "dark"]) {
  test(`where the sources disagree, the other one can be followed in the ${theme} theme`, async (t) => {
    const page = await openPage(t, { theme });
    await openSample(page, "Courier");
    await page.locator(".run-with .primary").click();
    await page.getByRole("heading", { name: "What does Hand to courier answer?" }).waitFor();

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or do…" }).fill("sources disagree");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Where the sources disagree" });
    const row = dialog.getByRole("group", { name: "A task sends no heartbeat within HeartbeatSeconds" });
    assert.ok(await row.getByRole("radio", { name: "States.Timeout" }).isChecked(), "recordings first");
    await row.getByRole("radio", { name: "States.HeartbeatTimeout" }).check();
    assert.deepEqual(await axe(page), [], "the dialog");
    await shot(page, `engine-sources-${theme}`);
    await page.keyboard.press("Escape");
    await page.locator(".status-line", { hasText: "1 rule of another source" }).waitFor();

    await page.getByRole("button", { name: "Run again to here" }).click();
    await page.getByRole("button", { name: "Let time pass" }).click();
    await page.locator(".run-banner", { hasText: "States.HeartbeatTimeout" }).waitFor();
    await page.locator(".lens-note", { hasText: "AWS was recorded with States.Timeout here" }).waitFor();
    await page.reload();
    await page.locator(".status-line", { hasText: "1 rule of another source" }).waitFor();
  });
}
