import { expect, type Locator, type Page } from "@playwright/test";

/** How many stops a page may have before what is looked for. */
const STOPS = 400;

/**
 * Hands on the keyboard and nowhere else: what a story does by this can be done
 * without a pointer (WCAG 2.1.1), in the order that the page offers it.
 */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Goes on with the Tab key until it is there. Fails where no way leads to it. */
  async to(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let stop = 0; stop < STOPS; stop += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`the Tab key does not lead to ${target.toString()}`);
  }

  async press(target: Locator, key = "Enter"): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press(key);
  }

  /** In place of what stands there. */
  async type(target: Locator, text: string): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
    await expect(target).toHaveValue(text);
  }

  /** By the first letters of its name, as lists of choices are used. */
  async choose(target: Locator, letters: string, label = letters): Promise<void> {
    await this.to(target);
    await this.page.keyboard.type(letters, { delay: 5 });
    await expect(target.locator("option:checked")).toHaveText(label);
  }

  /** A box that is ticked by the space bar. */
  async tick(target: Locator): Promise<void> {
    await this.press(target, "Space");
    await expect(target).toBeChecked();
  }
}
