import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { OfPeople } from "@/lib/personal-data/personal-table";
import { TABLES_OF_PEOPLE } from "@/lib/personal-data/personal-tables";
import { type Db, prisma } from "@/lib/platform/db/client";
import { mentionsOneOf } from "@/lib/platform/db/mention";

/** By what somebody's rows are found; see {@link OfPeople}. */
export interface PersonalKeys {
  userId: string;
  emails: string[];
  phones: string[];
}

/**
 * Also the addresses that they had before or were to have and confirmed, but none that somebody else has now. Null
 * for nobody.
 */
export async function findPersonalKeys(
  userId: string,
  db: Db = prisma(),
): Promise<PersonalKeys | null> {
  const rows = await db.$queryRaw<Omit<PersonalKeys, "userId">[]>`
    SELECT ARRAY(
             SELECT u.email
             UNION SELECT c.address
               FROM (SELECT old_email AS address FROM email_changes WHERE user_id = u.id
                     UNION SELECT new_email FROM email_changes
                            WHERE user_id = u.id AND new_confirmed_at IS NOT NULL) c
              WHERE NOT EXISTS (SELECT FROM users o WHERE o.email = c.address AND o.id <> u.id)
           ) AS emails,
           ARRAY(SELECT n FROM credentials_phone p, unnest(ARRAY[p.number, p.pending_number]) n
                  WHERE p.user_id = u.id AND n IS NOT NULL) AS phones
      FROM users u WHERE u.id = ${userId}::uuid`;
  return rows[0] ? { userId, ...rows[0] } : null;
}

/** The declared condition with its keys as parameters. */
function rowsOf({ rows }: OfPeople, { userId, emails, phones }: PersonalKeys): Prisma.Sql {
  const values = { $1: userId, $2: emails, $3: phones };
  const parts = rows.split(/(\$[123])/);
  const texts = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1) as (keyof typeof values)[];
  return Prisma.sql(texts, ...names.map((name) => values[name]));
}

/** Every row of theirs that is declared to be deleted, in the order of the declarations. */
export async function deletePersonalRows(keys: PersonalKeys, tx: Db): Promise<void> {
  for (const [name, table] of Object.entries<OfPeople>(TABLES_OF_PEOPLE)) {
    if (table.erasure !== "deleted") continue;
    await tx.$executeRaw`DELETE FROM ${Prisma.raw(name)} t WHERE ${rowsOf(table, keys)}`;
  }
}

/** Whether rows that are kept refer to the account. */
async function isKeptAnywhere(keys: PersonalKeys, tx: Db): Promise<boolean> {
  for (const [name, table] of Object.entries<OfPeople>(TABLES_OF_PEOPLE)) {
    if (typeof table.erasure === "string" || table.erasure.byKey !== true) continue;
    const [row] = await tx.$queryRaw<[{ kept: boolean }]>`
      SELECT EXISTS (SELECT FROM ${Prisma.raw(name)} t WHERE ${rowsOf(table, keys)}) AS kept`;
    if (row.kept) return true;
  }
  return false;
}

/** The account itself: gone, or where something kept names it, an id with nothing to it. */
export async function eraseUserRow(keys: PersonalKeys, tx: Db): Promise<"deleted" | "emptied"> {
  const { userId } = keys;
  if (await isKeptAnywhere(keys, tx)) {
    await tx.$executeRaw`
      UPDATE users SET email = 'erased-' || id || '@erased.invalid', name = NULL, image = NULL,
                       status = 'disabled', email_verified = NULL, last_sign_in_at = NULL,
                       deletion_due_at = NULL, locale = NULL, time_zone = NULL,
                       sign_in_epoch = sign_in_epoch + 1, updated_at = now()
       WHERE id = ${userId}::uuid`;
    return "emptied";
  }
  await tx.$executeRaw`DELETE FROM users WHERE id = ${userId}::uuid`;
  return "deleted";
}

/** Of one statement. */
const SWEEP_SIZE = 5_000;

/**
 * Traces of decisions that others asked for, and sent mails to others, in which the user is named.
 * No index has them, so they are gone through in parts.
 */
export async function sweepMentions({ userId, emails }: PersonalKeys): Promise<void> {
  const texts = [userId, ...emails];
  for (const table of ["decision_traces", "outbox"] as const) {
    const [name, text, isOver] =
      table === "outbox"
        ? (["outbox", "(t.text || ' ' || t.html)", "t.sent_at IS NOT NULL"] as const)
        : (["decision_traces", "t.trace::text", "true"] as const);
    let after: string | null = "00000000-0000-0000-0000-000000000000";
    while (after !== null) {
      const [row]: [{ last: string | null }] = await prisma().$queryRaw<[{ last: string | null }]>`
        WITH part AS (
          SELECT id FROM ${Prisma.raw(name)} WHERE id > ${after}::uuid ORDER BY id LIMIT ${SWEEP_SIZE}
        ), gone AS (
          DELETE FROM ${Prisma.raw(name)} t USING part
           WHERE t.id = part.id AND ${Prisma.raw(isOver)}
             AND ${mentionsOneOf(Prisma.raw(text), texts)}
        )
        SELECT max(id::text) AS last FROM part`;
      after = row.last;
    }
  }
}
