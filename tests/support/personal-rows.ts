import { type Column, isOfPeople, type PersonalTable } from "@/lib/personal-data/personal-table";
import { TABLES_OF_PEOPLE } from "@/lib/personal-data/personal-tables";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { asSuperuser, tamper } from "@/tests/support/audit";

// A row of somebody in every table that holds people, whatever tables there are: what a column is
// called and what type it has says what is put in. Each text says whose it is and where it stands.

export interface TableColumn {
  table: string;
  column: string;
  /** As PostgreSQL names it; arrays begin with an underscore. */
  type: string;
  /** The first label of an enum. */
  label: string | null;
}

/** Every column of every table of the database. */
export const listColumns = (): Promise<TableColumn[]> => prisma().$queryRaw<TableColumn[]>`
  SELECT c.table_name::text AS table, c.column_name::text AS column, c.udt_name::text AS type,
         (SELECT e.enumlabel::text FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
           WHERE t.typname = c.udt_name ORDER BY e.enumsortorder LIMIT 1) AS label
    FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
   WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
   ORDER BY c.table_name, c.ordinal_position`;

export interface Somebody {
  /** Begins every text that is put into their rows. */
  label: string;
  id: string;
  email: string;
  name: string;
  phone: string;
  session: string;
  flow: string;
  grant: string;
  organization: string;
}

export const somebody = (label: string, organization: string): Somebody => ({
  label,
  id: newId(),
  email: `${label}@example.com`,
  name: `${label}:the name`,
  phone: `+43${label.length}${label.charCodeAt(0)}5550100`,
  session: newId(),
  flow: newId(),
  grant: `${label}:grant`,
  organization,
});

/** What stands where a rule of the table wants something particular. */
const PARTICULAR: Record<string, (of: Somebody) => unknown> = {
  "users.id": ({ id }) => id,
  "users.email": ({ email }) => email,
  "users.name": ({ name }) => name,
  "sessions.id": ({ session }) => session,
  "sign_in_flows.id": ({ flow }) => flow,
  "sign_in_flows.email": ({ email }) => email,
  "oidc_grants.id": ({ grant }) => grant,
  "oidc_artifacts.grant_id": ({ grant }) => grant,
  "oidc_grants.parent_id": () => null,
  "oidc_grants.payload": ({ label }) => ({ openid: { scope: `${label}:oidc_grants.payload` } }),
  "oidc_sessions.authorizations": ({ label }) => ({
    [`${label}:oidc_sessions.authorizations`]: {},
  }),
  "invitations.email": ({ email }) => email,
  "registrations.email": ({ email }) => email,
  "user_import_rows.email": ({ email }) => email,
  "user_import_rows.pending": ({ label }) => ({ name: `${label}:user_import_rows.pending` }),
  "user_import_rows.problem": () => null,
  "user_import_rows.outcome": () => null,
  "outbox.recipient": ({ email }) => email,
  "credentials_phone.number": ({ phone }) => phone,
  "email_changes.old_email": ({ email }) => email,
  "invoices.owner_id": ({ id }) => id,
  "invoices.status": () => "draft",
  "invoices.currency": () => "EUR",
  "access_requests.duration_seconds": () => 3600,
  "account_deletions.requested_by": ({ id }) => id,
  "account_deletions.told_at": () => null,
  "account_deletions.erased_at": () => null,
  "account_deletions.finished_at": () => null,
  "account_deletions.claimed_until": () => null,
  "users.deletion_due_at": () => null,
  "audit_events.action": () => "thing.done",
  "audit_events.actor_type": () => "user",
  "audit_events.actor_id": ({ id }) => id,
  "audit_events.target_id": ({ id }) => id,
  "audit_events.target_type": () => "user",
  "audit_events.erased_by": () => null,
  "audit_events.subject_id": () => null,
  "decision_traces.trace": ({ id, email, label }) => ({
    permissionKey: `${label}:decision_traces.trace`,
    facts: { principal: { id, email }, context: { ip: null } },
  }),
  "access_review_items.subject": ({ email }) => email,
  "access_review_items.subject_name": ({ name }) => name,
  "personal_tokens.expires_at": () => "2099-01-01",
};

/** Of the same meaning in every table that has it. */
const BY_NAME: Record<string, (of: Somebody) => unknown> = {
  user_id: ({ id }) => id,
  session_id: ({ session }) => session,
  flow_id: ({ flow }) => flow,
  organization_id: ({ organization }) => organization,
};

const NUMBERS = ["int2", "int4", "int8"];

/** What is put into a column whose rows are `of` somebody, where it names `other` people as well. */
function valueFor({ table, column, type, label }: TableColumn, of: Somebody, other: Somebody) {
  const declared = (TABLES_OF_PEOPLE as Record<string, PersonalTable>)[table];
  const kind: Column | undefined =
    declared && isOfPeople(declared) ? declared.columns[column] : undefined;
  const whose = kind === "another" ? other : of;
  const text = `${whose.label}:${table}.${column}`;
  const given = PARTICULAR[`${table}.${column}`] ?? BY_NAME[column];
  if (given !== undefined && kind !== "another") return given(of);
  if (label !== null) return label;
  if (type === "uuid") return kind === "another" ? other.id : newId();
  if (type === "bytea") return Buffer.from(text);
  if (type === "jsonb" || type === "json") return { text };
  if (type === "bool") return true;
  if (NUMBERS.includes(type)) return 1;
  if (type === "timestamptz") return new Date();
  return type.startsWith("_") ? [text] : text;
}

const asSql = (value: unknown, type: string): string => {
  if (value === null) return "NULL";
  if (Buffer.isBuffer(value)) return `'\\x${value.toString("hex")}'`;
  if (Array.isArray(value)) return `ARRAY[${value.map((one) => asSql(one, "")).join(", ")}]`;
  if (value instanceof Date) return asSql(value.toISOString(), "");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'${type && `::"${type}"`}`;
};

/** The statement of a row of theirs, with some columns as given. */
export function rowOf(
  columns: TableColumn[],
  of: Somebody,
  other: Somebody,
  instead: Record<string, unknown> = {},
): string {
  const values = columns.map((column) =>
    asSql(
      column.column in instead ? instead[column.column] : valueFor(column, of, other),
      column.type,
    ),
  );
  const names = columns.map(({ column }) => `"${column}"`);
  return `INSERT INTO "${columns[0]?.table}" (${names.join(", ")}) VALUES (${values.join(", ")})`;
}

/** One row in every table that holds people; keys between tables that nobody owns lead nowhere. */
export async function insertEverywhere(of: Somebody, other: Somebody): Promise<void> {
  const all = await listColumns();
  const rows = Object.keys(TABLES_OF_PEOPLE).map((table) => ({
    table,
    row: rowOf(
      all.filter((column) => column.table === table),
      of,
      other,
    ),
  }));
  await tamper(...rows.filter(({ table }) => table !== "audit_events").map(({ row }) => row));
  // With its triggers, which queue it for the chain.
  await asSuperuser(...rows.filter(({ table }) => table === "audit_events").map(({ row }) => row));
}

/** Every text of every table in which one of these stands, as "table.column: text". */
export async function findTexts(needles: string[]): Promise<string[]> {
  const found: string[] = [];
  const sought = needles.flatMap((needle) => [needle, Buffer.from(needle).toString("hex")]);
  for (const table of new Set((await listColumns()).map((column) => column.table))) {
    const rows = await prisma().$queryRawUnsafe<{ column: string; text: string }[]>(
      `SELECT c.key AS column, c.value AS text
         FROM "${table}" t, jsonb_each_text(to_jsonb(t)) c
        WHERE EXISTS (SELECT FROM unnest($1::text[]) n WHERE strpos(c.value, n) > 0)`,
      sought,
    );
    found.push(...rows.map(({ column, text }) => `${table}.${column}: ${text}`));
  }
  return found;
}
