import "server-only";
import type { JWK } from "jose";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface AuditKeyRow {
  id: string;
  publicJwk: JWK;
  sealed: Uint8Array<ArrayBuffer>;
  createdAt: Date;
  retiredAt: Date | null;
}

/** All of them, the one that seals last. */
export async function findAuditKeyRows(db: Db = prisma()): Promise<AuditKeyRow[]> {
  const rows = await db.auditKey.findMany({ orderBy: { createdAt: "asc" } });
  return rows.map((row) => ({ ...row, publicJwk: row.publicJwk as JWK }));
}

export async function insertAuditKey(
  key: Pick<AuditKeyRow, "id" | "publicJwk" | "sealed">,
  tx: Db,
): Promise<void> {
  await tx.auditKey.create({ data: { ...key, publicJwk: key.publicJwk as object } });
}

/** The others seal nothing more; what they sealed is checked by them still. */
export async function retireAuditKeysExcept(id: string, tx: Db): Promise<void> {
  await tx.$executeRaw`
    UPDATE audit_keys SET retired_at = now() WHERE retired_at IS NULL AND id <> ${id}::uuid`;
}
