// The text pane: typing reaches the canvas, edits from elsewhere leave the reader where he is,
// every byte that was not touched stays as it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, openPage, shot } from "./harness.mjs";
import { caretTo, node, openSample, openText, savedText } from "./studio.mjs";

const LINES = ["{", '  "StartAt": "A",', '  "States": {', '    "A": { "Type": "Pass", "Next": "B 😀" },', '    "B 😀": { "Type": "Succeed" }', "  }", "}", ""];

test("typing updates the canvas, and undo brings back the exact bytes", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n"));
  const opened = await savedText(page);
  await caretTo(page, opened, opened.indexOf('A": {'));
  await page.keyboard.type("bc");
  await node(page, "/States/bcA").waitFor();
  assert.equal(await savedText(page, (it) => it !== opened), opened.replace('"A": {', '"bcA": {'));
  await page.keyboard.press("Control+z");
  await node(page, "/States/A").waitFor();
  assert.equal(await savedText(page, (it) => it === opened), opened);
  assert.equal(await shownText(page), opened);
  await page.keyboard.press("Control+Shift+z");
  await node(page, "/States/bcA").waitFor();
});

test("line breaks of Windows stay, and typed ones are of the same kind", async (t) => {
  const page = await openPage(t);
  const text = LINES.join("\r\n");
  await openText(page, text);
  assert.equal(await savedText(page), text);
  await caretTo(page, text, text.indexOf("  }\r\n}") - 2);
  await page.keyboard.press("Enter");
  const typed = await savedText(page, (it) => it !== text);
  assert.doesNotMatch(typed, /(?<!\r)\n|\r(?!\n)/);
  assert.equal(typed.split("\r\n").length, LINES.length + 1);
  // Behind the emoji and the line breaks the offsets still agree.
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("x");
  const end = await savedText(page, (it) => it.endsWith("x"));
  assert.equal(end, `${typed}x`);
  for (let round = 0; round < 6; round++) await page.keyboard.press("Control+z");
  assert.equal(await savedText(page, (it) => it === text), text);
});

test("an edit on the canvas keeps scroll and caret of the text", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Order saga");
  const opened = await savedText(page);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  for (let row = 0; row < 5; row++) await page.keyboard.press("ArrowUp");
  const caret = await caretWords(page);
  let seen = await firstSeen(page);
  await page.locator("#canvas").focus();
  await page.keyboard.press("Control+d");
  const longer = await savedText(page, (it) => it !== opened);
  assert.equal(await firstSeen(page), seen);
  await page.evaluate(() => document.querySelector(".cm-content").focus({ preventScroll: true }));
  assert.equal(await caretWords(page), caret);

  // Renaming changes lines far above: where the state stands and where it is named.
  await page.locator(".canvas-node[data-shape=task]").first().dblclick();
  await page.locator(".canvas-rename input").fill("Another name that is a good deal longer than the one before");
  await page.locator(".cm-scroller").evaluate((it) => (it.scrollTop = it.scrollHeight * 0.6));
  seen = await firstSeen(page);
  await page.keyboard.press("Enter");
  await savedText(page, (it) => it !== longer);
  assert.equal(await firstSeen(page), seen);
});

test("a problem is marked in the gutter and in the text", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n").replace('"Next": "B 😀"', '"Next": "Nowhere"'));
  await page.locator(".cm-lint-marker").first().waitFor();
  await page.locator(".cm-lintRange").first().waitFor();
  await shot(page, "code-problem");
});

for (const theme of ["light", "dark"]) {
  test(`a problem is told at its place and at its sign, until the pointer leaves (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    const text = LINES.join("\n").replace('"Next": "B 😀"', '"Next": "Nowhere"');
    await openText(page, text.replace('"Succeed"', '"Pass", "End": true,\n"Parameters": { "id": "$.id" }'));
    const told = page.locator(".cm-tooltip-lint");
    for (const place of [".cm-lintRange-error", ".cm-lint-marker-error", ".cm-lintRange-warning", ".cm-lint-marker-warning"]) {
      await page.locator(place).last().hover();
      await told.waitFor();
      assert.match(await told.textContent(), place.endsWith("error") ? /Nowhere|reach/ : /is passed on as text/);
      await shot(page, `code-told${place.replace(".cm-", "-")}-${theme}`);
      assert.deepEqual(await axe(page, ".code-pane"), []);
      await page.mouse.move(5, 5);
      await told.waitFor({ state: "detached" });
    }
    await page.locator(".cm-lintRange-warning").hover();
    await told.getByRole("button", { name: "Add .$" }).click();
    await told.waitFor({ state: "detached" });
    await page.locator(".cm-lintRange-warning").waitFor({ state: "detached" });
    assert.match(await savedText(page, (it) => it.includes("id.$")), /{ "id\.\$": "\$\.id" }/);
  });
}

test("where there is nothing to underline a point is marked", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n"));
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.locator(".cm-lintPoint-error").waitFor({ state: "attached" });
  await shot(page, "code-point");
});

test("the lines of the selected state have their bar, both ways", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n"));
  await node(page, "/States/B 😀").click();
  const marked = page.locator(".code-selected-line");
  await marked.first().waitFor();
  assert.deepEqual(await marked.allTextContents(), [LINES[4]]);
  await caretTo(page, LINES.join("\n"), LINES.join("\n").indexOf("Pass"));
  await page.locator('.canvas-node[data-key="/States/A"][data-selected]').waitFor();
  await page.waitForFunction((line) => document.querySelector(".code-selected-line")?.textContent === line, LINES[3]);
});

test("Tab indents, and after Escape it leaves", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n"));
  await caretTo(page, "{\n", 2);
  await page.locator(".live-region, [aria-live]").filter({ hasText: /Escape, then Tab/ }).first().waitFor({ state: "attached" });
  await page.keyboard.press("Tab");
  assert.equal((await shownText(page)).split("\n")[1], `  ${LINES[1]}`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".cm-content") === null), true);
});

test("names, texts and values have their colors, and brackets theirs at the caret", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n").replace('"Succeed" }', '"Wait", "Seconds": 1.5e1, "End": true }'));
  const classes = page.locator(".cm-line").nth(4).locator("span[class^=code-]:not([class^=code-word])");
  const found = await classes.evaluateAll((all) => all.map((it) => `${it.className} ${it.textContent}`));
  assert.ok(found.includes('code-name "Seconds"'), found.join("\n"));
  assert.ok(found.includes('code-string "Wait"'), found.join("\n"));
  assert.ok(found.includes("code-value 1.5e1") && found.includes("code-value true"), found.join("\n"));
  await caretTo(page, LINES.join("\n"), LINES.join("\n").indexOf('{ "Type": "Pass"') + 1);
  assert.deepEqual(await page.locator(".cm-matchingBracket").allTextContents(), ["{", "}"]);
});

test("an object folds to one line by key, sign and placeholder", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n"));
  const folded = page.locator(".cm-foldPlaceholder");
  await caretTo(page, LINES.join("\n"), LINES.join("\n").indexOf("States"));
  await page.keyboard.press("Control+Shift+BracketLeft");
  await folded.waitFor();
  assert.deepEqual((await shownText(page)).split("\n").slice(0, 4), [LINES[0], LINES[1], '  "States": {…}', "}"]);
  await shot(page, "code-folded");
  await page.keyboard.press("Control+Shift+BracketRight");
  await folded.waitFor({ state: "detached" });
  await page.locator(".cm-foldGutter span[title='Fold line']").first().click();
  await folded.click();
  await folded.waitFor({ state: "detached" });
  assert.equal(await shownText(page), LINES.join("\n"));
  await page.keyboard.press("Control+Alt+BracketLeft");
  await folded.waitFor();
  await page.locator(".cm-foldGutter span[title='Unfold line']").last().click();
  await folded.waitFor({ state: "detached" });
});

test("search works under the policy and has no fault that axe knows", async (t) => {
  const page = await openPage(t);
  await openText(page, LINES.join("\n"));
  await caretTo(page, "", 0);
  await page.keyboard.press("Control+f");
  await page.locator(".cm-search input[name=search]").pressSequentially("Succeed");
  await page.keyboard.press("Enter");
  await page.locator(".cm-searchMatch-selected").waitFor();
  assert.deepEqual(await axe(page, ".code-pane"), []);
  await shot(page, "code-search");
});

function shownText(page) {
  return page.locator(".cm-line").allTextContents().then((lines) => lines.join("\n"));
}

/** The text of the first line that is seen. */
async function firstSeen(page) {
  let [before, now] = [undefined, await firstSeenNow(page)];
  // Between a scroll and its next measure the editor has drawn no line here yet.
  while (now === undefined || before !== now) {
    await page.waitForTimeout(150);
    [before, now] = [now, await firstSeenNow(page)];
  }
  return now;
}

function firstSeenNow(page) {
  return page.evaluate(() => {
    const top = document.querySelector(".cm-scroller").getBoundingClientRect().top;
    const seen = [...document.querySelectorAll(".cm-line")].find((it) => it.getBoundingClientRect().top >= top - 2);
    return seen && `${Math.round(seen.getBoundingClientRect().top - top)} ${seen.textContent}`;
  });
}

function caretWords(page) {
  return page.evaluate(() => getSelection().anchorNode?.parentElement?.closest(".cm-line")?.textContent);
}

test("Ctrl Shift F formats the definition from the text and from the canvas, as one step of undo", async (t) => {
  const page = await openPage(t);
  const text = '{\r\n"StartAt":"A",\r\n    "States":{\r\n    "A":{"Type":"Pass","Next":"B 😀"},\r\n"B 😀":{"Type":"Succeed"}}}\r\n';
  await openText(page, text);
  const formatted = [
    "{",
    '  "StartAt": "A",',
    '  "States": {',
    '    "A": {"Type": "Pass", "Next": "B 😀"},',
    '    "B 😀": {"Type": "Succeed"}',
    "  }",
    "}",
    "",
  ].join("\r\n");
  for (const focus of [() => page.locator(".cm-content").focus(), () => node(page, "/States/A").click()]) {
    await focus();
    await page.keyboard.press("Control+Shift+F");
    assert.equal(await savedText(page, (it) => it === formatted), formatted);
    assert.equal(await shownText(page), formatted.replaceAll("\r\n", "\n"));
    await page.keyboard.press("Control+z");
    assert.equal(await savedText(page, (it) => it === text), text);
  }
});
