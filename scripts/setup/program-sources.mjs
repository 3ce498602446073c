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
  "public",
  "instrumentation.ts",
  "middleware.ts",
  "next.config.mjs",
  "postcss.config.mjs",
];

/** Files beside the code that no build reads. */
export const TESTS = /\.test\.(ts|tsx|mjs)$/;
