import pg from "pg";
import { encodeCursor } from "@/lib/shared/cursor";

/**
 * How long the lists are. GATEHOUSE_TEST_LISTS=full fills a million users and ten million events, which takes
 * minutes; a fifth and a tenth of that make the planner choose as it does among all of them.
 */
const FULL = process.env["GATEHOUSE_TEST_LISTS"] === "full";

/** From the most frequent to those that hardly ever happen. */
const ACTIONS = [
  "session.created",
  "session.revoked",
  "sign_in.failed",
  "access.denied",
  "user.updated",
  "role.granted",
  "policy.activated",
  "organization.deleted",
] as const;

export const LONG_LISTS = {
  users: FULL ? 1_000_000 : 200_000,
  sessions: FULL ? 1_000_000 : 200_000,
  events: FULL ? 10_000_000 : 1_000_000,
  actions: ACTIONS,
  /** How long it may take to write them. */
  fillMsMax: FULL ? 3_600_000 : 400_000,
};

export const COMMON_ROLE = "Common";
export const RARE_ROLE = "Rare";

export interface LongLists {
  smallOrganization: string;
  roles: Record<string, string>;
  /** Whoever did much, whoever did little, and the address of one whom each reader sees. */
  busy: string;
  idle: string;
  address: Record<"instance" | "large" | "small", string>;
  /** Of an event. */
  eventId: string;
  /** Two days among the older half. */
  period: { from: string; to: string };
  /** A place in the middle of the users in the order of their addresses. */
  emailCursor: string;
}

/** The n-th id of a kind, in the order of n. */
const idOf = (kind: string, n: string) =>
  `('0190${kind}00-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const USER = "aa";
const SESSION = "bb";
const EVENT = "cc";
const ORGANIZATION = "dd";

/** The newest member of the small organization has done much; an older one, and one of the large, little. */
const BUSY = 20;
const IDLE = 4_020;
const IDLE_IN_LARGE = 4_000;

/**
 * Many users, of whom most belong to `large`, a twentieth to each of five others and one in two
 * thousand to a small one; with a session each, and events of them. Written past triggers and
 * foreign keys, with the indexes built afterwards as after restoring.
 */
export async function fillLongLists(large: string): Promise<LongLists> {
  const url = new URL(
    process.env["TEST_DATABASE_ADMIN_URL"] ?? process.env["TEST_DATABASE_URL"] ?? "",
  );
  url.pathname = new URL(process.env["DATABASE_URL"] ?? "").pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query("SET maintenance_work_mem = '256MB'");
    return await fill(client, large);
  } finally {
    await client.end();
  }
}

async function fill(client: pg.Client, large: string): Promise<LongLists> {
  const tables = ["users", "memberships", "user_roles", "sessions", "audit_events"];
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE tablename = ANY($1) AND indexdef NOT LIKE '% UNIQUE %'`,
    [tables],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await client.query(
    `INSERT INTO organizations (id, slug, name)
     SELECT ${idOf(ORGANIZATION, "n")}, 'long-' || n, 'Organization ' || n FROM generate_series(0, 5) n`,
  );
  // The place of a number among organizations: 0 is the small one, 1 to 5 others, null the large one.
  const place = (n: string) =>
    `CASE WHEN ${n} % 2000 = 20 THEN 0 WHEN ${n} % 4 = 3 THEN 1 + ${n} / 4 % 5 END`;
  const placed = (n: string) => {
    const others = idOf(ORGANIZATION, `(${place(n)})::bigint`);
    return `COALESCE(${others}, $1::uuid)`;
  };
  await client.query(
    `INSERT INTO users (id, email, name, status, created_at, last_sign_in_at)
     SELECT ${idOf(USER, "n")}, 'person-' || n * 7919 % 1000003 || '@example.com',
            CASE WHEN n % 10 < 8 THEN 'Person ' || n * 104729 % 1000003 END,
            (CASE WHEN n % 50 = 20 THEN 'disabled' WHEN n % 400 = 60 THEN 'pending' ELSE 'active' END)::user_status,
            now() - make_interval(secs => n * 100),
            CASE WHEN n % 10 < 7 THEN now() - make_interval(secs => n * 7919 % 1000003 * 10) END
       FROM generate_series(1, $1::bigint) n`,
    [LONG_LISTS.users],
  );
  await client.query(
    `INSERT INTO memberships (organization_id, user_id, created_at)
     SELECT ${placed("n")}, ${idOf(USER, "n")}, now() - make_interval(secs => n * 100)
       FROM generate_series(1, $2::bigint) n`,
    [large, LONG_LISTS.users],
  );
  const roles: Record<string, string> = {};
  for (const [name, every] of [
    [COMMON_ROLE, 2],
    [RARE_ROLE, 5_000],
  ] as const) {
    const { rows } = await client.query<{ id: string }>(
      "INSERT INTO roles (id, name) VALUES (gen_random_uuid(), $1) RETURNING id",
      [name],
    );
    roles[name] = rows[0]?.id ?? "";
    await client.query(
      `INSERT INTO user_roles (id, user_id, role_id)
       SELECT gen_random_uuid(), ${idOf(USER, "n")}, $1
         FROM generate_series(1, $2::bigint) n WHERE n % $3 = 0`,
      [roles[name], LONG_LISTS.users, every],
    );
  }
  // One in ten has ended.
  await client.query(
    `INSERT INTO sessions (id, token_hash, user_id, organization_id, acr, amr, auth_time, idle_expires_at,
                           absolute_expires_at, revoked_at)
     SELECT ${idOf(SESSION, "n")}, uuid_send(${idOf(SESSION, "n")}), ${idOf(USER, "n")}, ${placed("n")},
            'urn:gatehouse:aal1', '{pwd}', now(), now() + interval '1 day', now() + interval '7 days',
            CASE WHEN n % 10 = 9 THEN now() END
       FROM generate_series(1, $2::bigint) n`,
    [large, LONG_LISTS.sessions],
  );
  // Each second action is a new session, each fourth the end of one, and so on; the last are rare.
  await client.query(
    `INSERT INTO audit_events (id, at, action, outcome, actor_type, actor_id, organization_id, target_type,
                               target_id, ip, request_id)
     SELECT ${idOf(EVENT, "n")}, now() - make_interval(secs => n),
            ($3::text[])[kind],
            (CASE kind WHEN 3 THEN 'failure' WHEN 4 THEN 'denied' ELSE 'success' END)::audit_outcome,
            CASE WHEN n % 5000 = 7 THEN 'system' WHEN kind = 3 THEN 'anonymous' ELSE 'user' END,
            CASE WHEN n % 5000 = 7 OR kind = 3 THEN NULL WHEN n % 20 = 4 THEN ${idOf(USER, String(BUSY))}
                 ELSE ${idOf(USER, "1 + n * 7919 % $2::bigint")} END,
            CASE WHEN kind <> 3 THEN ${placed("n")} END,
            'user', ${idOf(USER, "1 + n * 104729 % $2::bigint")}, '192.0.2.1', 'request-' || n
       FROM (SELECT n, CASE WHEN n % 100000 = 20 THEN 8 WHEN n % 1000 = 30 THEN 7 WHEN n % 100 < 2 THEN 6
                            WHEN n % 100 < 5 THEN 5 WHEN n % 100 < 10 THEN 4 WHEN n % 100 < 20 THEN 3
                            WHEN n % 100 < 40 THEN 2 ELSE 1 END AS kind
               FROM generate_series(1, $4::bigint) n) numbered`,
    [large, LONG_LISTS.users, ACTIONS, LONG_LISTS.events],
  );
  for (const { definition } of indexes) await client.query(definition);
  await client.query(`VACUUM ANALYZE ${tables.join(", ")}, roles, organizations`);
  const { rows: facts } = await client.query<{
    small: string;
    busy: string;
    idle: string;
    email: string;
    emailInLarge: string;
    event: string;
    from: Date;
  }>(
    `SELECT ${idOf(ORGANIZATION, "0")}::text AS small, ${idOf(USER, String(BUSY))}::text AS busy,
            ${idOf(USER, String(IDLE))}::text AS idle,
            (SELECT email FROM users WHERE id = ${idOf(USER, String(IDLE))}) AS email,
            (SELECT email FROM users WHERE id = ${idOf(USER, String(IDLE_IN_LARGE))}) AS "emailInLarge",
            ${idOf(EVENT, "777")}::text AS event,
            now() - make_interval(secs => $1) AS from`,
    [LONG_LISTS.events / 2],
  );
  const fact = facts[0];
  if (fact === undefined) throw new Error("nothing was written");
  const from = fact.from.toISOString();
  const to = new Date(fact.from.getTime() + 2 * 86_400_000).toISOString();
  return {
    smallOrganization: fact.small,
    roles,
    busy: fact.busy,
    idle: fact.idle,
    address: { instance: fact.emailInLarge, large: fact.emailInLarge, small: fact.email },
    eventId: fact.event,
    period: { from, to },
    emailCursor: encodeCursor({
      sort: "email",
      walk: "next",
      id: fact.busy,
      value: "person-500007@example.com",
    }),
  };
}
