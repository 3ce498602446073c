import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import {
  type BegunTest,
  beginTest,
  findTest,
  finishTest,
} from "@/lib/federation/doctor/test-connection";
import type { Problem, TestStep } from "@/lib/federation/doctor/test-step";
import { changeConnection } from "@/lib/federation/manage-connections";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, anInstance, callerOf } from "@/tests/support/builders";
import { aConnection } from "@/tests/support/connections";
import { aVerifiedDomain } from "@/tests/support/domains";
import {
  type Faults,
  type FaultyProvider,
  startFaultyProvider,
} from "@/tests/support/faulty-provider";
import { race } from "@/tests/support/race";

let provider: FaultyProvider;
let admin: Caller;
beforeAll(async () => {
  provider = await startFaultyProvider();
  Object.assign(getConfig(), { outboundAllowedHosts: ["127.0.0.1"] });
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});
afterAll(() => provider.stop());
afterEach(() => {
  provider.faults = {};
});

type Overrides = Parameters<typeof aConnection>[0];

async function begin(overrides: Overrides = {}) {
  const connection = await aConnection({ issuer: provider.issuer, enabled: false, ...overrides });
  const begun = await beginTest(admin, connection.id);
  if (begun === null) throw new Error("there is no such connection");
  return { connection, begun };
}

/** The provider's answer to a browser that was sent there. */
function answerTo({ address }: BegunTest, extra: Record<string, string> = {}): URLSearchParams {
  const { searchParams } = new URL(address ?? "");
  provider.nonce = searchParams.get("nonce") ?? "";
  return new URLSearchParams({ code: "code", state: searchParams.get("state") ?? "", ...extra });
}

/** Goes the whole way, as far as it goes, and says what was found. */
async function diagnose(
  faults: Faults,
  {
    connection: overrides,
    answer = {},
  }: { connection?: Overrides; answer?: Record<string, string> },
) {
  provider.faults = faults;
  const { connection, begun } = await begin(overrides);
  if (begun.address !== null) {
    const params = answerTo(begun, answer);
    if ("error" in answer) params.delete("code");
    expect(await finishTest(admin, connection.slug, params)).toEqual({
      connectionId: connection.id,
      testId: begun.testId,
    });
  }
  const result = await findTest(admin, connection.id, begun.testId);
  if (result === null) throw new Error("there is no result");
  return result;
}

const problemsOf = (steps: TestStep[]): (Problem | undefined)[] =>
  steps.filter(({ outcome }) => outcome !== "passed").map(({ problem }) => problem);

test("a connection that works passes every step, shows the claims and signs nobody in", async () => {
  const before = await prisma().session.count();
  const result = await diagnose({}, {});
  expect(result.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
    ["discovery", "passed"],
    ["request", "passed"],
    ["callback", "passed"],
    ["token", "passed"],
    ["signature", "passed"],
    ["userinfo", "passed"],
    ["account", "passed"],
  ]);
  expect(result.claims.idToken).toMatchObject({ sub: "ada", aud: "gatehouse" });
  expect(result.claims.userinfo).toMatchObject({ email: "ada@corp.example" });
  expect(result.waiting).toBe(false);
  expect(await prisma().session.count()).toBe(before);
  expect(await prisma().user.count({ where: { email: "ada@corp.example" } })).toBe(0);
});

const METADATA = (changes: Record<string, unknown>): Faults => ({
  discovery: (metadata) => ({ body: { ...metadata, ...changes } }),
});
const page = (status: number, body: string): Faults => ({ authorize: { status, body } });
const tokenError = (error: string, error_description = ""): Faults => ({
  token: { status: 400, body: { error, error_description } },
});
const claim = (changes: Record<string, unknown>): Faults => ({
  idToken: (claims) => ({ ...claims, ...changes }),
});
const userinfo = (body: Record<string, unknown>, status = 200): Faults => ({
  userinfo: { status, body: { sub: "ada", ...body } },
});
const ago = (seconds: number): number => Math.floor(Date.now() / 1_000) - seconds;

interface Case {
  connection?: Overrides;
  answer?: Record<string, string>;
}

test.each<[string, Problem, Faults, Case]>([
  [
    "an address in a private network",
    "address-refused",
    {},
    { connection: { issuer: "https://10.0.0.1" } },
  ],
  [
    "an address that is not https",
    "address-refused",
    {},
    { connection: { issuer: "http://id.example.com" } },
  ],
  [
    "a host that does not exist",
    "host-unknown",
    {},
    { connection: { issuer: "https://nowhere.invalid" } },
  ],
  [
    "a port that no browser asks",
    "address-refused",
    {},
    { connection: { issuer: "http://127.0.0.1:1" } },
  ],
  [
    "an issuer without its path",
    "discovery-missing",
    { discovery: () => ({ status: 404, body: {} }) },
    {},
  ],
  [
    "a website instead of a provider",
    "discovery-not-json",
    { discovery: () => ({ body: "<html>" }) },
    {},
  ],
  ["the issuer of another", "issuer-other", METADATA({ issuer: "https://other.example.com" }), {}],
  [
    "a provider without userinfo",
    "metadata-incomplete",
    METADATA({ userinfo_endpoint: undefined }),
    {},
  ],
  [
    "a provider without PKCE",
    "pkce-unsupported",
    METADATA({ code_challenge_methods_supported: ["plain"] }),
    {},
  ],
  [
    "a method that it does not offer",
    "auth-method-unsupported",
    METADATA({ token_endpoint_auth_methods_supported: ["private_key_jwt"] }),
    {},
  ],
  [
    "a callback address that it does not know (Keycloak)",
    "redirect-uri",
    page(400, "Invalid parameter: redirect_uri"),
    {},
  ],
  [
    "a callback address that it does not know (Entra ID)",
    "redirect-uri",
    page(200, "AADSTS50011: The redirect URI"),
    {},
  ],
  [
    "a client that it does not know (Keycloak)",
    "client-unknown",
    page(400, "Client not found."),
    {},
  ],
  [
    "a client that it does not know (Entra ID)",
    "client-unknown",
    page(200, "AADSTS700016: Application"),
    {},
  ],
  ["a page that reads like a refusal", "request-refused", page(400, "No."), {}],
  ["somebody who says no", "access-denied", {}, { answer: { error: "access_denied" } }],
  [
    "consent that an administrator has to give",
    "consent-required",
    {},
    { answer: { error: "access_denied", error_description: "AADSTS65001: consent" } },
  ],
  ["a scope that is refused", "scope-refused", {}, { answer: { error: "invalid_scope" } }],
  ["an error that is sent back", "answer-error", {}, { answer: { error: "server_error" } }],
  [
    "an answer of another provider",
    "answer-issuer",
    {},
    { answer: { iss: "https://evil.example.com" } },
  ],
  [
    "a promised issuer that is missing",
    "answer-issuer",
    METADATA({ authorization_response_iss_parameter_supported: true }),
    {},
  ],
  ["a wrong secret", "secret-wrong", tokenError("invalid_client"), {}],
  ["a code that is refused", "code-refused", tokenError("invalid_grant"), {}],
  ["a token that is refused", "token-refused", tokenError("server_error"), {}],
  ["plain OAuth", "no-id-token", { signing: "none" }, {}],
  ["a token of another issuer", "id-token-issuer", claim({ iss: "https://other.example.com" }), {}],
  ["a token for another client", "id-token-audience", claim({ aud: "other" }), {}],
  ["a token of another sign-in", "id-token-nonce", claim({ nonce: "other" }), {}],
  ["a token without a nonce", "id-token-nonce", claim({ nonce: undefined }), {}],
  ["a token signed by a shared secret", "id-token-alg", { signing: "HS256" }, {}],
  ["a token that has expired", "clock", claim({ exp: ago(120) }), {}],
  ["a token from the future", "clock", claim({ iat: ago(-600), exp: ago(-900) }), {}],
  ["a key that is not published", "key-missing", { signing: "unknown key" }, {}],
  ["a signature of another key", "signature-wrong", { signing: "other key" }, {}],
  ["userinfo that is refused", "userinfo-refused", userinfo({}, 403), {}],
  ["userinfo about somebody else", "userinfo-subject", userinfo({ sub: "eve" }), {}],
  ["no address", "email-missing", userinfo({}), {}],
  [
    "an address that is not verified",
    "email-unverified",
    userinfo({ email: "ada@corp.example", email_verified: false }),
    {},
  ],
  [
    "an address that is not verified, in text",
    "email-unverified",
    userinfo({ email: "ada@corp.example", email_verified: "false" }),
    { connection: { domains: ["corp.example"] } },
  ],
  [
    "an address that nothing is said of",
    "email-unverified",
    userinfo({ email: "ada@corp.example" }),
    {},
  ],
  [
    "an address of another domain",
    "domain-not-allowed",
    {},
    { connection: { domains: ["other.example"] } },
  ],
])("%s is told as %s", async (_what, problem, faults, terms) => {
  const { steps } = await diagnose(faults, terms);
  expect(problemsOf(steps)).toEqual([problem]);
});

test("an address that nothing is said of counts at a domain that is verified, as it does for a sign-in (F83)", async () => {
  const faults = userinfo({ email: "ada@silent.example" });
  const terms = { connection: { domains: ["silent.example"] } };
  expect(problemsOf((await diagnose(faults, terms)).steps)).toEqual(["email-unverified"]);
  await aVerifiedDomain("silent.example", admin.principal.organizationId);
  expect(problemsOf((await diagnose(faults, terms)).steps)).toEqual([]);
});

test("an issuer that differs by a slash is told as issuer-slash", async () => {
  provider.faults = METADATA({ issuer: `${provider.issuer}/realm/` });
  const { connection, begun } = await begin({ issuer: `${provider.issuer}/realm` });
  expect(begun.address).toBeNull();
  const result = await findTest(admin, connection.id, begun.testId);
  expect(problemsOf(result?.steps ?? [])).toEqual(["issuer-slash"]);
});

test("a port on which nothing listens is told as unreachable", async () => {
  const stopped = await startFaultyProvider();
  await stopped.stop();
  const { steps } = await diagnose({}, { connection: { issuer: stopped.issuer } });
  expect(problemsOf(steps)).toEqual(["unreachable"]);
});

test("a port that does not speak TLS is told as tls", async () => {
  const issuer = provider.issuer.replace("http:", "https:");
  const { steps } = await diagnose({}, { connection: { issuer } });
  expect(problemsOf(steps)).toEqual(["tls"]);
});

test("a secret that the method does not carry is told as auth-method-unsupported", async () => {
  const faults = {
    ...METADATA({ token_endpoint_auth_methods_supported: ["client_secret_post"] }),
    ...tokenError("invalid_client"),
  };
  const { steps } = await diagnose(faults, {});
  expect(problemsOf(steps)).toEqual(["auth-method-unsupported", "auth-method-unsupported"]);
});

test("an answer counts once, for 50 parallel ones too (ATK-19)", async () => {
  const { connection, begun } = await begin();
  const answer = answerTo(begun);
  const results = await race(50, () => finishTest(admin, connection.slug, answer));
  expect(results.filter((result) => result !== null)).toHaveLength(1);
});

test("an answer is taken in the session that asked, at that connection, and nowhere else (ATK-11)", async () => {
  const { connection, begun } = await begin();
  const answer = answerTo(begun);
  const sameUser = await callerOf(admin.principal.userId);
  const other = await aConnection();
  expect(await finishTest(null, connection.slug, answer)).toBeNull();
  expect(await finishTest(sameUser, connection.slug, answer)).toBeNull();
  expect(await finishTest(admin, other.slug, answer)).toBeNull();
  const forged = new URLSearchParams({ code: "code", state: "A".repeat(43) });
  expect(await finishTest(admin, connection.slug, forged)).toBeNull();
  await prisma().connectionTest.update({
    where: { id: begun.testId },
    data: { expiresAt: new Date(0) },
  });
  expect(await finishTest(admin, connection.slug, answer)).toBeNull();
});

test("results are for the session that asked, and hold no token and no secret (ATK-66)", async () => {
  const { connection, begun } = await begin({ secret: "a-secret-of-the-client" });
  await finishTest(admin, connection.slug, answerTo(begun));
  expect(await findTest(admin, connection.id, begun.testId)).not.toBeNull();
  const sameUser = await callerOf(admin.principal.userId);
  expect(await findTest(sameUser, connection.id, begun.testId)).toBeNull();
  expect(await findTest(admin, newId(), begun.testId)).toBeNull();
  const row = await prisma().connectionTest.findUniqueOrThrow({ where: { id: begun.testId } });
  const text = JSON.stringify([row.steps, row.claims]);
  for (const secret of ["a-secret-of-the-client", "access", "eyJ"]) {
    expect(text).not.toContain(secret);
  }
});

test("a test needs the permission, and is on record with what it found", async () => {
  const { id } = await aConnection({ issuer: provider.issuer });
  const stranger = await aCaller({ roles: ["Manager"] });
  await expect(beginTest(stranger, id)).rejects.toBeInstanceOf(AccessDenied);
  const { connection } = await begin({ issuer: "https://10.0.0.1" });
  const event = await prisma().auditEvent.findFirstOrThrow({ where: { targetId: connection.id } });
  expect(event).toMatchObject({
    action: "connection.tested",
    outcome: "failure",
    reason: "address-refused",
  });
});

test("the secret of one issuer is never sent to another (ATK-11)", async () => {
  const secret = "the-secret-at-the-real-provider";
  const connection = await aConnection({ secret, enabled: false });
  const { id, slug, name, clientId, scopes, domains } = connection;
  const authMethod = "client_secret_basic";
  const change = { name, issuer: provider.issuer, clientId, authMethod, scopes, domains } as const;
  const ask = async () => {
    provider.shown = [];
    const begun = await beginTest(admin, id);
    if (begun !== null) await finishTest(admin, slug, answerTo(begun));
    return provider.shown.map((shown) => Buffer.from(shown.slice(6), "base64").toString());
  };
  const needed = { outcome: "rejected", reason: "secret-needed" };
  expect(await changeConnection(admin, id, change, 1)).toEqual(needed);
  const own = { ...change, clientSecret: "thesecrethere" };
  expect(await changeConnection(admin, id, own, 1)).toMatchObject({ outcome: "changed" });
  expect(await ask()).toEqual(["gatehouse:thesecrethere"]);
  // The same issuer needs none, and one that is given counts.
  const renamed = { ...change, name: "Renamed" };
  expect(await changeConnection(admin, id, renamed, 2)).toMatchObject({ outcome: "changed" });
  expect(await ask()).toEqual(["gatehouse:thesecrethere"]);
  const given = { ...change, clientSecret: "another" };
  expect(await changeConnection(admin, id, given, 3)).toMatchObject({ outcome: "changed" });
  expect(await ask()).toEqual(["gatehouse:another"]);
  const events = await prisma().auditEvent.findMany({ where: { targetId: id } });
  const text = JSON.stringify(events.map(({ before, after }) => [before, after]));
  for (const word of [secret, "thesecrethere", "another"]) expect(text).not.toContain(word);
  expect(
    events.filter(({ after }) => JSON.stringify(after).includes("secretReplaced")),
  ).toHaveLength(2);
});
