// A text with the marks of a merge conflict: the problem says which sides there are, each button
// gives exactly the text of its side, and undo brings the marks back byte for byte.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { openText, savedText } from "./studio.mjs";

const OURS = `      "Result": { "greeting": "Hello" },\n`;
const THEIRS = `      "Result": { "greeting": "Good day" },\n      "Comment": "As the customers asked",\n`;

const text = (middle) => `{
  "StartAt": "Greet",
  "States": {
    "Greet": {
      "Type": "Pass",
${middle}      "Next": "Done"
    },
    "Done": { "Type": "Succeed" }
  }
}
`;

const CONFLICT = text(`<<<<<<< HEAD\n${OURS}=======\n${THEIRS}>>>>>>> feature\n`);

for (const theme of ["light", "dark"]) {
  test(`a conflict is shown with its sides and settled by a button (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await openText(page, CONFLICT);
    await page.getByText("Conflict between “HEAD” and “feature”").first().waitFor();
    assert.equal(await page.locator(".canvas-node[data-key='/States/Greet']").count(), 1, "the graph is still drawn");

    // In the text: three marks in a color of their own, and nothing else in it.
    const marks = page.locator(".cm-line.code-conflict-mark");
    assert.deepEqual(await marks.allTextContents(), ["<<<<<<< HEAD", "=======", ">>>>>>> feature"]);
    const ground = (it) => getComputedStyle(it).backgroundColor;
    const plain = page.locator(".cm-line:not(.code-conflict-mark)").first();
    assert.notEqual(await marks.first().evaluate(ground), await plain.evaluate(ground));

    // In the list: the sentence, and a button for each side and for both.
    await page.locator(".problems-toggle").click();
    const problem = page.locator(".problem", { hasText: "Conflict between “HEAD” and “feature”" });
    await problem.waitFor();
    const buttons = await problem.locator("button.link").allTextContents();
    assert.ok(2 <= buttons.length, `buttons: ${buttons}`);
    await shot(page, `conflict-${theme}`);
    assert.deepEqual(await axe(page), []);

    // At the place: the same sentence and the same buttons.
    await problem.locator(".problem-message").click();
    const atPlace = page.locator(".cm-tooltip", { hasText: "Conflict between" });
    await page.locator(".cm-lint-marker-error").first().hover();
    await atPlace.waitFor();
    assert.deepEqual(await atPlace.locator("button").allTextContents(), buttons);
    await shot(page, `conflict-place-${theme}`);
    assert.deepEqual(await axe(page, ".code-pane"), []);
    await atPlace.getByRole("button", { name: "Keep “HEAD”" }).click();
    await settled(text(OURS));
    await page.mouse.move(5, 5);

    await problem.getByRole("button", { name: "Keep “feature”" }).click();
    await settled(text(THEIRS));

    async function settled(expected) {
      assert.equal(await savedText(page, (it) => it === expected), expected);
      assert.equal(await marks.count(), 0);
      await page.locator(".top-bar-undo button").first().click();
      assert.equal(await savedText(page, (it) => it === CONFLICT), CONFLICT, "undo brings the marks back");
      await problem.waitFor();
    }
  });
}
