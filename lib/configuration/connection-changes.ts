import "server-only";
import type { ConnectionEntry } from "@/lib/configuration/configuration.schema";
import type { Difference } from "@/lib/configuration/plan";
import type { Work } from "@/lib/configuration/work";
import {
  type ConnectionWriteRejection,
  changeConnectionAsOperator,
  createConnectionAsOperator,
  deleteConnectionAsOperator,
} from "@/lib/federation/operate-connections";
import { readReferredSecret } from "@/lib/platform/config";

export type ConnectionRejection =
  | ConnectionWriteRejection
  /** `variable` is where the secret of a new connection is looked for; null where the file does not say. */
  | { outcome: "rejected"; reason: "provider-secret-needed"; variable: string | null };

/** Sets up, changes or deletes the connection that a difference is about, in an organization. */
export async function makeConnectionChange(
  { name: slug, after }: Difference,
  organizationId: string,
  { operator, present, tx }: Work,
): Promise<ConnectionRejection | null> {
  const row = present.connections.find(
    (connection) => connection.slug === slug && connection.organizationId === organizationId,
  );
  if (after === null) {
    return row === undefined ? null : deleteConnectionAsOperator(operator, row, tx);
  }
  const { secret: reference, ...wanted } = after as ConnectionEntry;
  if (row !== undefined) return changeConnectionAsOperator(operator, row, wanted, tx);
  const variable = reference?.fromEnvironment ?? null;
  const secret = variable === null ? null : readReferredSecret(variable);
  if (secret === null) return { outcome: "rejected", reason: "provider-secret-needed", variable };
  return createConnectionAsOperator(operator, organizationId, wanted, secret, tx);
}
