import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const { compressStatic } = (await import(
  /* @vite-ignore */ new URL("../../../scripts/setup/compress-static.mjs", import.meta.url).href
)) as { compressStatic: (folder: string) => Promise<void> };

const SCRIPT = `console.log(${JSON.stringify("gatehouse ".repeat(200))});`;
const CHUNK = "/_next/static/chunks/app.js";

let folder: string;
let server: Server;

beforeAll(async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
  vi.stubEnv("AUTH_SECRET", "a".repeat(43));
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("LOG_LEVEL", "silent");
  folder = mkdtempSync(path.join(tmpdir(), "gatehouse-static-"));
  const served = path.join(folder, "static");
  mkdirSync(path.join(served, "chunks"), { recursive: true });
  mkdirSync(path.join(served, "media"));
  writeFileSync(path.join(served, "chunks/app.js"), SCRIPT);
  writeFileSync(path.join(served, "chunks/(group)[id].js"), SCRIPT);
  writeFileSync(path.join(served, "chunks/page.css"), "p { margin: 0 }\n".repeat(50));
  writeFileSync(path.join(served, "chunks/tiny.js"), "1");
  writeFileSync(path.join(served, "media/font.woff2"), "f".repeat(500));
  writeFileSync(path.join(folder, "secret.js"), SCRIPT);
  writeFileSync(path.join(folder, "secret.js.br"), SCRIPT);
  await compressStatic(served);
  const { answerPrecompressed, readPrecompressed } = await import(
    "@/lib/platform/http/precompressed"
  );
  const files = readPrecompressed(served);
  server = createServer((message, response) => {
    if (!answerPrecompressed(files, message, response)) response.writeHead(418).end("Next");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

/** Sends the path as it is: a URL would tidy it up. */
const ask = (asked: string, headers: Record<string, string> = {}, method = "GET") =>
  new Promise<Answer>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request(
      {
        host: "127.0.0.1",
        port,
        path: asked,
        method,
        headers: { "accept-encoding": "gzip, br", ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            bytes: Buffer.concat(chunks),
          }),
        );
      },
    )
      .on("error", reject)
      .end();
  });

test("a script comes as the build compressed it, to be kept for ever", async () => {
  const { status, headers, bytes } = await ask(CHUNK);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    "content-type": "application/javascript; charset=UTF-8",
    "content-encoding": "br",
    "content-length": String(bytes.length),
    "cache-control": "public, max-age=31536000, immutable",
    vary: "Accept-Encoding",
    "x-request-id": expect.any(String),
  });
  expect(brotliDecompressSync(bytes).toString()).toBe(SCRIPT);
  expect(bytes.length).toBeLessThan(SCRIPT.length / 10);
});

test.each([
  ["a style sheet", "/_next/static/chunks/page.css", "text/css; charset=UTF-8"],
  ["a query", `${CHUNK}?dpl=1`, "application/javascript; charset=UTF-8"],
  [
    "a name that an address writes otherwise",
    `/_next/static/chunks/${encodeURIComponent("(group)[id].js")}`,
    "application/javascript; charset=UTF-8",
  ],
])("%s is served alike", async (_what, asked, type) => {
  const { status, headers } = await ask(asked);
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe(type);
});

test("HEAD says the same, and sends nothing", async () => {
  const whole = await ask(CHUNK);
  const { status, headers, bytes } = await ask(CHUNK, {}, "HEAD");
  expect(status).toBe(200);
  expect(headers["content-length"]).toBe(whole.headers["content-length"]);
  expect(headers.etag).toBe(whole.headers.etag);
  expect(bytes).toHaveLength(0);
});

test("who has it already is told so", async () => {
  const { headers } = await ask(CHUNK);
  const etag = headers.etag ?? "";
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const again = await ask(CHUNK, { "if-none-match": known });
    expect(again.status, known).toBe(304);
    expect(again.headers.vary).toBe("Accept-Encoding");
    expect(again.bytes).toHaveLength(0);
  }
  expect((await ask(CHUNK, { "if-none-match": '"other"' })).status).toBe(200);
});

test.each(["", "gzip, deflate", "br;q=0", "br;q=0.0, gzip", "brotli", "x-br", "*"])(
  "Next answers who accepts %j",
  async (accepted) => {
    expect((await ask(CHUNK, { "accept-encoding": accepted })).status).toBe(418);
  },
);

test.each(["br", "gzip, deflate, br, zstd", "BR;q=0.1", "gzip;q=1.0,br ; q=0.5"])(
  "Brotli is for who accepts %j",
  async (accepted) => {
    expect((await ask(CHUNK, { "accept-encoding": accepted })).status).toBe(200);
  },
);

test("Next answers for parts, for other methods, and for what was not compressed", async () => {
  expect((await ask(CHUNK, { range: "bytes=0-9" })).status).toBe(418);
  expect((await ask(CHUNK, {}, "POST")).status).toBe(418);
  for (const asked of ["chunks/tiny.js", "chunks/none.js", "media/font.woff2", "chunks"])
    expect((await ask(`/_next/static/${asked}`)).status, asked).toBe(418);
});

test.each([
  "/_next/static/../secret.js",
  "/_next/static/chunks/../../secret.js",
  "/_next/static/%2e%2e/secret.js",
  "/_next/static/..%2fsecret.js",
  "/_next/static/chunks/..%5c..%5csecret.js",
  "/_next/static//chunks/app.js",
  "/_next/static/chunks/app.js.br",
  "/_next/static/chunks/app.js%00",
  "/_next/static/constructor",
  "//_next/static/chunks/app.js",
])("nothing is found at %s", async (asked) => {
  expect((await ask(asked)).status).toBe(418);
});
