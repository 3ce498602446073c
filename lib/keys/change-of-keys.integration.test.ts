import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { beforeEach, describe, expect, test } from "vitest";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { issueChallenge, redeemProof } from "@/lib/authn/proof-of-work";
import { beginSignIn } from "@/lib/authn/sign-in-flow";
import { guessSmsCode, sendSmsCode } from "@/lib/credentials/sms-code/sms-codes";
import { secretPlaceOf } from "@/lib/federation/connections";
import { describeEncryptionKeys } from "@/lib/keys/describe-keys";
import { reencryptColumns, reencryptDue } from "@/lib/keys/reencrypt-columns";
import { issueFirstPartyTokens } from "@/lib/oidc/first-party";
import { loadProviderKeys } from "@/lib/oidc/signing-keys";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { seal, unseal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { type Answer, send } from "@/tests/support/api";
import { aClient, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { aConnection } from "@/tests/support/connections";
import { aFlow, aNumber, aTotp, totpCode } from "@/tests/support/factors";
import {
  both,
  lookAtSigningKeysAgain,
  NEW_KEYS,
  OLD_KEYS,
  restartWith,
} from "@/tests/support/keys";
import { codeTextedTo, mailsTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

// Every test begins with the old keys alone, as an installation before the change (FLT-23).

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.mjs");

const machine = serveMachinePaths();

beforeEach(async () => {
  // Signing keys of an earlier test were sealed by another one's keys.
  await prisma().signingKey.deleteMany();
  await prisma().$executeRaw`TRUNCATE upstream_sessions, credentials_totp, connections CASCADE`;
  restartWith(OLD_KEYS);
});

const CHANGES = [
  ["the new keys come first", () => restartWith(both(NEW_KEYS, OLD_KEYS))],
  [
    "the old keys are gone after re-encryption",
    async () => {
      restartWith(both(NEW_KEYS, OLD_KEYS));
      await reencryptDue();
      restartWith(NEW_KEYS);
    },
  ],
] as const;

const refresh = (cookie: string): Promise<Answer> =>
  send(null, "POST", "/api/v1/auth/refresh", {}, { cookie: `gatehouse_refresh=${cookie}` });
const refreshCookieOf = ({ headers }: Answer): string =>
  /gatehouse_refresh=([^;]*)/.exec(String(headers["set-cookie"]))?.[1] ?? "";

describe.each(CHANGES)("when %s", (_, change) => {
  test("a browser's session, a personal access token and refresh tokens go on", async () => {
    const user = await aUser();
    const cookie = await aSession(user.id);
    const caller = await callerWith(cookie);
    const made = await createToken(caller, { name: "CI", scopes: ["api:read"], lifetimeDays: 1 });
    if (made.outcome !== "created") throw new Error(made.reason);
    const first = await issueFirstPartyTokens(user.id, caller.principal.session.id);
    const app = await signInToAnApp(cookie);

    await change();

    expect((await findPrincipal(cookie))?.userId).toBe(user.id);
    const authorization = `Bearer ${made.secret}`;
    expect((await send(null, "GET", "/api/v1/me", undefined, { authorization })).status).toBe(200);
    const refreshed = await refresh(first.refreshToken);
    expect(refreshed.status).toBe(200);
    const bearer = { authorization: `Bearer ${refreshed.body.access_token}` };
    expect((await send(null, "GET", "/api/v1/me", undefined, bearer)).status).toBe(200);
    expect((await refresh(refreshCookieOf(refreshed))).status).toBe(200);
    expect((await app.refresh()).status).toBe(200);
  });

  test("authenticator apps, connections' secrets and signing keys are readable", async () => {
    const user = await aUser();
    const text = await aTotp(user.id);
    const connectionId = await aSealedConnection("their secret");
    const { version } = await loadProviderKeys();

    await change();

    expect((await loadProviderKeys()).version).toBe(version);
    const row = await prisma().connection.findUniqueOrThrow({ where: { id: connectionId } });
    expect(unseal(row.clientSecret, secretPlaceOf(connectionId)).toString()).toBe("their secret");
    const { email, password } = user;
    const login = await send(null, "POST", "/api/v1/auth/login", { email, password });
    const { mfa_token } = login.body;
    const code = totpCode(text, 1);
    const answer = { mfa_token, factor: "totp", code };
    expect((await send(null, "POST", "/api/v1/auth/mfa", answer)).status).toBe(200);
  });
});

describe("while the old keys are still there", () => {
  const change = () => restartWith(both(NEW_KEYS, OLD_KEYS));

  test("a sign-in that is under way goes on, with the code that was mailed", async () => {
    const user = await aUser();
    const browser = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: undefined };
    await promptFactor(browser, "email-code", aRequest(), "code");
    const code = /\b\d{6}\b/.exec((await mailsTo(user.email)).at(-1)?.text ?? "")?.[0] ?? "";
    change();
    const terms = { trustDevice: false };
    const result = await attemptFactor(browser, "email-code", { code }, terms, aRequest());
    expect(result.outcome).toBe("authenticated");
  });

  test("a code that was texted is good, and another one is not", async () => {
    const { id: userId } = await aUser();
    const [number, flowId] = [aNumber(), await aFlow()];
    Object.assign(getConfig().sms, {
      webhook: { url: "https://sms.example.com", key: Buffer.alloc(32) },
    });
    try {
      const scope = { flowId, sessionId: null };
      expect(await sendSmsCode({ userId, number, scope }, aRequest())).toMatchObject({
        outcome: "asked",
      });
      const code = await codeTextedTo(number);
      change();
      const wrong = code === "000000" ? "000001" : "000000";
      expect(await guessSmsCode({ userId, number, scope }, wrong)).toMatchObject({
        reason: "wrong",
      });
      expect(await guessSmsCode({ userId, number, scope }, code)).toMatchObject({
        outcome: "right",
      });
    } finally {
      Object.assign(getConfig().sms, { webhook: null });
    }
  });

  test("an app's sign-in that is under way goes on: its cookies are signed by the old secret", async () => {
    const cookie = await aSession((await aUser()).id);
    const app = await signInToAnApp(cookie, change);
    expect((await app.refresh()).status).toBe(200);
  });

  test("an access token of before is good, and is revoked as before", async () => {
    const user = await aUser();
    const { principal } = await callerWith(await aSession(user.id));
    const { accessToken, refreshToken } = await issueFirstPartyTokens(
      user.id,
      principal.session.id,
    );
    change();
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await send(null, "GET", "/api/v1/me", undefined, headers)).status).toBe(200);
    const cookie = { cookie: `gatehouse_refresh=${refreshToken}` };
    expect((await send(null, "POST", "/api/v1/auth/logout", {}, cookie)).status).toBe(204);
    expect((await send(null, "GET", "/api/v1/me", undefined, headers)).status).toBe(401);
  });

  test("a refresh that is repeated across the change finds the same successor (DEC-2)", async () => {
    const user = await aUser();
    const { principal } = await callerWith(await aSession(user.id));
    const { refreshToken } = await issueFirstPartyTokens(user.id, principal.session.id);
    const before = await refresh(refreshToken);
    change();
    const again = await refresh(refreshToken);
    expect([before.status, again.status]).toEqual([200, 200]);
    expect(refreshCookieOf(again)).toBe(refreshCookieOf(before));
    expect((await refresh(refreshCookieOf(again))).status).toBe(200);
  });

  test("instances with other first keys, asked at once, sign nobody out", async () => {
    const user = await aUser();
    const { principal } = await callerWith(await aSession(user.id));
    const { refreshToken } = await issueFirstPartyTokens(user.id, principal.session.id);
    restartWith(both(OLD_KEYS, NEW_KEYS));
    const one = await refresh(refreshToken);
    restartWith(both(NEW_KEYS, OLD_KEYS));
    const others = await race(5, () => refresh(refreshToken));
    const cookies = [one, ...others].map(refreshCookieOf);
    expect(new Set(cookies).size).toBe(1);
    expect((await refresh(cookies[0] ?? "")).status).toBe(200);
  });

  test("work that a browser does on a challenge of before counts", async () => {
    const challenge = issueChallenge("somebody", 1);
    change();
    const found = await (async () => {
      for (let number = 0; ; number += 1) {
        if (await redeemProof(`${challenge.token}:${number}`, "somebody", 1)) return true;
        if (number > 50) return false;
      }
    })();
    expect(found).toBe(true);
  });
});

describe("re-encryption", () => {
  const ROWS = 600;

  /** Many id tokens of providers, sealed with the keys of now. */
  async function manySealed(): Promise<void> {
    await prisma().upstreamSession.createMany({
      data: Array.from({ length: ROWS }, (_, index) => {
        const id = newId();
        const place = `upstream_sessions.id_token:${id}`;
        const idToken = seal(Buffer.from(`token ${index}`), place);
        return { id, provider: "acme", subject: String(index), idToken };
      }),
    });
  }

  async function expectAllReadable(): Promise<void> {
    for (const { id, subject, idToken } of await prisma().upstreamSession.findMany()) {
      const plain = unseal(idToken, `upstream_sessions.id_token:${id}`).toString();
      expect(plain).toBe(`token ${subject}`);
    }
  }

  const valuesOf = async () => (await describeEncryptionKeys()).map(({ values }) => values);

  test("that is stopped half-way leaves everything readable, and the next run does the rest", async () => {
    await manySealed();
    restartWith(both(NEW_KEYS, OLD_KEYS));
    for await (const { done } of reencryptColumns(aRequest())) {
      expect(done).toBeGreaterThan(0);
      break;
    }
    const [first = 0, further = 0] = await valuesOf();
    expect(first).toBeGreaterThan(0);
    expect(further).toBeGreaterThan(0);
    expect(first + further).toBe(ROWS);
    await expectAllReadable();
    expect(await reencryptDue()).toBe(further);
    expect(await reencryptDue()).toBe(0);
    restartWith(NEW_KEYS);
    await expectAllReadable();
    expect(await valuesOf()).toEqual([ROWS]);
  });

  test("by the command line, killed in the middle and run again, loses nothing", async () => {
    await manySealed();
    restartWith(both(NEW_KEYS, OLD_KEYS));
    const killed = await runCli((line, kill) => {
      if (line["outcome"] === "progress") kill();
    });
    expect(killed.code).not.toBe(0);
    await expectAllReadable();
    const [done = 0, left = 0] = await valuesOf();
    expect(done).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(0);
    const finished = await runCli();
    expect(finished.code).toBe(0);
    expect(finished.lines.at(-1)).toEqual({ outcome: "done", done: left, unreadable: 0 });
    restartWith(NEW_KEYS);
    await expectAllReadable();
  }, 60_000);

  test("by many at once does everything once and breaks nothing", async () => {
    await manySealed();
    restartWith(both(NEW_KEYS, OLD_KEYS));
    const counts = await race(4, () => reencryptDue());
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ROWS);
    restartWith(NEW_KEYS);
    await expectAllReadable();
  });

  test("says what no key opens, and leaves it alone", async () => {
    await manySealed();
    restartWith(NEW_KEYS);
    const run = reencryptColumns(aRequest());
    let step = await run.next();
    while (step.done !== true) step = await run.next();
    expect(step.value).toEqual({ done: 0, unreadable: ROWS });
    expect(await describeEncryptionKeys()).toMatchObject([
      { state: "first", values: 0 },
      { state: "missing", values: ROWS },
    ]);
    restartWith(both(NEW_KEYS, OLD_KEYS));
    await expectAllReadable();
  });

  test("never puts an older value over a newer one", async () => {
    const id = await aSealedConnection("before");
    restartWith(both(NEW_KEYS, OLD_KEYS));
    const run = reencryptColumns(aRequest());
    const { pool } = await import("@/lib/platform/db/pool");
    const { query } = pool();
    // Between reading and writing, somebody replaces the secret.
    let replaced = false;
    pool().query = (async (...given: unknown[]) => {
      const text = String(given[0]);
      if (!replaced && text.includes("UPDATE connections")) {
        replaced = true;
        const clientSecret = seal(Buffer.from("after"), secretPlaceOf(id));
        await prisma().connection.update({ where: { id }, data: { clientSecret } });
      }
      return (query as (...all: unknown[]) => unknown).apply(pool(), given);
    }) as typeof query;
    try {
      for await (const { overtaken } of run) expect(overtaken).toBe(1);
    } finally {
      pool().query = query;
    }
    expect(replaced).toBe(true);
    const row = await prisma().connection.findUniqueOrThrow({ where: { id } });
    expect(unseal(row.clientSecret, secretPlaceOf(id)).toString()).toBe("after");
  });
});

const aSealedConnection = async (secret: string): Promise<string> =>
  (await aConnection({ secret })).id;

/** Somebody signed in to an app that keeps a refresh token; `meanwhile` is done on the way. */
async function signInToAnApp(cookie: string, meanwhile: () => void = () => undefined) {
  const { clientId } = await aClient({
    name: "Notes",
    kind: "single_page",
    redirectUris: [CALLBACK],
    scopes: ["api:read"],
  });
  const pkce = aPkce();
  const browser = new Browser(machine, cookie);
  const url = authorizationUrl(clientId, pkce, {
    scope: "openid offline_access",
    prompt: "consent",
  });
  // The first answer sets the engine's cookies, which the next ones need.
  const first = await browser.get(url);
  meanwhile();
  const next = new URL(first.headers.get("location") ?? url, url);
  const landed = await browser.authorize(next.href);
  const code = landed.searchParams.get("code");
  if (code === null) throw new Error(`no code at ${landed.href}`);
  const redeemed = await post(machine, "/token", {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: CALLBACK,
    code_verifier: pkce.verifier,
  });
  const refreshToken = String(redeemed.body["refresh_token"]);
  lookAtSigningKeysAgain();
  return {
    refresh: () =>
      post(machine, "/token", {
        grant_type: "refresh_token",
        client_id: clientId,
        refresh_token: refreshToken,
      }),
  };
}

interface CliRun {
  code: number | null;
  lines: Record<string, unknown>[];
}

/** `gatehouse keys reencrypt --json` with the keys of now, as a process of its own. */
function runCli(
  onLine: (line: Record<string, unknown>, kill: () => void) => void = () => undefined,
): Promise<CliRun> {
  const { dataEncryptionKeys, authSecrets, database } = getConfig();
  const child = spawn(process.execPath, [CLI, "keys", "reencrypt", "--json"], {
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      AUTH_SECRET: authSecrets.join(),
      DATA_ENCRYPTION_KEYS: dataEncryptionKeys.join(),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Record<string, unknown>[] = [];
  createInterface(child.stdout).on("line", (text) => {
    const line = JSON.parse(text) as Record<string, unknown>;
    lines.push(line);
    onLine(line, () => child.kill("SIGKILL"));
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, lines }));
  });
}
