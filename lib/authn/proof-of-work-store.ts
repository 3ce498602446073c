import "server-only";
import { prisma } from "@/lib/platform/db/client";

/** One conditional statement: of parallel uses of a proof one gets true (DEC-1). */
export async function spendProof(id: string, expiresAt: number): Promise<boolean> {
  const count = await prisma().$executeRaw`
    INSERT INTO spent_proofs (id, expires_at)
    SELECT ${id}::uuid, to_timestamp(${expiresAt}::double precision)
     WHERE to_timestamp(${expiresAt}::double precision) > now()
        ON CONFLICT DO NOTHING`;
  return count === 1;
}

export async function purgeProofs(): Promise<number> {
  return prisma().$executeRaw`DELETE FROM spent_proofs WHERE expires_at < now()`;
}
