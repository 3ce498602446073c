import { expect, test } from "../../e2e/support/fixtures";
import { type HttpAnswer, redirectTarget, send } from "../../e2e/support/http";
import { addPerson, openSession, SESSION_COOKIE } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { addRecoveryCode, addSecondFactor, FLOW_COOKIE, sessionOf } from "../support/half-sessions";

// At each rise in what a browser has proven its cookie is another, and the one
// before opens nothing any more: who planted it or copied it is left behind
// (ATK-32; OWASP ASVS V7.2.4).

const SIGN_IN = "app/(auth)/actions.ts#signInAction";
const ANSWER = "app/(auth)/challenge/actions.ts#answerChallengeAction";

/** The value that an answer gives a cookie; undefined where it leaves it alone. */
function given(answer: HttpAnswer, name: string): string | undefined {
  const line = answer.headers["set-cookie"]?.find((text) => text.startsWith(`${name}=`));
  return line?.slice(name.length + 1).split(";")[0] || undefined;
}

const isAlive = async (url: string, session: string): Promise<boolean> =>
  (await send(url, { path: "/api/v1/me", headers: { cookie: `${SESSION_COOKIE}=${session}` } }))
    .status === 200;

test("the cookie changes from identified to first factor, second factor and step-up (ATK-32)", async ({
  gatehouse: { url, database },
  clientAddress,
}) => {
  const person = await addPerson(database);
  const attacker = await addPerson(database);
  await addSecondFactor(database, person.id);
  const [first, second, third] = [
    await addRecoveryCode(database, person.id),
    await addRecoveryCode(database, person.id),
    await addRecoveryCode(database, person.id),
  ];
  const post = (name: string, fields: Record<string, string>, cookies: Record<string, string>) =>
    callServerAction(url, {
      action: findServerAction(name),
      fields,
      account: person.id,
      headers: {
        origin: url,
        "x-forwarded-for": clientAddress,
        cookie: Object.entries(cookies)
          .map(([key, value]) => `${key}=${value}`)
          .join("; "),
      },
    });
  const planted = await openSession(database, attacker.id);

  const begun = await post(SIGN_IN, { email: person.email, via: "code" }, {});
  const identified = given(begun, FLOW_COOKIE);
  if (identified === undefined) throw new Error(`no flow began: ${begun.status}`);

  const password = { factor: "password", for: "sign-in", password: person.password };
  const past = await post(ANSWER, password, {
    [FLOW_COOKIE]: identified,
    [SESSION_COOKIE]: planted,
  });
  const firstFactor = given(past, FLOW_COOKIE);
  if (firstFactor === undefined) throw new Error(`the flow has no new cookie: ${past.status}`);
  expect(firstFactor).not.toBe(identified);
  const answer = (code: string) => ({ factor: "recovery-code", for: "sign-in", code });
  const left = await post(ANSWER, answer(first), { [FLOW_COOKIE]: identified });
  expect(redirectTarget(left)).toBe("/sign-in?notice=start-over");
  expect(given(left, SESSION_COOKIE)).toBeUndefined();

  const entered = await post(ANSWER, answer(first), {
    [FLOW_COOKIE]: firstFactor,
    [SESSION_COOKIE]: planted,
  });
  const signedIn = given(entered, SESSION_COOKIE);
  if (signedIn === undefined) throw new Error(`nobody is in: ${entered.status}`);
  expect([identified, firstFactor, planted]).not.toContain(signedIn);
  expect(await isAlive(url, signedIn)).toBe(true);
  expect(await isAlive(url, planted)).toBe(false);
  const again = await post(ANSWER, answer(second), { [FLOW_COOKIE]: firstFactor });
  expect(redirectTarget(again)).toBe("/sign-in?notice=start-over");
  expect(given(again, SESSION_COOKIE)).toBeUndefined();

  const confirmed = await post(
    ANSWER,
    { factor: "recovery-code", for: "step-up", code: third },
    { [SESSION_COOKIE]: signedIn },
  );
  const steppedUp = given(confirmed, SESSION_COOKIE);
  if (steppedUp === undefined) throw new Error(`nothing was raised: ${confirmed.status}`);
  expect(steppedUp).not.toBe(signedIn);
  expect(await isAlive(url, steppedUp)).toBe(true);
  expect(await isAlive(url, signedIn)).toBe(false);
});

test("a sign-in by password alone leaves no former session in use (ATK-32)", async ({
  gatehouse: { url, database },
  clientAddress,
}) => {
  const person = await addPerson(database);
  for (const owner of [person, await addPerson(database)]) {
    const former = await sessionOf(database, owner.id, { acr: "aal1", minutesAgo: 0 });
    const answer = await callServerAction(url, {
      action: findServerAction(SIGN_IN),
      fields: { email: person.email, password: person.password },
      headers: { origin: url, "x-forwarded-for": clientAddress, cookie: former },
    });
    const present = given(answer, SESSION_COOKIE) ?? "";
    expect(former).not.toContain(present);
    expect(await isAlive(url, present)).toBe(true);
    expect(await isAlive(url, former.slice(SESSION_COOKIE.length + 1))).toBe(false);
  }
});
