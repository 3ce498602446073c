import { createHash, randomBytes, randomUUID } from "node:crypto";
import pg from "pg";

/**
 * Writes a user with one role and a live session; returns the cookie's value.
 * @param {string} databaseUrl
 * @param {(client: pg.Client, userId: string) => Promise<unknown>} [equip] gives the user their roles; the Manager role if left out
 */
export async function insertSession(databaseUrl, equip = giveManager) {
  const secret = randomBytes(32).toString("base64url");
  const userId = randomUUID();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      "INSERT INTO users (id, email, name, email_verified) VALUES ($1, $2, 'Bench', now())",
      [userId, `${userId}@example.com`],
    );
    await client.query(
      "INSERT INTO memberships (organization_id, user_id) SELECT default_organization_id, $1 FROM instance",
      [userId],
    );
    await equip(client, userId);
    await client.query(
      `INSERT INTO sessions (id, token_hash, user_id, organization_id, acr, amr, auth_time,
                             idle_expires_at, absolute_expires_at)
       SELECT $1, $2, $3, default_organization_id, 'urn:gatehouse:aal1', '{pwd}', now(),
              now() + interval '1 hour', now() + interval '1 hour' FROM instance`,
      [randomUUID(), createHash("sha256").update(secret).digest(), userId],
    );
  } finally {
    await client.end();
  }
  return secret;
}

/**
 * @param {pg.Client} client
 * @param {string} userId
 */
const giveManager = (client, userId) =>
  client.query(
    "INSERT INTO user_roles (id, user_id, role_id) SELECT $1, $2, id FROM roles WHERE name = 'Manager'",
    [randomUUID(), userId],
  );
