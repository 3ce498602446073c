import { type BrowserContext, expect, type Page } from "@playwright/test";
import { findSidewaysScrolling, findViolations } from "./accessibility";

const TABS = 15;
/** What Web Vitals calls good. */
const SHIFT_MAX = 0.1;

/**
 * `colours` and `layout` leave out what a first examination with other colours, or in another window, has
 * found already.
 */
export type Depth = "everything" | "colours" | "layout";

type Shifting = typeof globalThis & { layoutShift?: number };

/** Looks at pages as a careful person would, and remembers all that is wrong with any of them. */
export class Examination {
  readonly findings: string[] = [];
  /** The one page on which everything is looked at. */
  readonly page: Page;
  readonly #depth: Depth;

  private constructor(page: Page, depth: Depth) {
    this.page = page;
    this.#depth = depth;
  }

  static async of(context: BrowserContext, depth: Depth = "everything"): Promise<Examination> {
    const examination = new Examination(await context.newPage(), depth);
    await context.addInitScript(() => {
      const shifting = globalThis as Shifting;
      shifting.layoutShift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        })[]) {
          if (!entry.hadRecentInput)
            shifting.layoutShift = (shifting.layoutShift ?? 0) + entry.value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    context.on("requestfailed", (request) => {
      // A page that is left takes its own prefetches along.
      if (request.failure()?.errorText === "net::ERR_ABORTED") return;
      examination.#find(request.url(), `failed: ${request.failure()?.errorText}`);
    });
    context.on("response", (response) => {
      if (response.status() < 400 || response.request().isNavigationRequest()) return;
      examination.#find(response.url(), `answered ${response.status()}`);
    });
    return examination;
  }

  /** Opens a path and looks at what is there. */
  async visit(path: string, { status = 200 }: { status?: number } = {}): Promise<void> {
    const answer = await this.page.goto(path);
    if (answer?.status() !== status) this.#find(path, `answered ${answer?.status()}`);
    // A refusal is drawn by script, some time after the page has loaded.
    await expect(this.page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await expect(this.page).toHaveTitle(/ · Gatehouse$/);
    await this.examine(path);
  }

  /**
   * Looks at the page as it stands. What a form's answer moves was asked for:
   * a browser forgives it only for half a second, which is no measure on a busy machine.
   */
  async examine(name: string, { answered = false } = {}): Promise<void> {
    const { page } = this;
    const overflow = await findSidewaysScrolling(page);
    if (overflow > 0) this.#find(name, `${overflow} px wider than the window`);
    const headings = await page.getByRole("heading", { level: 1 }).count();
    if (headings !== 1) this.#find(name, `has ${headings} main headings`);
    const title = await page.title();
    if (!/^\S.* · Gatehouse$/.test(title)) this.#find(name, `has the title "${title}"`);
    const onlyColours = this.#depth === "colours";
    if (this.#depth !== "layout") {
      for (const violation of await findViolations(page, { onlyColours })) {
        this.#find(name, violation);
      }
    }
    if (!onlyColours) {
      for (const element of await findUnmarkedFocus(page)) this.#find(name, element);
    }
    const shift = await page.evaluate(() => (globalThis as Shifting).layoutShift ?? 0);
    if (!answered && shift >= SHIFT_MAX) this.#find(name, `shifts by ${shift.toFixed(3)}`);
  }

  #find(where: string, what: string): void {
    this.findings.push(`${where} ${what}`);
  }
}

/** Walks on with the Tab key and names what takes the focus without showing it. */
async function findUnmarkedFocus(page: Page): Promise<string[]> {
  const unmarked: string[] = [];
  for (let step = 0; step < TABS; step += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(async () => {
      // What takes the focus is scrolled into view with the next picture, not before.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body) return "left";
      // A radio button that only ears perceive is seen as its label.
      const element = focused.classList.contains("sr-only")
        ? (focused.closest("label") ?? focused)
        : focused;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const outlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const height = (Math.max(top, 0) + Math.min(bottom, window.innerHeight)) / 2;
      const uncovered = [left + 4, (left + right) / 2, right - 4].some((x) => {
        const shown = document.elementFromPoint(x, height);
        return shown !== null && (element.contains(shown) || shown.contains(element));
      });
      if (outlined && uncovered) return null;
      const fault = outlined ? "is covered while it has the focus" : "shows no focus";
      return `${fault}: ${element.outerHTML.slice(0, 200)}`;
    });
    if (seen === "left") break;
    if (seen !== null) unmarked.push(seen);
  }
  return unmarked;
}
