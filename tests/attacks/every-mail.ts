import { randomBytes } from "node:crypto";
import type pg from "pg";
import { v7 as newId } from "uuid";
import type { Gatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { Mailbox } from "../../e2e/support/mailbox";
import { addPerson, addRole, openSession, SESSION_COOKIE } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { NEW_PASSWORD, newAddress } from "../../e2e/support/texts";

/**
 * What {@link causeEveryMail} causes: all but that of a connected identity, which needs a provider,
 * and those of a review that is soon due, of a webhook that fails and of an account that is gone, which
 * no request causes.
 */
export const KINDS = [
  "access-decided",
  "access-requested",
  "access-review-started",
  "address-changed",
  "address-taken",
  "break-glass",
  "confirm-email",
  "deletion-cancelled",
  "deletion-requested",
  "email-change-new",
  "email-change-old",
  "email-changed",
  "factor-changed",
  "factors-reset",
  "impersonated",
  "invitation",
  "new-device",
  "no-account",
  "organization-invitation",
  "password-changed",
  "personal-token-created",
  "reset-password",
  "sign-in-code",
  "sign-in-link",
];

export interface QueuedMail {
  kind: string;
  subject: string;
  text: string;
  html: string;
  createdAt: Date;
}

export async function mailsSince(database: pg.Pool, since: Date): Promise<QueuedMail[]> {
  const { rows } = await database.query<QueuedMail>(
    `SELECT kind, subject, text, html, created_at AS "createdAt" FROM outbox
      WHERE created_at > $1 ORDER BY created_at`,
    [since],
  );
  return rows;
}

const AUTH = "app/(auth)/actions.ts";

/** A session, and whose it is. */
interface SignedIn {
  account: string;
  cookie: string;
}

/** Makes the program queue a mail of every kind, by requests that all bear these headers. */
export async function causeEveryMail(
  { url, database }: Gatehouse,
  headers: Record<string, string>,
): Promise<void> {
  const mailbox = new Mailbox(database);
  const act = async (name: string, fields: Record<string, string>, as?: SignedIn) => {
    const answer = await callServerAction(url, {
      action: findServerAction(name),
      fields,
      account: as?.account,
      headers: { ...headers, ...(as && { cookie: as.cookie }) },
    });
    if (answer.status >= 400) throw new Error(`${name}: ${answer.status} ${answer.text}`);
  };
  const call = async (path: string, body: object, method = "POST", cookie = "") => {
    const type = { "content-type": "application/json" };
    const answer = await send(url, {
      method,
      path,
      headers: { ...type, ...headers, ...(cookie && { cookie }) },
      body: JSON.stringify(body),
    });
    if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  };
  const sessionOf = async (id: string): Promise<SignedIn> => ({
    account: id,
    cookie: `${SESSION_COOKIE}=${await openSession(database, id)}`,
  });

  const known = await addPerson(database);
  await act(`${AUTH}#requestResetAction`, { email: known.email });
  await act(`${AUTH}#requestResetAction`, { email: newAddress() });
  for (const email of [newAddress(), known.email]) {
    await call("/api/v1/auth/register", { email, password: NEW_PASSWORD });
  }
  for (const via of ["code", "link"]) {
    for (const email of [newAddress(), known.email]) {
      await act(`${AUTH}#signInAction`, { email, via });
    }
  }

  await database.query("UPDATE users SET last_sign_in_at = now() WHERE id = $1", [known.id]);
  await act(`${AUTH}#signInAction`, { email: known.email, password: known.password });
  const passwords = { current: known.password, password: NEW_PASSWORD };
  await act(
    "app/(account)/account/actions.ts#changePasswordAction",
    passwords,
    await sessionOf(known.id),
  );

  const maker = await addPerson(database);
  await act(
    "app/(account)/account/tokens/actions.ts#createTokenAction",
    { name: "CI", lifetimeDays: "30", read: "on" },
    await sessionOf(maker.id),
  );

  const mover = await addPerson(database);
  const [moving, email] = [await sessionOf(mover.id), newAddress()];
  await act("app/(account)/account/profile/actions.ts#requestEmailChangeAction", { email }, moving);
  for (const address of [mover.email, email]) {
    const token = new URL(await mailbox.linkTo(address)).searchParams.get("token") ?? "";
    const action = "app/(auth)/confirm-email-change/actions.ts#confirmEmailChangeAction";
    await act(action, { token }, moving);
  }

  const leaver = await addPerson(database);
  const data = "app/(account)/account/data/actions.ts";
  const wish = { email: leaver.email };
  await act(`${data}#requestDeletionAction`, wish, await sessionOf(leaver.id));
  await act(`${data}#keepAccountAction`, {}, await sessionOf(leaver.id));

  const keyed = await addPerson(database);
  const passkeys = [await addPasskey(database, keyed.id), await addPasskey(database, keyed.id)];
  const proven = await sessionOf(keyed.id);
  await database.query("UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1", [
    keyed.id,
  ]);
  await act(
    "app/(account)/account/security/passkeys/actions.ts#forgetPasskeyAction",
    { passkeyId: passkeys[0] ?? "" },
    proven,
  );

  const admin = await sessionOf((await addPerson(database, { roles: ["Admin"] })).id);
  await call("/api/v1/users", { email: newAddress() }, "POST", admin.cookie);
  const { rows } = await database.query<{ id: string }>(
    "SELECT default_organization_id AS id FROM instance",
  );
  const invitations = `/api/v1/organizations/${rows[0]?.id}/invitations`;
  await call(invitations, { email: newAddress() }, "POST", admin.cookie);
  await causeRoleMails(database, call, sessionOf, admin);
  await causeReviewMail(database, call, admin);
  const helper = await addPerson(database, { roles: ["Admin"] });
  const helping = await sessionOf(helper.id);
  await database.query("UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1", [
    helper.id,
  ]);
  // The second one ends the first, of which its user is told then.
  for (const helped of [await addPerson(database), await addPerson(database)]) {
    const fields = { id: helped.id, reason: "a question of theirs", minutes: "15" };
    await act("app/admin/users/actions.ts#impersonateAction", fields, helping);
  }
  const changed = await addPerson(database);
  await call(`/api/v1/users/${changed.id}`, { email: newAddress() }, "PATCH", admin.cookie);
  await act(
    "app/admin/users/actions.ts#resetFactorsAction",
    { id: keyed.id, reason: "lost their phone" },
    admin,
  );
}

/** Somebody asks for a role, is answered, and takes another one in an emergency. */
async function causeRoleMails(
  database: pg.Pool,
  call: (path: string, body: object, method?: string, cookie?: string) => Promise<void>,
  sessionOf: (id: string) => Promise<SignedIn>,
  admin: SignedIn,
): Promise<void> {
  const path = "/api/v1/access-requests";
  const [asked, emergency] = [await addRole(database, []), await addRole(database, [])];
  await database.query("UPDATE roles SET emergency = true WHERE name = $1", [emergency]);
  const idOf = async (table: "roles" | "access_requests", condition: string, value: string) => {
    const sql = `SELECT id FROM ${table} WHERE ${condition} = $1`;
    return (await database.query<{ id: string }>(sql, [value])).rows[0]?.id;
  };
  const person = await addPerson(database, {
    roles: [await addRole(database, ["use_break_glass"])],
  });
  const { cookie } = await sessionOf(person.id);
  await database.query("UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1", [
    person.id,
  ]);
  const wish = { reason: "For this", durationMinutes: 15 };
  await call(path, { ...wish, roleId: await idOf("roles", "name", asked) }, "POST", cookie);
  const request = await idOf("access_requests", "user_id", person.id);
  await call(`${path}/${request}/approve`, {}, "POST", admin.cookie);
  const role = await idOf("roles", "name", emergency);
  await call(`${path}/break-glass`, { ...wish, roleId: role }, "POST", cookie);
}

/** A review of one role, in days that no reminder comes within. */
async function causeReviewMail(
  database: pg.Pool,
  call: (path: string, body: object, method?: string, cookie?: string) => Promise<void>,
  admin: SignedIn,
): Promise<void> {
  const reviewed = await addPerson(database, { roles: [await addRole(database, [])] });
  const reviewer = await addPerson(database, {
    roles: [await addRole(database, ["answer_reviews"])],
  });
  const body = {
    name: "Spring",
    scope: { grants: "people", userIds: [reviewed.id] },
    reviewerIds: [reviewer.id],
    dueAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
  };
  await call("/api/v1/access-reviews", body, "POST", admin.cookie);
}

async function addPasskey(database: pg.Pool, userId: string): Promise<string> {
  const id = newId();
  await database.query(
    `INSERT INTO credentials_passkey (id, user_id, credential_id, public_key, name)
     VALUES ($1, $2, $3, $4, 'Key')`,
    [id, userId, randomBytes(24), randomBytes(77)],
  );
  return id;
}
