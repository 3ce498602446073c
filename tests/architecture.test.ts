import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ACTIONS, HANDLERS, PAGES } from "./inventory/surfaces";
import {
  dangerousCode,
  importsEnvironment,
  misplacedUseClient,
  misplacedUseServer,
  routeOfFile,
  type SourceFile,
  unguardedHandler,
  unguardedPage,
  unwrappedActions,
} from "./support/architecture-rules";
import { waysToPackage } from "./support/client-bundle";

// Each rule is held against the tree, and against files that break it: a rule
// that nothing can break protects nothing. What the linter (process.env) and
// the feature graph (server-only, stores, imports) say is not said again.

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string): SourceFile => ({
  path: file,
  text: readFileSync(path.join(ROOT, file), "utf8"),
});
const files = (pattern: string): SourceFile[] =>
  globSync(pattern, { cwd: ROOT })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => !/\.(test|integration\.test)\.tsx?$/.test(file))
    .sort()
    .map(read);

const PRODUCT = [
  ...files("{app,lib,components,bin}/**/*.{ts,tsx,mjs}"),
  ...files("{server,middleware,instrumentation}.ts"),
];
const PAGE_FILES = files("app/**/page.tsx");
const HANDLER_FILES = files("app/**/route.{ts,tsx}");
const ACTION_FILES = files("app/**/actions.ts");

/** What a rule finds wrong, as "file: what". */
const wrongIn = (sources: SourceFile[], rule: (source: SourceFile) => string[]): string[] =>
  sources.flatMap((source) => rule(source).map((wrong) => `${source.path}: ${wrong}`));

const isPublic = (access: string | undefined): boolean => access === "anonymous";
const actionRule = (source: SourceFile) =>
  unwrappedActions(source, (name) => isPublic(ACTIONS[`${source.path}#${name}`]?.access));

test("the rules below look at what there is", () => {
  expect(PRODUCT.length).toBeGreaterThan(200);
  expect(PAGE_FILES.map(({ path: file }) => routeOfFile(file)).sort()).toEqual(
    Object.keys(PAGES).sort(),
  );
  expect(ACTION_FILES.length).toBeGreaterThan(4);
});

test("every page that is not for everybody asks who is there before anything else (ATK-01)", () => {
  const guarded = PAGE_FILES.filter(
    ({ path: file }) => !isPublic(PAGES[routeOfFile(file)]?.access),
  );
  expect(guarded.length).toBeGreaterThan(10);
  expect(wrongIn(guarded, unguardedPage)).toEqual([]);
});

/** Forms in the signed-in frame name their account by themselves; these pages stand outside of it. */
function formsOfNobody({ path: file, text }: SourceFile): string[] {
  if (!file.startsWith("app/(auth)/")) return [];
  const actions = [...text.matchAll(/from "@\/(app\/[^"]+\/actions)"/g)];
  const ofSomebody = actions.filter(([, name]) => read(`${name}.ts`).text.includes("runAction("));
  return ofSomebody.length > 0 && !text.includes("<FormAccount")
    ? ["a form that is for somebody signed in does not say for whom"]
    : [];
}

test("every form that is for somebody signed in says for whom it was drawn (F36)", () => {
  expect(wrongIn(PAGE_FILES, formsOfNobody)).toEqual([]);
  const page = "app/(auth)/interaction/[uid]/page.tsx";
  const bare = { path: page, text: read(page).text.replaceAll("FormAccount", "div") };
  expect(formsOfNobody(bare)).toHaveLength(1);
});

/** Handlers that nobody needs a session for. Each is a decision. */
const PUBLIC_HANDLERS = [
  "/api/auth/[...nextauth]",
  "/api/auth/backchannel-logout/[provider]",
  "/api/health/live",
  "/api/health/ready",
  // By a token of their own.
  "/api/cron",
  "/api/metrics",
  "/dev/mail/[id]",
  // A proxy of ours shows that it is one; who the request behind it is from is asked there.
  "/api/gateway/[...path]",
  // The engine authenticates its clients itself.
  "/oidc/[...path]",
  "/.well-known/oauth-authorization-server/oidc",
  "/.well-known/oauth-protected-resource/api/v1",
  "/.well-known/authzen-configuration",
];

test("every route handler that is not for everybody answers through the API's table", () => {
  const guarded = HANDLER_FILES.filter(
    ({ path: file }) => !PUBLIC_HANDLERS.includes(routeOfFile(file)),
  );
  expect(wrongIn(guarded, unguardedHandler)).toEqual([]);
  for (const route of PUBLIC_HANDLERS) expect(HANDLERS).toHaveProperty([route]);
});

test("nothing answers before a guard: no loading.tsx, template.tsx or default.tsx", () => {
  expect(files("app/**/{loading,template,default}.tsx").map((source) => source.path)).toEqual([]);
});

test('"use server" stands at the top of app/**/actions.ts and nowhere else (ATK-06)', () => {
  expect(wrongIn(PRODUCT, misplacedUseServer)).toEqual([]);
});

test("every action is wrapped, and for everybody only where the inventory says so (ATK-06)", () => {
  expect(wrongIn(ACTION_FILES, actionRule)).toEqual([]);
});

test('"use client" stands in components/, _components/ and error pages', () => {
  expect(wrongIn(PRODUCT, misplacedUseClient)).toEqual([]);
});

/** What a module's name stands for, if it is a file of ours. */
function readModule(module: string, from: string): SourceFile | undefined {
  const bare = module.startsWith("@/")
    ? module.slice(2)
    : path.posix.join(path.posix.dirname(from), module);
  const file = [".ts", ".tsx"].map((extension) => bare + extension).find((name) => isFile(name));
  return file === undefined ? undefined : read(file);
}

const isFile = (name: string): boolean => existsSync(path.join(ROOT, name));

test("no client component brings zod to the browser, which tries eval against our CSP", () => {
  const components = PRODUCT.filter(({ text }) => /^"use client"/m.test(text));
  expect(components.length).toBeGreaterThan(30);
  const ways = components.flatMap((source) => waysToPackage(source, "zod", readModule));
  expect(ways).toEqual([]);
});

test("a client component that comes to a package over other files is found", () => {
  const tree: Record<string, string> = {
    "@/a": 'import { b } from "@/b";\nimport type { T } from "@/typed";',
    "@/b": 'import { z } from "zod";',
    "@/typed": 'import { z } from "zod";',
    "@/called": '"use server";\nimport { z } from "zod";',
  };
  const readFrom = (name: string) =>
    tree[name] === undefined ? undefined : { path: name, text: tree[name] };
  const from = (text: string) => waysToPackage({ path: "entry", text }, "zod", readFrom);
  expect(from('import { a } from "@/a";')).toEqual(["entry → @/a → @/b → zod"]);
  expect(from('export { b } from "@/b";')).toEqual(["entry → @/b → zod"]);
  expect(from('import "zod/mini";')).toEqual(["entry → zod/mini"]);
  expect(from('import { type T } from "@/typed";')).toEqual([]);
  expect(from('import type { T } from "@/typed";')).toEqual([]);
  expect(from('import { action } from "@/called";')).toEqual([]);
});

test("nothing turns text into statements, markup or code, or dice into secrets", () => {
  expect(wrongIn(PRODUCT, dangerousCode)).toEqual([]);
});

test("the environment is not read under another name", () => {
  const sources = PRODUCT.filter(({ path: file }) => /^(app|lib|components)\//.test(file));
  expect(wrongIn(sources, importsEnvironment)).toEqual([]);
});

/** The oldest Next without a hole that we know of (ATK-02). Raised with each advisory. */
const NEXT_FLOOR = [16, 4, 6];

function isBelow(version: string, floor: number[]): boolean {
  // A pre-release comes before the release of its numbers.
  const numbers = version.split(/[.-]/, 3).map(Number);
  const differs = floor.findIndex((part, index) => numbers[index] !== part);
  if (differs === -1) return version.includes("-");
  return !((numbers[differs] ?? 0) > (floor[differs] ?? 0));
}

test("the locked Next is none with a known hole (ATK-02)", () => {
  const { packages } = JSON.parse(read("package-lock.json").text) as {
    packages: Record<string, { version?: string }>;
  };
  const locked = Object.entries(packages)
    .filter(([name]) => name.endsWith("node_modules/next"))
    .map(([, { version = "" }]) => version);
  expect(locked.length).toBeGreaterThan(0);
  expect(locked.filter((version) => isBelow(version, NEXT_FLOOR))).toEqual([]);
});

test.each(["15.9.9", "16.4.5", "16.3.99", "16.4.6-canary.1", "", "x"])(
  "the Next %j would be refused",
  (version) => {
    expect(isBelow(version, NEXT_FLOOR)).toBe(true);
  },
);

const aPage = (...body: string[]): SourceFile => ({
  path: "app/(product)/sample/page.tsx",
  text: `import { requireCaller, requirePermission } from "@/app/_http/page";
export default async function Page({ params, searchParams }) {
${body.join("\n")}
}`,
});

test.each([
  aPage('const caller = await requireCaller("/x");', "return <p />;"),
  aPage("const { id } = await params;", "await requirePermission(id, P);", "return null;"),
  aPage('const sessions = await list(await requireCaller("/x"));', "return <p />;"),
])("a page that asks first passes %#", (page) => {
  expect(unguardedPage(page)).toEqual([]);
});

test.each([
  aPage("return <p />;"),
  aPage("const rows = await listRows();", 'await requireCaller("/x");', "return <p />;"),
  aPage('requireCaller("/x");', "return <p />;"),
  aPage('if (rare) await requireCaller("/x");', "return <p />;"),
  aPage('const a = rare ? await requireCaller("/x") : null;', "return <p />;"),
  aPage('const a = known ?? (await requireCaller("/x"));', "return <p />;"),
  aPage('const later = async () => { await requireCaller("/x"); };', "return <p />;"),
  aPage("if (early) return <p />;", 'await requireCaller("/x");'),
  aPage('try { await requireCaller("/x"); } catch {}', "return <p />;"),
  { path: "app/x/page.tsx", text: "export default async () => <p />;" },
  {
    path: "app/x/page.tsx",
    text: `import { requireCaller } from "./pretended";
export default async function Page() { await requireCaller("/x"); return <p />; }`,
  },
])("a page that asks too late, sometimes or not at all is found %#", (page) => {
  expect(unguardedPage(page)).not.toEqual([]);
});

test.each([
  "export async function GET() { return Response.json(await secrets()); }",
  `import { answerApiRequest } from "@/app/api/dispatch";
export async function GET() { return Response.json(await secrets()); }`,
])("a handler that answers by itself is found %#", (text) => {
  expect(unguardedHandler({ path: "app/x/route.ts", text })).not.toEqual([]);
});

test.each([
  ["lib/users/create-user.ts", '"use server";\nexport async function f() {}'],
  ["app/x/page.tsx", '"use server";\nexport async function f() {}'],
  ["app/x/page.tsx", 'export default function P() { async function f() { "use server"; } }'],
  ["app/x/page.tsx", 'const f = async () => { "use server"; };'],
  ["app/x/actions.ts", "export async function f() {}"],
])('a misplaced "use server" is found in %s', (file, text) => {
  expect(misplacedUseServer({ path: file, text })).not.toEqual([]);
});

const anActionsFile = (text: string): SourceFile => ({
  path: "app/x/actions.ts",
  text: `"use server";\nimport { runAction, runPublicAction } from "@/app/_http/action";\n${text}`,
});

test.each([
  "export async function f(form) { await deleteAll(); }",
  "export async function f(form) { await deleteAll(); return runAction(form, S, g); }",
  "export async function f(form) { if (form) return null; return runAction(form, S, g); }",
  "export async function f(form) { return other(form, () => runAction(form, S, g)); }",
  "export const f = async (form) => runAction(form, S, g);",
  "async function f() {}\nexport { f };",
  "export default async function f(form) { return deleteAll(form); }",
  "export async function f(form) { return runPublicAction(form, S, g); }",
])("an action that is not wrapped, or for everybody, is found: %s", (text) => {
  expect(actionRule(anActionsFile(text))).not.toEqual([]);
});

test("a wrapped action passes", () => {
  const text = "export async function f(form) { return runAction(form, S, g); }";
  expect(actionRule(anActionsFile(text))).toEqual([]);
});

test.each(["app/x/page.tsx", "lib/users/x.ts", "app/x/table.tsx", "app/components.tsx"])(
  'a misplaced "use client" is found in %s',
  (file) => {
    expect(misplacedUseClient({ path: file, text: '"use client";\nexport {};' })).not.toEqual([]);
  },
);

test.each([
  "await db.$queryRawUnsafe(sql);",
  "await db.$executeRawUnsafe(sql);",
  "const x = <p dangerouslySetInnerHTML={{ __html: text }} />;",
  "element.innerHTML = text;",
  "eval(text);",
  'new Function("return 1");',
  "const secret = Math.random();",
])("dangerous code is found: %s", (text) => {
  expect(dangerousCode({ path: "lib/x.tsx", text })).not.toEqual([]);
});

test.each(['import { env } from "node:process";', 'import process from "process";'])(
  "the environment by import is found: %s",
  (text) => {
    expect(importsEnvironment({ path: "lib/x.ts", text })).not.toEqual([]);
  },
);
