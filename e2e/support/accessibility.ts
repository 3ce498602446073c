import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/**
 * Every violation that axe can see, of any impact, with the elements it is
 * about. Between two themes only colours differ.
 */
export async function findViolations(page: Page, { onlyColours = false } = {}): Promise<string[]> {
  // No page of ours has frames of another origin, which alone need the slower way.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({
      resultTypes: ["violations"],
      ...(onlyColours ? { runOnly: ["color-contrast"] } : {}),
    })
    .analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`,
  );
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await findViolations(page), `accessibility of ${page.url()}`).toEqual([]);
}

/** By how many pixels the page is wider than the window. */
export const findSidewaysScrolling = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });

/** Nothing of the page is wider than the window. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  expect(await findSidewaysScrolling(page), `overflow of ${page.url()}`).toBe(0);
}
