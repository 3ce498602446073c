import { createHash, randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import type pg from "pg";
import { v7 as newId } from "uuid";

export interface Person {
  id: string;
  email: string;
  name: string;
  password: string;
}

/** Hashed once: the tests have many people and none of them needs a secret password. */
const PASSWORD = "correct horse battery staple";
let passwordHash: Promise<string> | undefined;

let sequence = 0;

/** A user of the default organization with the named roles, as an administrator would make one. */
export async function addPerson(
  database: pg.Pool,
  { roles = ["User"], name }: { roles?: string[]; name?: string } = {},
): Promise<Person> {
  sequence += 1;
  const id = newId();
  const person = {
    id,
    email: `person-${sequence}-${id.slice(-6)}@example.com`,
    name: name ?? `Person ${sequence}`,
    password: PASSWORD,
  };
  passwordHash ??= hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await database.query(
    `WITH person AS (
       INSERT INTO users (id, email, name, status, email_verified)
       VALUES ($1, $2, $3, 'active', now())
     ), member AS (
       INSERT INTO memberships (organization_id, user_id)
       SELECT default_organization_id, $1 FROM instance
     )
     INSERT INTO credentials_password (user_id, hash) VALUES ($1, $4)`,
    [id, person.email, person.name, await passwordHash],
  );
  const { rowCount } = await database.query(
    `INSERT INTO user_roles (id, user_id, role_id)
     SELECT gen_random_uuid(), $1, id FROM roles WHERE name = ANY($2)`,
    [id, roles],
  );
  if (rowCount !== roles.length) throw new Error(`no such role among ${roles.join(", ")}`);
  return person;
}

/** A role with exactly these permissions; returns its name. */
export async function addRole(database: pg.Pool, permissions: string[]): Promise<string> {
  const id = newId();
  const name = `Role ${id.slice(-8)}`;
  await database.query("INSERT INTO roles (id, name) VALUES ($1, $2)", [id, name]);
  const { rowCount } = await database.query(
    `INSERT INTO role_permissions (role_id, permission_id)
     SELECT $1, id FROM permissions WHERE key = ANY($2)`,
    [id, permissions],
  );
  if (rowCount !== permissions.length) throw new Error(`unknown among ${permissions.join(", ")}`);
  return name;
}

/** The cookie's value of a new session, as a finished sign-in leaves it. */
export async function openSession(database: pg.Pool, userId: string): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  await database.query(
    `INSERT INTO sessions (id, token_hash, user_id, organization_id, ip, user_agent, acr, amr,
                           auth_time, idle_expires_at, absolute_expires_at)
     SELECT $1, $2, $3, default_organization_id, '192.0.2.1', 'test', 'urn:gatehouse:aal1',
            ARRAY['pwd'], now(), now() + interval '1 day', now() + interval '1 day'
       FROM instance`,
    [newId(), createHash("sha256").update(secret).digest(), userId],
  );
  return secret;
}

export const SESSION_COOKIE = "gatehouse_session";
