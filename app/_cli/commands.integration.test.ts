import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { COMMANDS, type CommandResult } from "@/app/_cli/commands";
import { setupIsOpen } from "@/lib/authn/first-administrator";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { FIRST_PARTY_CLIENT_ID } from "@/lib/oidc/clients";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { anInstance, aRequest, aSession } from "@/tests/support/builders";
import { aTotp } from "@/tests/support/factors";

beforeAll(async () => {
  await anInstance();
});

async function run(line: string, options = {}): Promise<CommandResult> {
  const words = line.split(" ");
  const command = COMMANDS.find((candidate) =>
    candidate.words.every((word, index) => words[index] === word),
  );
  if (!command) throw new Error(`no command ${line}`);
  return command.run(words.slice(command.words.length), options);
}

const OWNER = "owner@example.com";
const PASSWORD = "four unlikely words here";

test("the first user with every permission closes set-up (ATK-45)", async () => {
  expect(await setupIsOpen()).toBe(true);
  const created = await run(`user create ${OWNER}`, { role: ["Admin"], password: PASSWORD });
  expect(created.outcome).toBe("done");
  expect(await setupIsOpen()).toBe(false);
  const attempt = await signInWithPassword(OWNER, PASSWORD, undefined, aRequest());
  expect(attempt.outcome).toBe("authenticated");
});

test("a user without a password gets a link, printed and mailed", async () => {
  const created = await run("user create invited@example.com");
  expect(created["link"]).toMatch(/\/reset-password\?token=[\w-]{43}$/);
  const mail = await prisma().outboxMessage.findFirstOrThrow({
    where: { recipient: "invited@example.com" },
  });
  expect(mail.text).toContain(String(created["link"]));
});

test.each([
  ["user create nonsense", {}, "validation_failed"],
  ["user create weak@example.com", { password: "password123" }, "common"],
  ["user create short@example.com", { password: "short" }, "validation_failed"],
  [`user create ${OWNER}`, { password: PASSWORD }, "address_taken"],
  ["user create other@example.com", { role: ["Emperor"] }, "unknown_role"],
  ["user disable nobody@example.com", {}, "not_found"],
  ["user reset-mfa nobody@example.com", {}, "not_found"],
  [`role grant ${OWNER} Emperor`, {}, "unknown_role"],
  ["role revoke nobody@example.com User", {}, "not_found"],
  [`user disable ${OWNER}`, {}, "last_administrator"],
  [`role revoke ${OWNER} Admin`, {}, "last_administrator"],
])("%s is refused as %s", async (line, options, code) => {
  expect(await run(line, options)).toMatchObject({ outcome: "refused", code });
});

test("roles are given and taken by name, and the audit log says by whom", async () => {
  await run("user create clerk@example.com", { password: PASSWORD });
  expect(await run("role grant clerk@example.com Manager")).toMatchObject({
    roles: ["Manager", "User"],
  });
  expect(await run("role revoke clerk@example.com User")).toMatchObject({ roles: ["Manager"] });
  const events = await prisma().auditEvent.findMany({
    where: { action: { in: ["user.role_assigned", "user.role_removed"] }, actorType: "system" },
  });
  expect(events).toHaveLength(2);
});

test("disabling ends the user's sessions", async () => {
  const user = await prisma().user.findUniqueOrThrow({ where: { email: "clerk@example.com" } });
  const cookie = await aSession(user.id);
  expect((await run("user disable clerk@example.com")).outcome).toBe("done");
  expect(await findPrincipal(cookie)).toBeNull();
});

test("a disabled user is enabled again, and whoever was signed in stays out", async () => {
  const user = await prisma().user.findUniqueOrThrow({ where: { email: "clerk@example.com" } });
  const cookie = await aSession(user.id);
  expect((await run("user enable clerk@example.com")).outcome).toBe("done");
  expect(await findPrincipal(cookie)).toBeNull();
  expect(await prisma().user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject({
    status: "active",
  });
  expect((await run("user enable invited@example.com")).code).toBe("still_invited");
  await run("user disable clerk@example.com");
});

test("lost factors are taken away, with the reason on record", async () => {
  const user = await prisma().user.findUniqueOrThrow({ where: { email: OWNER } });
  await aTotp(user.id);
  const cookie = await aSession(user.id);
  const result = await run(`user reset-mfa ${OWNER}`, { reason: "lost the phone" });
  expect(result).toMatchObject({ outcome: "done", factors: ["totp"] });
  expect(await findPrincipal(cookie)).toBeNull();
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "user.factors_reset", targetId: user.id },
  });
  expect(event).toMatchObject({ actorType: "system", reason: "lost the phone" });
});

test("the list names everybody with status and roles", async () => {
  const { text } = await run("user list");
  expect(text).toContain(`${OWNER}\tactive\tAdmin`);
  expect(text).toContain("clerk@example.com\tdisabled");
});

test("the demo fills the database once, and its passwords work", async () => {
  const first = await run("demo");
  const passwords = first["passwords"] as { email: string; password: string }[];
  expect(passwords).toHaveLength(3);
  for (const { email, password } of passwords) {
    const attempt = await signInWithPassword(email, password, undefined, aRequest());
    expect(attempt.outcome).toBe("authenticated");
  }
  expect(await prisma().invoice.count()).toBe(60);
  expect(await run("demo")).toMatchObject({ outcome: "refused", code: "exists" });
});

test("the audit log is exported, checked here and elsewhere, held and erased", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "gatehouse-"));
  const file = async (name: string, { text, lines }: CommandResult) => {
    const all: string[] = lines === undefined ? [text] : [];
    for await (const line of lines ?? []) all.push(line);
    writeFileSync(path.join(dir, name), `${all.join("\n")}\n`);
    return all;
  };
  const exported = await file("events.ndjson", await run("audit export"));
  const ids = exported.map((line) => (JSON.parse(line) as { id: string }).id);
  expect(new Set(ids).size).toBe(await prisma().auditEvent.count());
  const [statement = ""] = await file("statements.txt", await run("audit checkpoints"));
  await file("keys.json", await run("audit keys"));
  const kept = { statements: path.join(dir, "statements.txt") };
  expect((await run("audit verify", kept)).text).toMatch(/^The audit log is whole\./);
  const elsewhere = {
    ...kept,
    file: path.join(dir, "events.ndjson"),
    keys: path.join(dir, "keys.json"),
  };
  expect(await run("audit verify", elsewhere)).toMatchObject({
    outcome: "done",
    links: ids.length,
    checkpoints: 1,
    findings: [],
  });
  writeFileSync(elsewhere.file, exported.slice(1).join("\n"));
  const cut = await run("audit verify", elsewhere);
  expect(cut).toMatchObject({ outcome: "refused", code: "tampered" });
  expect(cut.text).toContain("link 1\t");
  for (const [wrong, text] of [
    [{ ...elsewhere, keys: undefined }, /--keys/],
    [{ ...elsewhere, file: path.join(dir, "none") }, /none cannot be read/],
    [{ ...elsewhere, keys: elsewhere.file }, /audit keys/],
    [{ ...elsewhere, file: elsewhere.keys }, /Line 1/],
  ] as const) {
    expect((await run("audit verify", wrong)).text).toMatch(text);
  }

  const held = await run(`audit hold ${OWNER}`, { reason: "case 7" });
  expect(held.outcome).toBe("done");
  expect((await run("audit holds")).text).toContain("case 7");
  expect((await run(`audit hold ${OWNER}`, { reason: "case 7" })).code).toBe("exists");
  expect((await run(`audit erase ${OWNER}`, { reason: "asked" })).code).toBe("held");
  expect((await run(`audit release ${OWNER}`, { reason: "closed" })).outcome).toBe("done");
  expect((await run(`audit erase ${String(held["userId"])}`, { reason: "asked" })).outcome).toBe(
    "done",
  );
  for (const verb of ["hold", "release", "erase"]) {
    expect((await run(`audit ${verb} ${OWNER}`)).text).toContain("--reason");
    expect((await run(`audit ${verb} no@example.com`, { reason: "x" })).code).toBe("not_found");
  }
  expect((await run("audit rotate-key")).outcome).toBe("done");
  expect((await run("audit continue")).text).toContain("--reason");
  expect((await run("audit continue", { reason: "a test" })).outcome).toBe("done");
  const { kid } = JSON.parse(atob(statement.split(".")[0] ?? "")) as { kid: string };
  expect((await run("audit keys")).text).toContain(kid);
  expect(await run("audit verify", kept)).toMatchObject({ outcome: "done", findings: [] });
});

test("the doctor names what is wrong and what to do", async () => {
  const result = await run("doctor");
  // A throw-away cluster is not durable, and says so; all else is well.
  expect(result).toMatchObject({ outcome: "refused", code: "unhealthy" });
  const checks = result["checks"] as { name: string; problem: string | null }[];
  expect(checks.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual([
    "durability",
  ]);
});

test("a client is disabled, enabled and deleted by its id, each on record", async () => {
  const made = await run("client create Switched", { kind: "service" });
  const id = String(made["clientId"]);
  expect(made.text).toContain(`issuer ${getConfig().origin}/oidc`);
  expect((await run(`client disable ${id}`)).text).toBe("Disabled Switched.");
  expect((await run(`client disable ${id}`)).outcome).toBe("done");
  expect((await run("client list")).text).toMatch(/Switched\t.*disabled/);
  expect((await run(`client enable ${id}`)).text).toBe("Enabled Switched.");
  expect((await run(`client delete ${id}`)).text).toBe("Deleted Switched.");
  for (const verb of ["disable", "enable", "delete"]) {
    expect(await run(`client ${verb} ${id}`)).toMatchObject({ code: "not_found" });
    // The program's own client is a part of it.
    expect(await run(`client ${verb} ${FIRST_PARTY_CLIENT_ID}`)).toMatchObject({
      code: "not_found",
    });
  }
  const events = await prisma().auditEvent.findMany({
    where: { targetId: id },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ action, actorType }) => [action, actorType])).toEqual([
    ["client.created", "system"],
    ["client.disabled", "system"],
    ["client.enabled", "system"],
    ["client.deleted", "system"],
  ]);
});

test("clients are made with a secret, with a key or with neither, and listed", async () => {
  const callback = ["https://app.example/callback"];
  const shop = await run("client create Shop", { kind: "web", "redirect-uri": callback });
  expect(shop).toMatchObject({ outcome: "done", secret: expect.stringMatching(/^[\w-]{43}$/) });
  const file = path.join(mkdtempSync(path.join(tmpdir(), "gatehouse-")), "key.pem");
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(file, String(publicKey.export({ type: "spki", format: "pem" })));
  const signs = await run("client create Signs", { kind: "service", "public-key": file });
  expect(signs).toMatchObject({ outcome: "done", secret: null });
  const named = await run("client create Named", {
    kind: "web",
    "redirect-uri": callback,
    pairwise: true,
  });
  expect(named.outcome).toBe("done");
  const pushes = await run("client create Pushes", {
    kind: "web",
    "redirect-uri": callback,
    "require-par": true,
  });
  for (const [made, required] of [
    [shop, false],
    [pushes, true],
  ] as const) {
    const id = String(made["clientId"]);
    expect(await prisma().oidcClient.findUnique({ where: { id } })).toMatchObject({
      requirePushedRequests: required,
    });
  }
  expect((await run("client list")).text).toContain("registered\tSigns");
  writeFileSync(file, String(privateKey.export({ type: "pkcs8", format: "pem" })));
  for (const options of [
    { "public-key": file },
    { "public-key": `${file}.none` },
    { "public-key": file, "jwks-uri": "https://app.example/jwks" },
    { "jwks-uri": "http://app.example/jwks" },
    { "sector-identifier-uri": "https://app.example/sector" },
  ]) {
    const refused = await run("client create No", { kind: "service", ...options });
    expect([options, refused.outcome]).toEqual([options, "refused"]);
  }
});

test("what is refused says which option it was, and which roles there are", async () => {
  const options = { kind: "web", "backchannel-logout-uri": "https://10.0.0.5/logout" };
  expect((await run("client create No", options)).text.split("\n")).toEqual([
    expect.stringMatching(/^--redirect-uri: Enter at least one address/),
    expect.stringMatching(/^--backchannel-logout-uri: .*OUTBOUND_ALLOWED_HOSTS/),
  ]);
  expect((await run("client create No", { kind: "toaster" })).text).toMatch(/^--kind: Choose web/);
  for (const line of [`role grant ${OWNER} Emperor`, "user create x@example.com"]) {
    const { text } = await run(line, line.startsWith("user") ? { role: ["Emperor"] } : {});
    expect(text).toBe("There is no role named Emperor. There are: Admin, Manager, User.");
  }
});

test("tokens by which programs register themselves are made, listed and taken back (F60)", async () => {
  const made = await run("registration-token create partners", { uses: "3", expires: "1d" });
  expect(made).toMatchObject({ outcome: "done", token: expect.stringMatching(/^[\w-]{43}$/) });
  const listed = await run("registration-token list");
  expect(listed.text).toMatch(/partners\t0\/3\tapi:read\t/);
  expect(listed.text).not.toContain(String(made["token"]));
  for (const options of [{ uses: "many" }, { expires: "soon" }, { scope: ["openid"] }]) {
    const refused = await run("registration-token create x", options);
    expect([options, refused["code"]]).toEqual([options, "validation_failed"]);
  }
  expect((await run(`registration-token revoke ${String(made["id"])}`)).outcome).toBe("done");
  for (const id of [String(made["id"]), "nonsense"]) {
    expect(await run(`registration-token revoke ${id}`)).toMatchObject({ code: "not_found" });
  }
});
