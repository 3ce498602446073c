import type pg from "pg";
import { addPerson, addRole, openSession, SESSION_COOKIE } from "../../e2e/support/people";

/**
 * Who calls: nobody; somebody with a made-up cookie, which is enough for the
 * middleware; somebody disabled; somebody without a role; another user; who may.
 */
export const REFUSED_ACTORS = ["anonymous", "stranger", "disabled", "roleless", "other"] as const;
export type Actor = (typeof REFUSED_ACTORS)[number] | "holder";

/** What the role of every sign-up gives; limited to their own records. */
const GIVEN_TO_ALL = ["view_invoice"];

export interface Caller {
  userId: string | undefined;
  cookie: Record<string, string>;
}

/** A caller of this kind, new for each call: what one call did must not help the next. */
export async function actAs(
  database: pg.Pool,
  actor: Actor,
  permissions: string[],
  { secondFactor = false }: { secondFactor?: boolean | undefined } = {},
): Promise<Caller> {
  if (actor === "anonymous") return { userId: undefined, cookie: {} };
  if (actor === "stranger") {
    return { userId: undefined, cookie: { cookie: `${SESSION_COOKIE}=${"A".repeat(43)}` } };
  }
  const person = await addPerson(database, { roles: await rolesOf(database, actor, permissions) });
  const secret = await openSession(database, person.id);
  if (secondFactor) {
    const sql = "UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1";
    await database.query(sql, [person.id]);
  }
  if (actor === "disabled") {
    await database.query("UPDATE users SET status = 'disabled' WHERE id = $1", [person.id]);
  }
  return { userId: person.id, cookie: { cookie: `${SESSION_COOKIE}=${secret}` } };
}

async function rolesOf(database: pg.Pool, actor: Actor, permissions: string[]): Promise<string[]> {
  if (actor === "roleless") return [];
  if (actor === "other") return ["User"];
  // A disabled user who could do everything, so that only being disabled can refuse them.
  if (actor === "disabled") return ["Admin"];
  return permissions.length === 0 ? [] : [await addRole(database, permissions)];
}

export type Expectation = "sign in" | "forbidden" | "not theirs" | "allowed";

/** What a surface owes an actor. */
export function expectationOf(actor: Actor, access: string): Expectation {
  if (access === "anonymous") return "allowed";
  if (["anonymous", "stranger", "disabled"].includes(actor)) return "sign in";
  if (access === "signed-in" || actor === "holder") return "allowed";
  return actor === "other" && GIVEN_TO_ALL.includes(access) ? "not theirs" : "forbidden";
}
