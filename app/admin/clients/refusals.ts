import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import type { ClientRefusal } from "@/lib/oidc/manage-clients";
import { type FormState, formError } from "@/lib/shared/form-state";

/** The form has one field for keys, whichever way they are given. */
const FIELD_NAMES: Record<string, string> = { jwks: "publicKeys", jwksUri: "publicKeys" };

const SHOWN_MAX = 3;

async function listed(missing: string[]): Promise<string> {
  const t = await getTranslations("admin-clients.refused");
  const count = missing.length - SHOWN_MAX;
  const names = missing.slice(0, SHOWN_MAX).join(", ");
  return count > 0 ? t("more", { count, names }) : names;
}

/** What was wrong with fields, in the language of the request. */
const translated = (fields: Record<string, string[]>): Promise<[string, string[]][]> =>
  Promise.all(
    Object.entries(fields).map(
      async ([name, messages]): Promise<[string, string[]]> => [
        FIELD_NAMES[name] ?? name,
        await Promise.all(messages.map(validationWords)),
      ],
    ),
  );

/** Why a client stays as it is. */
export async function refusalState(refusal: ClientRefusal): Promise<FormState> {
  const t = await getTranslations("admin-clients.refused");
  if (refusal.outcome === "not-found") {
    return formError(t("gone"));
  }
  switch (refusal.reason) {
    case "invalid": {
      const { "": whole, ...fields } = refusal.fields;
      return {
        status: "error",
        ...(whole && { message: (await Promise.all(whole.map(validationWords))).join(" ") }),
        fieldErrors: Object.fromEntries(await translated(fields)),
      };
    }
    case "stale":
      return formError(t("stale"));
    case "too-many-secrets":
      return formError(t("tooManySecrets"));
    case "last-secret":
      return formError(t("lastSecret"));
    case "keeps-no-secret":
      return formError(t("keepsNoSecret"));
    case "described-by-document":
      return formError(t("document"));
    case "beyond-own-permissions":
      return formError(t("beyondOwn", { missing: await listed(refusal.missing) }));
  }
}
