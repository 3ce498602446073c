import type pg from "pg";
import { expect, test } from "../../e2e/support/fixtures";
import { type HttpAnswer, send } from "../../e2e/support/http";
import { addPerson, openSession, type Person, SESSION_COOKIE } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import {
  otherAddresses,
  refusedAddresses,
  refusedShapes,
  sameAddresses,
} from "../support/address-corpus";

// ATK-10: whoever can make us read an address differently than we store it gets
// the link that was meant for its owner. Every surface that takes an address and
// mails is asked with every text of the corpus: mail goes to exactly the stored
// address, or nowhere.

const PASSWORD = "violet teapot under gravel";
const PARALLEL = 6;
const NO_ADDRESS = /Enter an email address|validation_failed|invalid_type|Invalid input/;

interface Surface {
  /** Whether its caller is an administrator, one who is signed in, or nobody. */
  caller?: "Admin" | "User";
  /** The server action, or method and path of an endpoint; `{id}` is a user to be changed, `{organization}` theirs. */
  name: string;
  fields?: (id: string, organization: string) => Record<string, string>;
  /** What it mails to the address that was typed, where it is free and where somebody has it. */
  mailsToOthers: boolean;
  mailsToVictim: boolean;
}

const AUTH = "app/(auth)/actions.ts";
const SURFACES: Record<string, Surface> = {
  "a code at sign-in": {
    name: `${AUTH}#signInAction`,
    fields: () => ({ via: "code" }),
    mailsToOthers: true,
    mailsToVictim: true,
  },
  "a link at sign-in": {
    name: `${AUTH}#signInAction`,
    fields: () => ({ via: "link" }),
    mailsToOthers: true,
    mailsToVictim: true,
  },
  "a sign-up": {
    name: `${AUTH}#signUpAction`,
    fields: () => ({ password: PASSWORD }),
    mailsToOthers: true,
    mailsToVictim: true,
  },
  "a sign-up at the API": {
    name: "POST /api/v1/auth/register",
    fields: () => ({ password: PASSWORD }),
    mailsToOthers: true,
    mailsToVictim: true,
  },
  "a reset": { name: `${AUTH}#requestResetAction`, mailsToOthers: true, mailsToVictim: true },
  "a change of one's own address": {
    caller: "User",
    name: "app/(account)/account/profile/actions.ts#requestEmailChangeAction",
    mailsToOthers: true,
    mailsToVictim: true,
  },
  "an invitation": {
    caller: "Admin",
    name: "app/admin/users/actions.ts#createUserAction",
    fields: () => ({ name: "", password: "" }),
    mailsToOthers: true,
    mailsToVictim: false,
  },
  "an invitation at the API": {
    caller: "Admin",
    name: "POST /api/v1/users",
    mailsToOthers: true,
    mailsToVictim: false,
  },
  "an invitation into an organization": {
    caller: "Admin",
    name: "app/admin/organizations/actions.ts#inviteMemberAction",
    fields: (_id, organization) => ({ id: organization }),
    mailsToOthers: true,
    mailsToVictim: false,
  },
  "an invitation into an organization at the API": {
    caller: "Admin",
    name: "POST /api/v1/organizations/{organization}/invitations",
    mailsToOthers: true,
    mailsToVictim: false,
  },
  // Mails the former address, whatever the new one is.
  "a user's other address": {
    caller: "Admin",
    name: "app/admin/users/actions.ts#updateProfileAction",
    fields: (id) => ({ id, name: "" }),
    mailsToOthers: false,
    mailsToVictim: false,
  },
  "a user's other address at the API": {
    caller: "Admin",
    name: "PATCH /api/v1/users/{id}",
    mailsToOthers: false,
    mailsToVictim: false,
  },
};

interface Attack {
  base: string;
  victim: Person;
  /** Somebody whose address an administrator changes. */
  changed: Person;
  organization: string;
  /** As many callers, so that no limit answers before the address is judged. */
  callers: { account: string; cookie: string }[];
}

async function prepare(
  database: pg.Pool,
  base: string,
  { caller }: Surface,
  callersMax = 4,
): Promise<Attack> {
  const callers: Attack["callers"] = [];
  for (let made = 0; made < callersMax; made += 1) {
    if (caller === undefined) break;
    const person = await addPerson(database, { roles: [caller] });
    const cookie = `${SESSION_COOKIE}=${await openSession(database, person.id)}`;
    callers.push({ account: person.id, cookie });
  }
  const [victim, changed] = [await addPerson(database), await addPerson(database)];
  const { rows } = await database.query<{ id: string }>(
    "SELECT default_organization_id AS id FROM instance",
  );
  return { base, victim, changed, callers, organization: rows[0]?.id ?? "" };
}

let calls = 0;

/** Asks with this for an address, each time from another network. */
function ask({ base, changed, callers, organization }: Attack, surface: Surface, email: unknown) {
  calls += 1;
  const { account, cookie } = callers[calls % callers.length] ?? {};
  const headers = {
    origin: base,
    "x-forwarded-for": `10.${calls >> 16}.${(calls >> 8) & 255}.${calls & 255}`,
    ...(cookie && { cookie }),
  };
  const fields = surface.fields?.(changed.id, organization) ?? {};
  if (surface.name.includes("#")) {
    const typed = Array.isArray(email) ? email.map(String) : String(email);
    const action = findServerAction(surface.name);
    return callServerAction(base, {
      action,
      account,
      fields: { ...fields, email: typed },
      headers,
    });
  }
  const [method = "", path = ""] = surface.name.split(" ");
  return send(base, {
    method,
    path: path.replace("{id}", changed.id).replace("{organization}", organization),
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ ...fields, email }),
  });
}

async function askAll(attack: Attack, surface: Surface, texts: unknown[]) {
  const answers: { text: unknown; answer: HttpAnswer }[] = [];
  const left = [...texts];
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let text = left.shift(); text !== undefined; text = left.shift()) {
        answers.push({ text, answer: await ask(attack, surface, text) });
      }
    }),
  );
  return answers;
}

async function recipientsSince(database: pg.Pool, since: Date): Promise<string[]> {
  const { rows } = await database.query<{ recipient: string }>(
    "SELECT DISTINCT recipient FROM outbox WHERE created_at >= $1 ORDER BY recipient",
    [since],
  );
  return rows.map(({ recipient }) => recipient);
}

async function now(database: pg.Pool): Promise<Date> {
  const { rows } = await database.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  const [row] = rows;
  if (!row) throw new Error("the database has no time");
  return row.now;
}

for (const [what, surface] of Object.entries(SURFACES)) {
  test(`${what} mails nobody by what is no address (ATK-10)`, async ({ gatehouse }) => {
    const attack = await prepare(gatehouse.database, gatehouse.url, surface);
    const since = await now(gatehouse.database);
    const { email } = attack.victim;
    // A form has texts alone, and several under one name at most.
    const shapes = surface.name.includes("#")
      ? [
          [email, "eve@evil.example"],
          [email, email],
        ]
      : refusedShapes(email);
    for (const { text, answer } of await askAll(attack, surface, [
      ...refusedAddresses(email),
      ...shapes,
    ])) {
      const told = `${JSON.stringify(text).slice(0, 100)}: ${answer.status} ${answer.text.slice(0, 200)}`;
      expect([200, 400, 422], told).toContain(answer.status);
      expect(answer.text, told).toMatch(NO_ADDRESS);
    }
    expect(await recipientsSince(gatehouse.database, since)).toEqual([]);
  });

  for (const [who, textsOf] of [
    ["somebody", sameAddresses],
    ["another", otherAddresses],
  ] as const) {
    test(`${what} mails exactly the stored address of ${who} (ATK-10)`, async ({ gatehouse }) => {
      const { database, url } = gatehouse;
      for (const index of textsOf("nobody@example.com").keys()) {
        const attack = await prepare(database, url, surface, 1);
        const { email } = attack.victim;
        const typed = textsOf(email)[index] ?? "";
        const since = await now(database);
        const answer = await ask(attack, surface, typed);
        const told = `${JSON.stringify(typed)}: ${answer.status} ${answer.text.slice(0, 200)}`;
        expect(answer.status, told).toBeLessThan(500);
        const [stored, mails] =
          who === "somebody" ? [email, surface.mailsToVictim] : [typed, surface.mailsToOthers];
        const asides = await asidesOf(database, attack, surface, who === "another");
        const expected = [...(mails ? [stored] : []), ...asides].sort();
        expect(await recipientsSince(database, since), told).toEqual(expected);
      }
    });
  }
}

/** Who is told besides: a change of address tells the former one as well. */
async function asidesOf(
  database: pg.Pool,
  { changed, callers }: Attack,
  { caller, mailsToOthers }: Surface,
  isFree: boolean,
): Promise<string[]> {
  if (caller === "Admin") return !mailsToOthers && isFree ? [changed.email] : [];
  const { rows } = await database.query<{ email: string }>(
    `SELECT u.email FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE s.token_hash = sha256($1::bytea)`,
    [Buffer.from(callers[0]?.cookie.split("=")[1] ?? "")],
  );
  return rows.map(({ email }) => email);
}
