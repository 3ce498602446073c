import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../../e2e/support/fixtures";
import { send } from "../../e2e/support/http";
import { addPerson, openSession } from "../../e2e/support/people";
import { ROOT } from "../../e2e/support/program";
import { actAs } from "../inventory/actors";
import { makeSubjects } from "../inventory/subjects";
import { addressOf, ENDPOINT_SURFACES, PAGES } from "../inventory/surfaces";

// ATK-07: whatever a component is given travels to the browser, seen or not.
// Secrets are planted and looked for in everything that a crawl brings back.

const RSC = { rsc: "1", accept: "text/x-component" };

/** All that a GET can fetch, in all of its forms. */
function requestsOf(subjects: Awaited<ReturnType<typeof makeSubjects>>): { path: string }[] {
  const pages = Object.entries(PAGES).flatMap(([route, { path: pathOf }]) => {
    const target = pathOf?.(subjects) ?? route;
    return [{ path: target }, { path: `${target}?_rsc=abcde`, headers: RSC }];
  });
  const endpoints = Object.entries(ENDPOINT_SURFACES)
    .filter(([name]) => name.startsWith("GET "))
    .map(([name, { params, query }]) => ({
      path: addressOf(name, params?.(subjects), query?.(subjects)),
    }));
  return [...pages, ...endpoints];
}

test("nothing that a plain user fetches holds a secret or anybody else (ATK-07)", async ({
  gatehouse,
}) => {
  const { database } = gatehouse;
  const victim = await addPerson(database, { name: "Canary Victim" });
  const subjects = await makeSubjects(database);
  const secrets = await plantedSecrets(victim.id);
  const { cookie } = await actAs(database, "other", []);
  const foreign = [victim, subjects.user, subjects.owner].flatMap(({ id, email }) => [id, email]);
  // What the caller asked for by its id may be told back; whose it is may not.
  const named = new Set([subjects.user.id, subjects.owner.id]);
  for (const request of requestsOf(subjects)) {
    const answer = await send(gatehouse.url, {
      ...request,
      headers: { ...cookie, ...("headers" in request ? (request.headers as object) : {}) },
    });
    const found = [...secrets, ...foreign, "Canary Victim", "Ada & Co", "Ada &amp; Co"].filter(
      (canary) => !named.has(canary) && answer.text.includes(canary),
    );
    expect(found, `${request.path}: ${answer.status}`).toEqual([]);
  }

  async function plantedSecrets(userId: string): Promise<string[]> {
    const secret = await openSession(database, userId);
    const digest = createHash("sha256").update(secret).digest();
    return [secret, digest.toString("hex"), digest.toString("base64"), "$argon2id$", "token_hash"];
  }
});

test("nothing that an administrator fetches holds a secret", async ({ gatehouse }) => {
  const { database } = gatehouse;
  const victim = await addPerson(database);
  const secret = await openSession(database, victim.id);
  const digest = createHash("sha256").update(secret).digest();
  const subjects = { ...(await makeSubjects(database)), user: victim };
  const administrator = await actAs(database, "disabled", []);
  await database.query("UPDATE users SET status = 'active' WHERE id = $1", [administrator.userId]);
  const own = (administrator.cookie["cookie"] ?? "").split("=")[1] ?? "";
  for (const request of requestsOf(subjects)) {
    const answer = await send(gatehouse.url, {
      ...request,
      headers: {
        ...administrator.cookie,
        ...("headers" in request ? (request.headers as object) : {}),
      },
    });
    const found = [
      secret,
      own,
      digest.toString("hex"),
      digest.toString("base64"),
      "$argon2id$",
      "tokenHash",
      "passwordHash",
    ].filter((canary) => answer.text.includes(canary));
    expect(found, `${request.path}: ${answer.status}`).toEqual([]);
  }
});

test("what browsers download holds no server code and no name of a secret (ATK-66)", () => {
  const folder = path.join(ROOT, ".next/static");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter(({ name }) => name.endsWith(".map"))).toEqual([]);
  for (const { name, parentPath } of files) {
    if (!name.endsWith(".js")) continue;
    const code = readFileSync(path.join(parentPath, name), "utf8");
    for (const canary of [
      "DATABASE_URL",
      "AUTH_SECRET",
      "DATA_ENCRYPTION_KEYS",
      "argon2",
      "$queryRaw",
    ]) {
      expect(code.includes(canary), `${name} holds ${canary}`).toBe(false);
    }
  }
});

test("what the program prints holds no secret of anybody (ATK-66)", async ({ gatehouse }) => {
  const { database } = gatehouse;
  const victim = await addPerson(database);
  const secret = await openSession(database, victim.id);
  await send(gatehouse.url, {
    path: `/account/profile?token=${secret}`,
    headers: { cookie: `gatehouse_session=${secret}`, authorization: `Bearer ${secret}` },
  });
  await send(gatehouse.url, {
    method: "POST",
    path: "/api/v1/auth/register",
    headers: { "content-type": "application/json" },
    body: `{"password":"${secret}"`,
  });
  expect(gatehouse.output()).not.toContain(secret);
});
