import type pg from "pg";
import { v7 as newId } from "uuid";
import { addPerson, openSession, type Person } from "../../e2e/support/people";
import { lastChange } from "./change-watch";
import { makeSubjects, type Subjects } from "./subjects";
import type { EndpointSurface } from "./surfaces";

// Two organizations for the attack on the wall between them (ATK-43, F81): theirs, which is the
// default one and has an object of every kind, and that of somebody who may do everything there.

/** Somebody who holds every permission in an organization of their own, and nothing outside of it. */
export interface Intruder extends Person {
  cookie: string;
  organizationId: string;
  /** Of the same organization: what a request names beside somebody else's. */
  colleague: Person;
}

async function move(database: pg.Pool, userId: string, organizationId: string): Promise<void> {
  for (const table of ["memberships", "sessions"]) {
    await database.query(`UPDATE ${table} SET organization_id = $2 WHERE user_id = $1`, [
      userId,
      organizationId,
    ]);
  }
}

export async function makeIntruder(database: pg.Pool): Promise<Intruder> {
  const [organizationId, roleId] = [newId(), newId()];
  await database.query("INSERT INTO organizations (id, slug, name) VALUES ($1, $2, 'Ours')", [
    organizationId,
    `ours-${organizationId.slice(-12)}`,
  ]);
  await database.query("INSERT INTO roles (id, organization_id, name) VALUES ($1, $2, 'All')", [
    roleId,
    organizationId,
  ]);
  await database.query(
    "INSERT INTO role_permissions (role_id, permission_id) SELECT $1, id FROM permissions",
    [roleId],
  );
  const [person, colleague] = [
    await addPerson(database, { roles: [] }),
    await addPerson(database, { roles: [] }),
  ];
  await database.query(
    `INSERT INTO user_roles (id, user_id, role_id, organization_id)
     VALUES (gen_random_uuid(), $1, $2, $3)`,
    [person.id, roleId, organizationId],
  );
  const cookie = await openSession(database, person.id);
  for (const { id } of [person, colleague]) await move(database, id, organizationId);
  // No question of proof stands between them and an object of theirs.
  await database.query("UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1", [
    person.id,
  ]);
  return { ...person, cookie, organizationId, colleague };
}

/** One object of every kind that the inventory knows, of the other organization. */
export async function makeTheirs(database: pg.Pool): Promise<Subjects> {
  const subjects = await makeObjects(database);
  await database.query(
    `INSERT INTO audit_events (id, action, outcome, actor_type, actor_id, target_type, target_id,
                               request_id)
     VALUES ($1::uuid, 'invoice.created', 'success', 'user', $2, 'invoice', $3, $1::text)`,
    [newId(), subjects.owner.id, subjects.invoice],
  );
  return subjects;
}

/** The same of the intruder's organization: what a request names beside something of theirs. */
export async function makeOurs(database: pg.Pool, { organizationId }: Intruder): Promise<Subjects> {
  const { rows } = await database.query<{ id: string }>(
    "SELECT default_organization_id AS id FROM instance",
  );
  const setDefault = (id: string | undefined) =>
    database.query("UPDATE instance SET default_organization_id = $1", [id]);
  await setDefault(organizationId);
  try {
    return await makeObjects(database);
  } finally {
    await setDefault(rows[0]?.id);
  }
}

/** Of the default organization: also the roles, and the service. */
async function makeObjects(database: pg.Pool): Promise<Subjects> {
  const subjects = await makeSubjects(database, "own");
  await database.query(
    `INSERT INTO service_accounts (client_id, organization_id)
     SELECT $1, default_organization_id FROM instance`,
    [subjects.service],
  );
  return subjects;
}

// Tables whose rows say to which organization they belong, also those that nobody has thought of here.
const OWNED = `
  SELECT c.relname AS name FROM pg_class c
   WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
     AND 2 = (SELECT count(*) FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname IN ('id', 'organization_id'))`;

// And what belongs to somebody who is a member elsewhere, and not where $1 says.
const OF_MEMBERS = `
  WITH member AS (SELECT user_id AS id FROM memberships
                   GROUP BY user_id HAVING bool_and(organization_id <> $1))
  SELECT id::text FROM organizations WHERE id <> $1
  UNION ALL SELECT id::text FROM member
  UNION ALL SELECT u.email FROM users u JOIN member ON member.id = u.id
  UNION ALL SELECT p.id::text FROM credentials_passkey p JOIN member ON member.id = p.user_id
  UNION ALL SELECT a.id::text FROM accounts a JOIN member ON member.id = a.user_id
  UNION ALL SELECT v.id::text FROM saved_views v JOIN member ON member.id = v.user_id
  UNION ALL SELECT encode(d.digest, 'hex') FROM user_pictures d JOIN member ON member.id = d.user_id
  UNION ALL SELECT g.client_id FROM oidc_grants g JOIN member ON member.id = g.user_id
  UNION ALL SELECT v.client_id FROM service_accounts v WHERE v.organization_id <> $1
  UNION ALL SELECT d.id::text FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id
             WHERE w.organization_id <> $1`;

/** Every id and address that is theirs alone: what an answer must not contain, and a call must not reach. */
export async function idsOfTheirs(
  database: pg.Pool,
  { organizationId }: Intruder,
): Promise<ReadonlySet<string>> {
  const { rows: tables } = await database.query<{ name: string }>(OWNED);
  const owned = tables.map(
    ({ name }) => `UNION ALL SELECT t.id::text FROM ${name} t WHERE t.organization_id <> $1`,
  );
  const { rows } = await database.query<{ id: string }>(`${OF_MEMBERS} ${owned.join("\n")}`, [
    organizationId,
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** The last change but for what is the intruder's own. */
export const stateBeside = (database: pg.Pool, { id }: Intruder): Promise<string> =>
  lastChange(database, id);

/** Every scalar in what a call is made with. */
export function valuesIn(given: unknown): string[] {
  if (typeof given === "string") return [given];
  if (Array.isArray(given)) return given.flatMap(valuesIn);
  return typeof given === "object" && given !== null ? Object.values(given).flatMap(valuesIn) : [];
}

/** What one request names. */
export interface Asked {
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
}

export const askedOf = ({ params, query, body }: EndpointSurface, subjects: Subjects): Asked => ({
  params: params?.(subjects) ?? {},
  query: query?.(subjects) ?? {},
  body: body?.(subjects),
});

/** The ids of theirs that a request names. */
export const namedIn = (asked: Asked, ids: ReadonlySet<string>): string[] =>
  valuesIn(Object.values(asked)).filter((value) => ids.has(value));

/** All of theirs, and each part of a request theirs while the others are ours. */
export function crossingsOf(
  surface: EndpointSurface,
  { theirs, ours, ids }: { theirs: Subjects; ours: Subjects; ids: ReadonlySet<string> },
): Asked[] {
  const [their, our] = [askedOf(surface, theirs), askedOf(surface, ours)];
  const mixed = [
    ...Object.entries(their.params).map(([name, value]) => ({
      ...our,
      params: { ...our.params, [name]: value },
    })),
    { ...our, query: their.query },
    { ...our, body: their.body },
  ];
  return [their, ...mixed].filter((asked) => namedIn(asked, ids).length > 0);
}

const CLIENTS = "An app signs people of every organization in.";
const MESSAGES = "A message goes to somebody, wherever they belong.";
const LOOKS = "What is shown to everybody who signs in, and is changed by no such request.";
const CLAIMS = "A claim is added to what every app is told.";

/**
 * Surfaces about what no organization owns, each with the reason. Whoever adds one decides here:
 * either an organization owns what it is about, or the whole installation does.
 */
const OF_THE_INSTALLATION: [pattern: RegExp, reason: string][] = [
  [/\/api\/v1\/clients(?!\/\{id\}\/roles)/, CLIENTS],
  [/\/admin\/clients\/(?!\[id\]\/roles)/, CLIENTS],
  [/\/api\/v1\/claims/, CLAIMS],
  [/\/admin\/claims\//, CLAIMS],
  [/\/api\/v1\/branding\//, LOOKS],
  [/\/api\/v1\/outbox/, MESSAGES],
  [/\/admin\/outbox\//, MESSAGES],
];

/** Why no organization owns what this surface is about; undefined where one does. */
export const reasonOfInstallation = (surface: string): string | undefined =>
  OF_THE_INSTALLATION.find(([pattern]) => pattern.test(surface))?.[1];
