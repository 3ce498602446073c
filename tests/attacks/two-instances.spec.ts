import { expect, test } from "../../e2e/support/fixtures";
import { type Gatehouse, startGatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { addPerson, openSession, type Person } from "../../e2e/support/people";
import type { Program } from "../../e2e/support/program";
import { expectPath, signIn } from "../../e2e/support/screens";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";

// FLT-20, FLT-21, F140: two programs on one database, and no request goes to the same one as that before.

let gatehouse: Gatehouse;
let first: Program;
let second: Program;

test.beforeAll(async () => {
  gatehouse = await startGatehouse("instances", { instances: 2 });
  [first, second] = gatehouse.programs as [Program, Program];
});

test.afterAll(() => gatehouse.stop());

const cookieOf = (secret: string) => `gatehouse_session=${secret}`;
const me = (program: Pick<Program, "ownUrl">, cookie: string) =>
  send(program.ownUrl, { path: "/api/v1/me", headers: { cookie } });

const tryPassword = ({ email, password }: Person, address: string, base = gatehouse.url) =>
  callServerAction(base, {
    action: findServerAction("app/(auth)/actions.ts#signInAction"),
    fields: { email, password },
    headers: { origin: gatehouse.url, "x-forwarded-for": address },
  });

test("requests alternate, and both instances serve the same build", async () => {
  const before = new Map(gatehouse.balancer?.counts());
  for (let count = 0; count < 10; count += 1) {
    expect((await send(gatehouse.url, { path: "/api/health/ready" })).status).toBe(200);
  }
  for (const { ownUrl } of [first, second]) {
    const risen = (gatehouse.balancer?.counts().get(ownUrl) ?? 0) - (before.get(ownUrl) ?? 0);
    expect(risen).toBe(5);
  }
});

test("a session of one instance counts at the other, and its end bites there on the next request (F140)", async () => {
  const person = await addPerson(gatehouse.database);
  const cookie = cookieOf(await openSession(gatehouse.database, person.id));
  const other = cookieOf(await openSession(gatehouse.database, person.id));
  expect((await me(first, cookie)).status).toBe(200);
  expect((await me(second, cookie)).status).toBe(200);
  const ended = await send(first.ownUrl, {
    method: "DELETE",
    path: "/api/v1/sessions",
    headers: { cookie: other, origin: gatehouse.url },
  });
  expect(ended.status).toBeLessThan(300);
  expect((await me(second, cookie)).status).toBe(401);
  expect((await me(first, cookie)).status).toBe(401);
});

test("a person signs in in a browser whose every request goes to another instance (FLT-20)", async ({
  newBrowser,
  clientAddress,
}) => {
  const person = await addPerson(gatehouse.database);
  const browser = await newBrowser({
    baseURL: gatehouse.url,
    extraHTTPHeaders: { "x-forwarded-for": clientAddress },
  });
  const page = await browser.newPage();
  await page.goto("/sign-in");
  await signIn(page, person);
  await expectPath(page, "/dashboard");
  await page.goto("/account/profile");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expectPath(page, "/sign-in");
});

test("guesses are counted together: both instances share one budget (FLT-21, ATK-34)", async ({
  clientAddress,
}) => {
  const person = await addPerson(gatehouse.database);
  const wrong = { ...person, password: "not the password of anybody" };
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      tryPassword(wrong, clientAddress, (index % 2 === 0 ? first : second).ownUrl),
    ),
  );
  expect(
    answers.filter(({ headers }) => String(headers["set-cookie"]).includes("session")),
  ).toEqual([]);
  const { rows } = await gatehouse.database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM audit_events
      WHERE action = 'session.rejected' AND target_id = $1 AND reason = 'invalid-credentials'`,
    [person.id],
  );
  // With a budget each there would be twice as many that were looked at.
  expect(rows[0]?.count ?? 0).toBeLessThanOrEqual(10);
});

test("an instance that is killed takes nothing with it that was acknowledged (F140)", async () => {
  test.setTimeout(120_000);
  const person = await addPerson(gatehouse.database);
  const cookie = cookieOf(await openSession(gatehouse.database, person.id));
  const third = await gatehouse.startInstance();
  expect((await me(third, cookie)).status).toBe(200);
  await third.kill();
  gatehouse.balancer?.serve([third.ownUrl, first.ownUrl, second.ownUrl]);
  for (let count = 0; count < 9; count += 1) {
    const answer = await send(gatehouse.url, { path: "/api/v1/me", headers: { cookie } });
    expect(answer.status).toBe(200);
  }
  gatehouse.balancer?.serve([first.ownUrl, second.ownUrl]);
});

test("one instance after the other is replaced under load, and no request is lost, whatever it asks for (FLT-06)", async () => {
  test.setTimeout(180_000);
  const load = new AbortController();
  const answers: string[] = [];
  /** Makes one invoice after the other, each asked for once: what makes something is not asked again. */
  const callWithoutEnd = async (cookie: string) => {
    while (!load.signal.aborted) {
      const answer = send(gatehouse.url, {
        method: "POST",
        path: "/api/v1/invoices",
        headers: { cookie, origin: gatehouse.url, "content-type": "application/json" },
        body: JSON.stringify({ customer: "Under load", amount: 1_000, currency: "EUR" }),
      });
      answers.push(await answer.then(({ status }) => String(status), String));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  const callers: Promise<void>[] = [];
  for (let count = 0; count < 4; count += 1) {
    const { id } = await addPerson(gatehouse.database, { roles: ["Admin"] });
    callers.push(callWithoutEnd(cookieOf(await openSession(gatehouse.database, id))));
  }
  const more = async () => {
    const seen = answers.length;
    await expect.poll(() => answers.length).toBeGreaterThan(seen + 20);
  };
  const isReady = async ({ ownUrl }: Program) =>
    (await send(ownUrl, { path: "/api/health/ready" })).status === 200;
  let serving = [first, second];
  try {
    for (const leaving of [first, second]) {
      const newcomer = await gatehouse.startInstance();
      gatehouse.programs.push(newcomer);
      gatehouse.balancer?.serve([...serving, newcomer].map(({ ownUrl }) => ownUrl));
      serving = [...serving.filter((one) => one !== leaving), newcomer];
      await more();
      const left = leaving.stop("SIGTERM");
      // As a balancer does that asks how it is.
      await expect.poll(() => isReady(leaving)).toBe(false);
      gatehouse.balancer?.serve(serving.map(({ ownUrl }) => ownUrl));
      await left;
      await more();
    }
  } finally {
    load.abort();
    await Promise.all(callers);
  }
  expect(answers.filter((answer) => answer !== "201")).toEqual([]);
  const { rows } = await gatehouse.database.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM invoices WHERE customer = 'Under load'",
  );
  expect(rows[0]?.count).toBe(answers.length);
});
