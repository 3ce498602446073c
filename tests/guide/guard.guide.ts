import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AUDIENCE, aKey, anIssuer, type Issuer } from "@/packages/guard/tests/an-issuer";
import { stepsOf } from "@/tests/guide/guide-steps";

// Packs the guard, installs the file where nothing else of this repository is, and follows
// docs/guard.md there: its code has to have the types of the real frameworks, and to serve.

const ROOT = path.resolve(import.meta.dirname, "../..");
const PACKAGE = path.join(ROOT, "packages/guard");
const BYTES_MAX = 10_240;
const FRAMEWORKS = ["express", "fastify", "hono", "next", "react", "react-dom"];
const TYPES = ["@types/node", "@types/express", "@types/react"];
const ADAPTERS = ["express", "fastify", "hono", "next", "node"];

const steps = stepsOf(readFileSync(path.join(ROOT, "docs/guard.md"), "utf8"));
/** Code of shorter pages, which is for reading; it has the same types. */
const READ = ["packages/guard/README.md", "examples/services/README.md"].flatMap((page) =>
  [...readFileSync(path.join(ROOT, page), "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
    ([, content = ""], index) => ({
      file: `read/${path.basename(path.dirname(page))}-${index}.ts`,
      content,
    }),
  ),
);
const samples = steps.flatMap((step) => (step.kind === "create" ? [step] : []));

let folder: string;
let app: string;
let installed: string;
let issuer: Issuer;
let origin: string;
const endings: (() => unknown)[] = [];

const run = promisify(execFile);

async function inFolder(cwd: string, file: string, args: string[]): Promise<string> {
  try {
    return (await run(file, args, { cwd, env: { PATH: process.env["PATH"] } as never })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

const tsc = (cwd: string, ...args: string[]) =>
  inFolder(cwd, process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), ...args]);

/** A package of the repository's, as if npm had installed it. */
function install(name: string): void {
  const target = path.join(app, "node_modules", name);
  mkdirSync(path.dirname(target), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules", name), target);
}

function write(file: string, content: string): void {
  const target = path.join(app, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

const OPTIONS = {
  target: "ES2023",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "gatehouse-guard-"));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  await inFolder(PACKAGE, "npm", ["pack", "--pack-destination", folder]);
  const packed = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";

  app = path.join(folder, "app");
  installed = path.join(app, "node_modules/@gatehouse/guard");
  mkdirSync(installed, { recursive: true });
  const archive = path.join(folder, packed);
  await inFolder(installed, "tar", ["-xzf", archive, "--strip-components=1"]);
  install("jose");
  issuer = await anIssuer();
  origin = await serveIssuer();
});
beforeEach(() => {
  issuer.time = Date.now();
});
afterAll(async () => {
  for (const end of endings.toReversed()) await end();
});

/** The issuer on a port of this machine; decides that only order 7 may be seen. */
async function serveIssuer(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answers: Record<string, () => unknown> = {
        "/oidc/jwks": () => ({ keys: issuer.published }),
        "/oidc/token": () => ({ access_token: "own", expires_in: 600 }),
        "/access/v1/evaluation": () => {
          const asked = JSON.parse(Buffer.concat(chunks).toString()) as {
            resource: { id: string };
          };
          return { decision: asked.resource.id === "7" };
        },
      };
      const answer = answers[request.url ?? ""];
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(JSON.stringify(answer?.() ?? {}));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  endings.push(() => server.close());
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

test("the packed file has the code, its types, its licence and nothing of the sources", () => {
  const files = readdirSync(installed, { recursive: true }).map(String).sort();
  expect(files.filter((file) => !file.startsWith("dist"))).toEqual([
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  for (const name of ["guard", ...ADAPTERS]) {
    expect(files).toEqual(expect.arrayContaining([`dist/${name}.js`, `dist/${name}.d.ts`]));
  }
  expect(files.filter((file) => /test|issuer|\.map$/.test(file))).toEqual([]);
  const { dependencies } = JSON.parse(
    readFileSync(path.join(installed, "package.json"), "utf8"),
  ) as { dependencies: object };
  expect(Object.keys(dependencies)).toEqual(["jose"]);
});

test("all of its code is under 10 KB compressed by gzip: as installed, and as bundled it is smaller", async () => {
  const dist = path.join(installed, "dist");
  const code = readdirSync(dist).filter((file) => file.endsWith(".js"));
  const asInstalled = code.map((file) => readFileSync(path.join(dist, file), "utf8")).join("");
  expect(gzipSync(asInstalled, { level: 9 }).length).toBeLessThan(BYTES_MAX);

  const everything = ["guard", ...ADAPTERS]
    .map((name) => `export * as ${name} from "./node_modules/@gatehouse/guard/dist/${name}.js";`)
    .join("\n");
  const bytes = async (external: string[]): Promise<number> => {
    const { outputFiles } = await build({
      stdin: { contents: everything, resolveDir: app },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      write: false,
      external,
    });
    return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  };
  expect(await bytes(["jose"])).toBeLessThan(7_168);
  // With what it uses of jose.
  expect(await bytes([])).toBeLessThan(14_336);
});

test("every adapter is loaded, and has its types, where no framework is", async () => {
  const names = ["", ...ADAPTERS.map((name) => `/${name}`)].map(
    (name) => `@gatehouse/guard${name}`,
  );
  const imports = names.map((name, index) => `import * as m${index} from "${name}";`);
  const used = names.map((_, index) => `m${index}`).join(", ");
  write("bare.ts", `${imports.join("\n")}\nexport const all = [${used}];\n`);
  write("bare.mjs", names.map((name) => `await import("${name}");`).join("\n"));
  const compilerOptions = {
    ...OPTIONS,
    noEmit: true,
    skipLibCheck: false,
    lib: ["ES2023", "DOM"],
    types: [],
  };
  write("bare.json", JSON.stringify({ compilerOptions, files: ["bare.ts"] }));
  write("package.json", JSON.stringify({ type: "module", private: true }));
  await tsc(app, "-p", "bare.json");
  expect(await inFolder(app, process.execPath, ["bare.mjs"])).toBe("");
});

/** Serves what has a `fetch` or is a route of Next, as their servers would. */
const BRIDGE = `
import { createServer } from "node:http";
import { NextRequest } from "next/server.js";
const [kind] = process.argv.slice(2);
const load = (file) => import(new URL(file, import.meta.url).href);
const hono = kind === "hono" ? (await load("./out/hono.js")).default : null;
const list = kind === "next" ? await load("./out/app/orders/route.js") : null;
const one = kind === "next" ? await load("./out/app/orders/[id]/route.js") : null;
async function answer(request) {
  if (hono) return hono.fetch(request);
  const id = /^\\/orders\\/([^/]+)$/.exec(new URL(request.url).pathname)?.[1];
  const asked = new NextRequest(request);
  return id ? one.GET(asked, { params: Promise.resolve({ id }) }) : list.GET(asked, { params: Promise.resolve({}) });
}
createServer(async (incoming, outgoing) => {
  const request = new Request("http://" + incoming.headers.host + incoming.url, { headers: incoming.headers });
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
}).listen(Number(process.env.PORT));
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** Starts a program of the page and answers its address once it is there. */
async function start(...args: string[]): Promise<string> {
  const port = await freePort();
  const env = { PATH: process.env["PATH"], PORT: String(port), CLIENT_ID: "a", CLIENT_SECRET: "b" };
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: app,
    env: env as never,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let problem = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    problem += chunk.toString();
  });
  endings.push(() => child.kill());
  const address = `http://localhost:${port}`;
  for (let waited = 0; waited < 400; waited += 1) {
    if (child.exitCode !== null) break;
    const isThere = await fetch(address).then(
      () => true,
      () => false,
    );
    if (isThere) return address;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error(`${args.join(" ")} does not serve\n${problem}`);
}

describe("the page's code", () => {
  beforeAll(async () => {
    for (const name of [...FRAMEWORKS, ...TYPES]) install(name);
    for (const { file, content } of [...samples, ...READ]) {
      write(file, content.replaceAll("https://id.example.com", origin));
    }
    write("bridge.mjs", BRIDGE);
    const compilerOptions = {
      ...OPTIONS,
      skipLibCheck: true,
      outDir: "out",
      rootDir: ".",
      types: ["node"],
    };
    const files = [...samples, ...READ].map(({ file }) => file);
    write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
    await tsc(app, "-p", ".");
  });

  const claims = () => ({ iss: `${origin}/oidc`, aud: `${origin}/api/v1`, scope: "api:read" });
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url, { headers });
    const body: unknown = await response.json();
    return { status: response.status, challenge: response.headers.get("www-authenticate"), body };
  };

  test("is there for every adapter", () => {
    expect(READ).toHaveLength(2);
    expect(samples.map(({ file }) => file)).toEqual([
      "guard.ts",
      "express.ts",
      "fastify.ts",
      "hono.ts",
      "app/orders/route.ts",
      "app/orders/[id]/route.ts",
      "node.ts",
      "behind-the-gateway.ts",
    ]);
  });

  test.each([
    ["Express", ["out/express.js"]],
    ["Fastify", ["out/fastify.js"]],
    ["Hono", ["bridge.mjs", "hono"]],
    ["Next's route handlers", ["bridge.mjs", "next"]],
    ["node:http", ["out/node.js"]],
  ])("serves with %s", async (_, args) => {
    const service = await start(...args);
    expect(await get(`${service}/orders`)).toMatchObject({
      status: 401,
      challenge: 'Bearer, DPoP algs="ES256 EdDSA Ed25519"',
      body: { code: "credentials_missing" },
    });
    const authorization = `Bearer ${await issuer.token(claims())}`;
    expect(await get(`${service}/orders?page=2`, { authorization })).toMatchObject({
      status: 200,
      body: { of: "ada" },
    });
    const forged = `Bearer ${await issuer.token(claims(), {}, { ...(await aKey()), kid: issuer.key.kid })}`;
    expect(await get(`${service}/orders`, { authorization: forged })).toMatchObject({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
    });
    const narrow = `Bearer ${await issuer.token({ ...claims(), scope: "openid" })}`;
    expect(await get(`${service}/orders`, { authorization: narrow })).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="api:read"',
    });
    expect(await get(`${service}/orders/7`, { authorization })).toMatchObject({
      status: 200,
      body: { id: "7", of: "ada" },
    });
    expect(await get(`${service}/orders/8`, { authorization })).toMatchObject({
      status: 403,
      challenge: null,
      body: { code: "access_denied" },
    });
    const key = await aKey();
    const jkt = await calculateJwkThumbprint(key.publicJwk);
    const token = await issuer.token({ ...claims(), cnf: { jkt } });
    const dpop = await issuer.proof(token, key);
    const bound = { authorization: `DPoP ${token}`, dpop };
    expect(await get(`${service}/orders`, bound)).toMatchObject({ status: 200 });
    expect(await get(`${service}/orders`, bound)).toMatchObject({
      status: 401,
      body: { code: "invalid_dpop_proof" },
    });
  });

  test("takes what the gateway has signed, for one request", async () => {
    const service = await start("out/behind-the-gateway.js");
    const said = { iss: `${origin}/oidc`, aud: AUDIENCE };
    const assertion = { "gatehouse-assertion": await issuer.assertion(said) };
    expect(await get(`${service}/orders?page=2`, assertion)).toMatchObject({
      status: 200,
      body: { of: "ada", in: "acme" },
    });
    const other = { "gatehouse-assertion": await issuer.assertion({ ...said, htm: "POST" }) };
    expect(await get(`${service}/orders`, other)).toMatchObject({ status: 401 });
  });
});
