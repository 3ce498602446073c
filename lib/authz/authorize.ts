import "server-only";
import type { Row } from "@/lib/authz/ability";
import { askAbout } from "@/lib/authz/decide";
import { type DenialReason, evaluate, hiddenFields, type Question } from "@/lib/authz/evaluate";
import { recordRefusedQuestion } from "@/lib/authz/record-denied-question";
import { settle } from "@/lib/authz/settle";
import { countShadowsOf } from "@/lib/authz/shadow";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** The answer 403: authenticated, not allowed. The decision's id leads to its audit event and its trace. */
export class AccessDenied extends Error {
  constructor(
    readonly decisionId: string,
    readonly permission: Permission,
    readonly reason: DenialReason,
  ) {
    super(`${permission.key} was denied: ${reason}`);
    this.name = "AccessDenied";
  }
}

/**
 * Returns when the caller may do this, and otherwise throws {@link AccessDenied}
 * after the refusal is in the audit log. Throws `AssuranceInsufficient`
 * when administration asks for a second factor that the session lacks (F20), when
 * the permission is sensitive and the last proof is too old (F22), and when a condition
 * asks for a proof that the caller can give. Without a resource it asks whether the
 * permission is held for any record at all, as before a list or a creation.
 */
export async function authorize(
  caller: Caller,
  permission: Permission,
  resource?: Row & { id: string },
): Promise<void> {
  await authorizeToOffer(caller, permission, resource);
  if (permission.sensitive) requireAssurance(caller.principal, SENSITIVE, caller.principal.asOf);
}

/**
 * The same for a page that offers what the permission is for: a proof may be as old as it
 * likes while nothing is done, and whoever does it is asked then.
 */
export async function authorizeToOffer(
  caller: Caller,
  permission: Permission,
  resource?: Row & { id: string },
): Promise<void> {
  const { question, loaded } = await askAbout(caller, permission, resource);
  const verdict = evaluate(question);
  await countShadowsOf(question, verdict, loaded.shadows);
  const reason = settle(caller.principal, permission, question, verdict);
  if (reason !== null) throw await denied(caller, permission, question, reason);
}

/** Throws {@link AccessDenied} when a policy hides one of the fields of the record from the caller. */
export async function authorizeFields(
  caller: Caller,
  permission: Permission,
  resource: Row & { id: string },
  fields: readonly string[],
): Promise<void> {
  const { question } = await askAbout(caller, permission, resource);
  const hidden = hiddenFields(question);
  if (!fields.some((field) => hidden.includes(field))) return;
  throw await denied(caller, permission, question, "denied-by-policy");
}

async function denied(
  caller: Caller,
  permission: Permission,
  question: Question,
  reason: DenialReason,
): Promise<AccessDenied> {
  const { resource } = question;
  const target =
    resource === null
      ? undefined
      : { type: permission.resourceType.toLowerCase(), id: String(resource["id"]) };
  // A page's refusal is rendered before the decision is made and has to name it
  // all the same, so the first refusal of a request has the name that came with it.
  const id = caller.request.decisionId;
  const refusal = { id, permission, question, reason, target };
  return new AccessDenied(await recordRefusedQuestion(caller, refusal), permission, reason);
}
