// What the browser tests know of the application: how to open a sample, find a state on the canvas,
// read the text that is kept, and type into the text.

/** Opens one of our samples from the welcome and waits until it is drawn. */
export async function openSample(page, title) {
  await page.locator("html[data-ready]").waitFor();
  await page.locator(".welcome-sample", { hasText: title }).click();
  await page.locator(".canvas-node").first().waitFor();
}

/** Opens a text as if it were pasted onto the page, and waits until it is drawn. */
export async function openText(page, text) {
  await page.locator("html[data-ready]").waitFor();
  await paste(page, text);
  await page.locator(".canvas-node").first().waitFor();
}

/** Pastes a text onto the page, outside of any field. */
export async function paste(page, text) {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Drops a file onto the page: its bytes, or its text. */
export async function drop(page, name, content) {
  await page.locator("html[data-ready]").waitFor();
  await page.evaluate(
    ({ name, content }) => {
      const dataTransfer = new DataTransfer();
      const part = typeof content === "string" ? content : new Uint8Array(content);
      dataTransfer.items.add(new File([part], name));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, content },
  );
}

/** The node with this key. */
export function node(page, key) {
  return page.locator(`.canvas-node[data-key="${key}"]`);
}

/** Waits until a state looks like this (or one of these). */
export async function status(page, key, ...looks) {
  const selector = looks.map((it) => `.canvas-node[data-key="${key}"][data-status="${it}"]`).join(", ");
  await page.locator(selector).waitFor();
}

/** The text that the browser keeps, once it is as it should be and everything is saved. */
export async function savedText(page, isDone = () => true) {
  let text;
  for (let round = 0; round < 60; round++) {
    await page.waitForTimeout(100);
    if ((await page.locator(".status-bar").getAttribute("data-save")) !== "Saved") continue;
    text = (await savedProject(page))?.text;
    if (text !== undefined && isDone(text)) return text;
  }
  return text;
}

/** The project that the browser keeps. */
export async function savedProject(page) {
  const project = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("stepglass");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const getting = database.transaction("project").objectStore("project").get("open");
          getting.onsuccess = () => {
            database.close();
            resolve(getting.result);
          };
          getting.onerror = () => reject(getting.error);
        };
      }),
  );
  return project === undefined ? undefined : JSON.parse(project);
}

/** Puts the caret at an offset of the text, sign by sign: long lines wrap, so rows do not count. */
export async function caretTo(page, text, offset) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  const signs = [...text.slice(0, offset).replaceAll("\r\n", "\n")].length;
  for (let at = 0; at < signs; at++) await page.keyboard.press("ArrowRight");
}

/** Keys in the text. Places are found by walking from the start with the keyboard. */
export const type = {
  /** Deletes the character at this offset of the text. */
  async deleteAt(page, text, offset) {
    await caretTo(page, text, offset);
    await page.keyboard.press("Delete");
  },
};
