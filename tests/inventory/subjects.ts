import { createHash, randomBytes } from "node:crypto";
import type pg from "pg";
import { v7 as newId } from "uuid";
import { addPerson, openSession, type Person } from "../../e2e/support/people";

/** What surfaces are called with: records of people who are not the caller, made anew for each call. */
export interface Subjects {
  /** Holds no role, so that whoever may change users at all may change this one. */
  user: Person;
  session: string;
  /** Of the same user. */
  passkey: string;
  disabledUser: Person;
  /** Of a user with the role `User`, who may see it. */
  owner: Person;
  invoice: string;
  deletedInvoice: string;
  /** Gives nothing. */
  role: string;
  /** Fresh text for what has to be unique. */
  unique: string;
}

export async function makeSubjects(database: pg.Pool): Promise<Subjects> {
  const user = await addPerson(database, { roles: [] });
  const disabledUser = await addPerson(database, { roles: [] });
  await database.query("UPDATE users SET status = 'disabled' WHERE id = $1", [disabledUser.id]);
  const owner = await addPerson(database);
  await openSession(database, user.id);
  const session = await one(database, "SELECT id FROM sessions WHERE user_id = $1", [user.id]);
  const role = newId();
  const unique = randomBytes(6).toString("hex");
  await database.query("INSERT INTO roles (id, name) VALUES ($1, $2)", [role, `Role ${unique}`]);
  return {
    user,
    disabledUser,
    owner,
    session,
    passkey: await addPasskey(database, user.id),
    role,
    unique,
    invoice: await addInvoice(database, owner.id, null),
    deletedInvoice: await addInvoice(database, owner.id, "now"),
  };
}

const addPasskey = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO credentials_passkey (id, user_id, credential_id, public_key, name)
     VALUES ($1, $2, $3, $4, 'Key') RETURNING id`,
    [newId(), userId, randomBytes(24), randomBytes(77)],
  );

async function addInvoice(
  database: pg.Pool,
  ownerId: string,
  deletedAt: string | null,
): Promise<string> {
  return one(
    database,
    `INSERT INTO invoices (id, organization_id, owner_id, number, customer, customer_key, amount,
                           currency, deleted_at)
     SELECT $1, default_organization_id, $2, $3, 'Ada & Co', 'ada & co', 12345, 'EUR',
            $4::timestamptz
       FROM instance RETURNING id`,
    [newId(), ownerId, `X-${randomBytes(6).toString("hex")}`, deletedAt],
  );
}

async function one(database: pg.Pool, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await database.query<{ id: string }>(sql, values);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`nothing came of: ${sql}`);
  return id;
}

// Everything that a surface could change, but for what merely counts or remembers
// requests. The rows of one user can be left out: their own doing is their own.
const STATE = `
  SELECT 'user', u.id::text, concat_ws('|', u.email, u.name, u.status) FROM users u WHERE u.id <> $1
  UNION ALL SELECT 'member', m.user_id::text, '' FROM memberships m WHERE m.user_id <> $1
  UNION ALL SELECT 'held', r.user_id::text, r.role_id::text FROM user_roles r WHERE r.user_id <> $1
  UNION ALL SELECT 'password', p.user_id::text, p.hash FROM credentials_password p WHERE p.user_id <> $1
  UNION ALL SELECT 'passkey', k.id::text, concat_ws('|', k.user_id, k.name) FROM credentials_passkey k WHERE k.user_id <> $1
  UNION ALL SELECT 'session', s.id::text, s.revoked_at::text FROM sessions s WHERE s.user_id <> $1
  UNION ALL SELECT 'identity', a.user_id::text, a.id::text FROM accounts a WHERE a.user_id <> $1
  UNION ALL SELECT 'link', v.id::text, v.consumed_at::text FROM verification_tokens v WHERE v.user_id <> $1
  UNION ALL SELECT 'role', r.id::text, concat_ws('|', r.name, r.description, r.version) FROM roles r
  UNION ALL SELECT 'grant', g.role_id::text, concat_ws('|', g.permission_id, g.condition) FROM role_permissions g
  UNION ALL SELECT 'invoice', to_jsonb(i)::text, '' FROM invoices i
  UNION ALL SELECT 'sign-up', w.id::text, w.consumed_at::text FROM registrations w
  UNION ALL SELECT 'app', t.user_id::text, t.confirmed_at::text FROM credentials_totp t WHERE t.user_id <> $1
  UNION ALL SELECT 'code', c.id::text, c.consumed_at::text FROM credentials_recovery_code c WHERE c.user_id <> $1
  UNION ALL SELECT 'trust', d.id::text, d.trusted_until::text FROM devices d WHERE d.user_id <> $1
  UNION ALL SELECT 'rules', p.organization_id::text, p.version::text FROM sign_in_policies p
  UNION ALL SELECT 'mail', o.id::text, '' FROM outbox o
    WHERE o.recipient NOT IN (SELECT email FROM users WHERE id = $1)
  UNION ALL SELECT 'set-up', '', i.setup_completed_at::text FROM instance i
  ORDER BY 1, 2, 3`;

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** One text for all that is stored: the same before and after means that nothing was done. */
export async function fingerprint(database: pg.Pool, exceptUserId = NOBODY): Promise<string> {
  const { rows } = await database.query({ text: STATE, values: [exceptUserId], rowMode: "array" });
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}
