import { defineConfig } from "@playwright/test";
import type { GatehouseOptions } from "./e2e/support/fixtures";
import { WITHOUT_MIDDLEWARE } from "./e2e/support/program";

/** What a build answers; ways around the middleware are of no use where there is none. */
const SURFACES = "tests/inventory/**/*.spec.ts";

export default defineConfig<object, GatehouseOptions>({
  testDir: ".",
  globalSetup: "./e2e/support/global-setup.ts",
  outputDir: "test-results",
  workers: 2,
  forbidOnly: process.env["CI"] === "true",
  retries: process.env["CI"] === "true" ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    headless: true,
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    launchOptions: {
      // Chosen by `npm test`; without it Playwright looks for its own download.
      executablePath: process.env["PLAYWRIGHT_CHROMIUM_PATH"],
      args: ["--no-sandbox", "--disable-background-networking"],
    },
  },
  projects: [
    { name: "stories", testMatch: "e2e/**/*.spec.ts" },
    { name: "attacks", testMatch: "tests/attacks/**/*.spec.ts" },
    { name: "inventory", testMatch: "tests/inventory/**/*.spec.ts" },
    // D2: what the middleware does must not be what refuses. The same
    // questions are asked of a build that has none.
    {
      name: "take out middleware",
      testMatch: "tests/support/without-middleware.setup.ts",
    },
    {
      name: "no middleware",
      testMatch: SURFACES,
      // The middleware is not asked about endpoints: the step before makes sure of it.
      grepInvert: /\bendpoint [A-Z]+ \//,
      dependencies: ["take out middleware"],
      use: { programDir: WITHOUT_MIDDLEWARE },
    },
  ],
});
