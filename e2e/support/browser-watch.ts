import { type BrowserContext, expect } from "@playwright/test";

/** Chromium's own line for every answer of 400 and more; which ones those are is asserted apart. */
const REFUSED_ANSWER = /^Failed to load resource: the server responded with a status of 4\d\d/;

/**
 * Collects what no page may do: print an error or a warning, throw, or break
 * its own Content-Security-Policy (F124).
 */
export class BrowserWatch {
  readonly #complaints: string[] = [];

  async attach(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      if (REFUSED_ANSWER.test(message.text())) return;
      this.#complaints.push(`${message.page()?.url()}: ${message.text()}`);
    });
    context.on("weberror", (error) => {
      this.#complaints.push(`${error.page()?.url()}: ${error.error().message}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP violation: ${event.violatedDirective} by ${event.blockedURI}`);
      });
    });
  }

  expectQuiet(): void {
    expect(this.#complaints, "what the browser complained of").toEqual([]);
  }
}
