import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test as setup } from "@playwright/test";
import { startGatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { ROOT, WITHOUT_MIDDLEWARE } from "../../e2e/support/program";
import { addressOf, ENDPOINT_SURFACES } from "../inventory/surfaces";

interface Manifest {
  middleware: { "/": { matchers: { regexp: string }[] } };
}

// The build as it would be if somebody deleted middleware.ts, or if one more
// way around it were found (ATK-01). Next runs what its manifest lists: a build
// whose manifest lists no middleware is one that has none, without the minutes
// that a second build takes.
setup("a copy of the build is left without its middleware", async () => {
  rmSync(WITHOUT_MIDDLEWARE, { recursive: true, force: true });
  mkdirSync(WITHOUT_MIDDLEWARE, { recursive: true });
  cpSync(path.join(ROOT, ".next"), path.join(WITHOUT_MIDDLEWARE, ".next"), {
    recursive: true,
    filter: (source) => !source.startsWith(path.join(ROOT, ".next/cache")),
  });
  for (const name of ["next.config.mjs", "package.json", "prisma"]) {
    cpSync(path.join(ROOT, name), path.join(WITHOUT_MIDDLEWARE, name), { recursive: true });
  }
  const file = path.join(WITHOUT_MIDDLEWARE, ".next/server/middleware-manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  expect(Object.keys(manifest.middleware)).toEqual(["/"]);
  // What it is never asked about answers alike in both builds, and is not asked again.
  const sees = (address: string): boolean =>
    manifest.middleware["/"].matchers.some(({ regexp }) => new RegExp(regexp).test(address));
  expect(sees("/admin/users")).toBe(true);
  expect(Object.keys(ENDPOINT_SURFACES).filter((name) => sees(addressOf(name)))).toEqual([]);
  writeFileSync(file, JSON.stringify({ ...manifest, middleware: {}, sortedMiddleware: [] }));

  // Only the middleware sets this header: where it is missing, none has run.
  const gatehouse = await startGatehouse("check", { dir: WITHOUT_MIDDLEWARE });
  try {
    const answer = await send(gatehouse.url, { path: "/sign-in" });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-security-policy"]).toBeUndefined();
  } finally {
    await gatehouse.stop();
  }
});
