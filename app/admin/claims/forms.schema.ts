import { z } from "zod";
import { type ClaimTarget, NewClaim } from "@/lib/oidc/claim-template.schema";
import { Id } from "@/lib/shared/id.schema";

/** A number or a truth value is one when it is written as one. */
function valueOf(kind: string, text: string): unknown {
  if (kind === "number") return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (kind === "boolean") return text.trim() === "true" || (text.trim() === "false" ? false : null);
  return text;
}

const ticked = z.literal("on").optional();

/** What a form has, as the API would have it. */
export const NewClaimForm = z
  .object({
    name: z.string(),
    kind: z.enum(["text", "number", "boolean"]),
    value: z.string(),
    scope: z.string(),
    clientId: z.string().trim(),
    /** The id token: the first of the places, where what is wrong with them is said. */
    targets: ticked,
    userinfo: ticked,
  })
  .transform(({ name, kind, value, scope, clientId, targets: idToken, userinfo }): unknown => {
    const told: ClaimTarget[] = [];
    if (idToken) told.push("id_token");
    if (userinfo) told.push("userinfo");
    const targets = scope.startsWith("api:") ? ["access_token"] : told;
    return { name, value: valueOf(kind, value), scope, targets, clientId: clientId || null };
  })
  .pipe(NewClaim);

export const ClaimForm = z.object({ id: Id });
