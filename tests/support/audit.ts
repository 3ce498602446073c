import pg from "pg";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { databaseSource } from "@/lib/audit-chain/database-source";
import { verifyChain } from "@/lib/audit-chain/verify-chain";
import { aRequest } from "@/tests/support/builders";

const adminUrl = () => {
  const url = new URL(
    process.env["TEST_DATABASE_ADMIN_URL"] ?? process.env["TEST_DATABASE_URL"] ?? "",
  );
  url.pathname = new URL(process.env["DATABASE_URL"] ?? "").pathname;
  return url.href;
};

/** Statements of the superuser of the database. */
export async function asSuperuser(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const statement of statements) await client.query(statement);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** What somebody does who owns the machine and turns the triggers off. */
export const tamper = (...statements: string[]): Promise<void> =>
  asSuperuser("SET session_replication_role = replica", ...statements);

/** Events with an address and a detail each; returns their ids, oldest first. */
export async function someEvents(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push(
      await recordStandaloneEvent(
        {
          action: "thing.done",
          outcome: "success",
          actor: { type: "system" },
          reason: `reason ${index}`,
          after: { b: index, a: ["x", 1.5, null] },
        },
        aRequest(),
      ),
    );
  }
  return ids;
}

/** What a check of the database finds: kind and event of each finding. */
export async function findingsNow(
  statements: string[] = [],
): Promise<{ kind: string; seq: string | null; eventId: string | null }[]> {
  const { findings } = await verifyChain(await databaseSource(statements));
  return findings.map(({ kind, seq, eventId }) => ({
    kind,
    eventId,
    seq: seq === null ? null : String(seq),
  }));
}
