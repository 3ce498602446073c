import { existsSync } from "node:fs";
import { inRoot } from "./paths.mjs";

/** What the bundles are made of, besides their entries. */
export const PROGRAM_SOURCES = [
  "app",
  "components",
  "lib",
  "prisma/schema",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/setup/bundle.mjs",
];

/** What else `next build` reads. */
export const PAGE_SOURCES = [
  ...PROGRAM_SOURCES,
  "scripts/coverage-map",
  "scripts/setup/compress-static.mjs",
  "public",
  "instrumentation.ts",
  "middleware.ts",
  "next.config.mjs",
  "postcss.config.mjs",
];

/** Files beside the code that no build reads. */
export const TESTS = /\.test\.(ts|tsx|mjs)$/;

/** False in an image, which has what was built and nothing to build it from. */
export const hasSources = () => existsSync(inRoot("server.ts"));
