import { expect, test } from "../../e2e/support/fixtures";
import { type Gatehouse, startGatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { addPerson, openSession } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { type Mode, TcpProxy } from "../support/tcp-proxy";

// FLT-07, FLT-10, INV-5, INV-6, INV-7: while the database cannot say who
// somebody is, nobody is let in, nobody waits for ever, and all is well again
// by itself afterwards.

/** No answer may take longer, whatever the database does. */
const ANSWER_MS = 12_000;
const RECOVERY_MS = 10_000;

let proxy: TcpProxy | undefined;
let gatehouse: Gatehouse;

test.beforeAll(async () => {
  gatehouse = await startGatehouse("outage", {
    through: async (databaseUrl) => {
      proxy = new TcpProxy(databaseUrl);
      await proxy.start();
      return proxy.url;
    },
  });
});

test.afterAll(async () => {
  await proxy?.setMode("pass");
  await gatehouse.stop();
  await proxy?.stop();
});

async function timed<T>(work: Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const answer = await work;
  expect(Date.now() - startedAt).toBeLessThan(ANSWER_MS);
  return answer;
}

for (const mode of ["refuse", "black-hole"] satisfies Mode[]) {
  test(`with a database that can only ${mode}, nobody is let in and nobody waits`, async ({
    clientAddress,
  }) => {
    test.setTimeout(120_000);
    const person = await addPerson(gatehouse.database, { roles: ["Admin"] });
    const cookie = `gatehouse_session=${await openSession(gatehouse.database, person.id)}`;
    const get = (path: string) => send(gatehouse.url, { path, headers: { cookie } });
    expect((await get("/api/v1/me")).status).toBe(200);
    expect((await get("/account/profile")).text).toContain(person.email);

    await proxy?.setMode(mode);
    expect((await timed(get("/api/health/live"))).status).toBe(200);
    const [ready, me, page, administration, home, action] = await Promise.all([
      timed(get("/api/health/ready")),
      timed(get("/api/v1/me")),
      timed(get("/account/profile")),
      timed(get("/admin/users")),
      timed(send(gatehouse.url, { path: "/sign-in" })),
      timed(
        callServerAction(gatehouse.url, {
          action: findServerAction("app/(auth)/actions.ts#signInAction"),
          fields: { email: person.email, password: person.password },
          headers: { origin: gatehouse.url, "x-forwarded-for": clientAddress },
        }),
      ),
    ]);
    expect(ready.status).toBe(503);
    expect(me.status).toBe(503);
    expect(me.headers["retry-after"]).toMatch(/^\d+$/);
    expect(me.json()["code"]).toBe("unavailable");
    for (const answer of [page, administration]) {
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(answer.text).not.toContain(person.email);
    }
    // Whoever has no cookie is not asked for in the database.
    expect(home.status).toBe(200);
    expect(action.headers["set-cookie"]).toBeUndefined();
    expect(action.text).toContain("We cannot reach our database right now.");

    await proxy?.setMode("pass");
    const settled = { timeout: RECOVERY_MS };
    await expect.poll(async () => (await get("/api/health/ready")).status, settled).toBe(200);
    await expect.poll(async () => (await get("/api/v1/me")).status, settled).toBe(200);
    expect((await get("/account/profile")).text).toContain(person.email);
  });
}

test("a session that was revoked during an outage stays revoked after it (INV-2)", async () => {
  const person = await addPerson(gatehouse.database);
  const cookie = `gatehouse_session=${await openSession(gatehouse.database, person.id)}`;
  const status = async () =>
    (await send(gatehouse.url, { path: "/api/v1/me", headers: { cookie } })).status;
  expect(await status()).toBe(200);
  await proxy?.setMode("refuse");
  await gatehouse.database.query("UPDATE sessions SET revoked_at = now() WHERE user_id = $1", [
    person.id,
  ]);
  expect(await status()).toBe(503);
  await proxy?.setMode("pass");
  await expect.poll(status, { timeout: RECOVERY_MS }).toBe(401);
});
