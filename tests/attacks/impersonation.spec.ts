import { createHash, randomBytes } from "node:crypto";
import type pg from "pg";
import { v7 as newId } from "uuid";
import { expect, test } from "../../e2e/support/fixtures";
import { send } from "../../e2e/support/http";
import { addPerson, openSession, SESSION_COOKIE } from "../../e2e/support/people";
import { ROOT } from "../../e2e/support/program";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { lastChange } from "../inventory/change-watch";
import { expectDecision } from "../inventory/named-decision";
import { makeSubjects } from "../inventory/subjects";
import { ACTIONS, PAGES } from "../inventory/surfaces";

// Every page and every action is asked for by somebody who acts as somebody else: what does not say
// that it is open to them is not, whatever the user may do (F101).

// Each with what it has made itself, and so on whichever worker is free.
test.describe.configure({ mode: "parallel" });

/** An administrator acts as somebody who may do everything with invoices, and administers nothing. */
async function impersonate(database: pg.Pool) {
  const admin = await addPerson(database, { roles: ["Admin"] });
  const user = await addPerson(database, { roles: ["Manager"] });
  await openSession(database, admin.id);
  const secret = randomBytes(32).toString("base64url");
  await database.query(
    `INSERT INTO sessions (id, token_hash, user_id, organization_id, acr, amr, auth_time,
                           idle_expires_at, absolute_expires_at, impersonator_id,
                           impersonator_session_id, impersonation_reason)
     SELECT $1, $2, $3, organization_id, 'urn:gatehouse:aal1', '{}', now(),
            now() + interval '15 minutes', now() + interval '15 minutes', user_id, id, 'a question'
       FROM sessions WHERE user_id = $4`,
    [newId(), createHash("sha256").update(secret).digest(), user.id, admin.id],
  );
  return { user, admin, cookie: { cookie: `${SESSION_COOKIE}=${secret}` } };
}

const LEFT = "This is left to the user";

/** For everybody, and all the same in the name of whoever is signed in. */
const IN_A_NAME = ["/interaction/[uid]"];

for (const [route, { access, path, impersonated, status = 200 }] of Object.entries(PAGES)) {
  test(`page ${route} answers whoever acts as somebody else as it says`, async ({ gatehouse }) => {
    const { admin, user, cookie } = await impersonate(gatehouse.database);
    const target = path?.(await makeSubjects(gatehouse.database)) ?? route;
    const answer = await send(gatehouse.url, { path: target, headers: cookie });
    const isForAll = access === "anonymous" && !IN_A_NAME.includes(route);
    if (isForAll || impersonated) {
      expect(answer.status, target).toBe(status);
      expect(answer.text).not.toContain(LEFT);
      if (!impersonated) return;
      expect(answer.text).toContain("Stop impersonating");
      expect(answer.text).toContain(admin.email);
      expect(answer.text).toContain(user.email);
      return;
    }
    expect(answer.status, target).toBe(403);
    expect(answer.text).toContain(LEFT);
    await expectDecision(gatehouse, answer);
  });
}

for (const [name, { fields, args, path, impersonated }] of Object.entries(ACTIONS)) {
  test(`action ${name} answers whoever acts as somebody else as it says`, async ({
    gatehouse,
    programDir,
    clientAddress,
  }) => {
    const subjects = await makeSubjects(gatehouse.database);
    const { user, cookie } = await impersonate(gatehouse.database);
    const before = await lastChange(gatehouse.database, user.id);
    const answer = await callServerAction(gatehouse.url, {
      action: findServerAction(name, programDir || ROOT),
      ...(path ? { path: path(subjects) } : {}),
      fields: fields?.(subjects) ?? {},
      account: user.id,
      ...(args ? { args: args(subjects, user.id) } : {}),
      headers: { ...cookie, origin: gatehouse.url, "x-forwarded-for": clientAddress },
    });
    if (impersonated) {
      expect([200, 303], answer.text.slice(0, 300)).toContain(answer.status);
      return;
    }
    expect(answer.status, answer.text.slice(0, 300)).toBe(403);
    expect(await lastChange(gatehouse.database, user.id)).toBe(before);
    await expectDecision(gatehouse, answer);
  });
}
