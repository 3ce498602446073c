import { createHash, randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import type pg from "pg";
import { v7 as newId } from "uuid";
import { addPerson, openSession, type Person, SESSION_COOKIE } from "../../e2e/support/people";

// What a browser holds on the way in and on the way up (ATK-33).

export const FLOW_COOKIE = "gatehouse_flow";

/** Marks an authenticator app as set up. Nobody has its key: recovery codes stand in for it. */
export async function addSecondFactor(database: pg.Pool, userId: string): Promise<void> {
  await database.query(
    "INSERT INTO credentials_totp (user_id, secret, confirmed_at) VALUES ($1, $2, now())",
    [userId, randomBytes(48)],
  );
}

/** Adds a recovery code and returns it. */
export async function addRecoveryCode(database: pg.Pool, userId: string): Promise<string> {
  const code = Array.from(randomBytes(14), (byte) => "23456789abcdefgh"[byte % 16]).join("");
  const secret = await hash(code.slice(4), { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await database.query(
    "INSERT INTO credentials_recovery_code (id, user_id, handle, hash) VALUES ($1, $2, $3, $4)",
    [newId(), userId, code.slice(0, 4), secret],
  );
  return code;
}

/** The secret of a sign-in that has come this far. */
export async function openFlow(
  database: pg.Pool,
  { id, email }: Person,
  proofs: string[],
): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  await database.query(
    `INSERT INTO sign_in_flows (id, token_hash, purpose, email, user_id, proofs, return_to, expires_at)
     VALUES ($1, $2, 'sign_in', $3, $4, $5, '/dashboard', now() + interval '10 minutes')`,
    [newId(), createHash("sha256").update(secret).digest(), email, id, proofs],
  );
  return secret;
}

/** Somebody who may do everything, with a second factor. */
export async function addGuardedAdministrator(database: pg.Pool): Promise<Person> {
  const person = await addPerson(database, { roles: ["Admin"] });
  await addSecondFactor(database, person.id);
  return person;
}

/** The cookie of a session with this class, whose user proved themselves so many minutes ago. */
export async function sessionOf(
  database: pg.Pool,
  userId: string,
  { acr, minutesAgo }: { acr: "aal1" | "aal2"; minutesAgo: number },
): Promise<string> {
  const secret = await openSession(database, userId);
  await database.query(
    `UPDATE sessions SET acr = $2, auth_time = now() - make_interval(mins => $3)
      WHERE token_hash = $1`,
    [createHash("sha256").update(secret).digest(), `urn:gatehouse:${acr}`, minutesAgo],
  );
  return `${SESSION_COOKIE}=${secret}`;
}
