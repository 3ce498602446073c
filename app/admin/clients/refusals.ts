import "server-only";
import type { ClientRefusal } from "@/lib/oidc/manage-clients";
import { type FormState, formError } from "@/lib/shared/form-state";

/** The form has one field for keys, whichever way they are given. */
const FIELD_NAMES: Record<string, string> = { jwks: "publicKeys", jwksUri: "publicKeys" };

const SHOWN_MAX = 3;

function listed(missing: string[]): string {
  const more = missing.length - SHOWN_MAX;
  const shown = missing.slice(0, SHOWN_MAX).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Why a client stays as it is. */
export function refusalState(refusal: ClientRefusal): FormState {
  if (refusal.outcome === "not-found") {
    return formError("This is not there any more: somebody removed it. Reload the page.");
  }
  switch (refusal.reason) {
    case "invalid": {
      const { "": whole, ...fields } = refusal.fields;
      return {
        status: "error",
        ...(whole && { message: whole.join(" ") }),
        fieldErrors: Object.fromEntries(
          Object.entries(fields).map(([name, messages]) => [FIELD_NAMES[name] ?? name, messages]),
        ),
      };
    }
    case "stale":
      return formError("Somebody changed this client meanwhile. Reload the page, then decide.");
    case "too-many-secrets":
      return formError("There are two secrets already. Remove the old one first.");
    case "last-secret":
      return formError("This is its only secret. Add another one first.");
    case "keeps-no-secret":
      return formError("This client has no secret.");
    case "described-by-document":
      return formError("What this client is, is said by its own document. You can disable it.");
    case "beyond-own-permissions":
      return formError(
        `A client that is first-party, or that looks up tokens, reaches as far as its users without asking them. That is for whoever holds every permission; you lack ${listed(refusal.missing)}.`,
      );
  }
}
