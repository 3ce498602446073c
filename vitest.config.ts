import path from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;
// `server-only` throws outside a React server bundle; tests run in plain Node.
const alias = [
  {
    find: "server-only",
    replacement: path.join(root, "node_modules/server-only/empty.js"),
  },
  { find: /^@\//, replacement: `${root}/` },
  // The services of examples/ have it installed.
  { find: /^@gatehouse\/guard$/, replacement: `${root}/packages/guard/src/guard.ts` },
  { find: /^@gatehouse\/guard\/node$/, replacement: `${root}/packages/guard/src/node.ts` },
];

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          // Properties run many cases; a loaded machine is no reason to fail.
          testTimeout: 60_000,
          include: [
            "{lib,app,components,packages,scripts,tests}/**/*.test.{ts,tsx,mjs}",
            "*.test.ts",
          ],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
          setupFiles: ["tests/support/fail-on-console.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["{lib,app,tests}/**/*.integration.test.ts"],
          setupFiles: ["tests/support/worker-database.ts", "tests/support/fail-on-console.ts"],
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "guide",
          include: ["tests/guide/*.guide.ts"],
          setupFiles: ["tests/support/fail-on-console.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["lib/{authn,authz,sessions,credentials}/**/*.ts"],
      exclude: ["**/*.test.ts"],
      reporter: [["text", { skipFull: true }]],
      // Each feature by itself: one that is covered well must not hide another.
      thresholds: Object.fromEntries(
        ["authn", "authz", "sessions", "credentials"].map((feature) => [
          `lib/${feature}/**`,
          { branches: 90 },
        ]),
      ),
    },
  },
});
