import "server-only";
import type { JsonValue } from "@/lib/audit/record-event";
import { type Authority, recordBy } from "@/lib/authz/authority";
import type { NewClaim } from "@/lib/oidc/claim-template.schema";
import { countTemplates, deleteTemplate, insertTemplate } from "@/lib/oidc/claim-template-store";
import type { Db } from "@/lib/platform/db/client";

// What is written and recorded of a claim, whoever has judged that its author may.

/** Each is looked at for every token. */
const TEMPLATES_MAX = 100;

const asClaim = (id: string) => ({ type: "claim", id });

/** False where there are too many. Throws a unique violation where the client has one of this name. */
export async function writeNewClaim(
  authority: Authority,
  id: string,
  claim: NewClaim,
  tx: Db,
): Promise<boolean> {
  if ((await countTemplates(tx)) >= TEMPLATES_MAX) return false;
  const after = { ...claim, targets: [...new Set(claim.targets)] };
  await insertTemplate(id, after, tx);
  await recordBy(authority, { action: "claim.created", target: asClaim(id), after }, tx);
  return true;
}

/** Takes a claim away, from the next token on; false when it was gone already. */
export async function writeClaimDeletion(
  authority: Authority,
  id: string,
  tx: Db,
): Promise<boolean> {
  const deleted = await deleteTemplate(id, tx);
  if (deleted === null) return false;
  const { id: _, value, ...rest } = deleted;
  const before = { ...rest, value: value as JsonValue };
  await recordBy(authority, { action: "claim.deleted", target: asClaim(id), before }, tx);
  return true;
}
