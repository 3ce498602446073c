import { registerHooks } from "node:module";
import { build } from "esbuild";
import { afterAll, expect, test, vi } from "vitest";
import { boot } from "@/lib/platform/boot";
import { held } from "@/lib/platform/tracing/scope";
import { stopTracing } from "@/lib/platform/tracing/start-tracing";
import { anInstance, aUser } from "@/tests/support/builders";
import { aTracedServer } from "@/tests/support/traced-server";

const PARTS = /@opentelemetry\/(sdk|exporter|otlp|resources)/;

const loaded: string[] = [];
const hooks = registerHooks({
  resolve: (specifier, context, next) => {
    if (PARTS.test(specifier)) loaded.push(specifier);
    return next(specifier, context);
  },
});
afterAll(async () => {
  hooks.deregister();
  await stopTracing();
});

test("without OTEL_EXPORTER_OTLP_ENDPOINT nothing of the SDK is loaded and nothing is traced", async () => {
  await anInstance();
  await boot();
  const { email, password } = await aUser();
  const server = await aTracedServer();
  const answer = await fetch(`${server.url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  await server.close();
  expect(answer.status).toBe(200);
  expect(held.tracing).toBeNull();
  expect(loaded).toEqual([]);
});

test("with it, it is", async () => {
  vi.resetModules();
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
  const fresh = await import("@/lib/platform/tracing/start-tracing");
  await fresh.startTracing();
  expect(loaded.join()).toContain("@opentelemetry/sdk-trace");
});

test("the program's own bundle loads it by a call, not as it starts", async () => {
  const { metafile } = await build({
    entryPoints: ["server.ts"],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: "server.mjs",
    logLevel: "silent",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const found = imports.filter(({ path }) => path.startsWith("@opentelemetry/"));
  expect(found.length).toBeGreaterThan(2);
  expect(found.filter(({ kind }) => kind !== "dynamic-import")).toEqual([]);
});
