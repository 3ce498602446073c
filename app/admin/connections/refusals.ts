import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import type { ConnectionRefusal } from "@/lib/federation/manage-connections";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

/** Why a connection stays as it is. */
export async function refusalState(refusal: ConnectionRefusal): Promise<FormState> {
  const t = await getTranslations("admin-connections.refused");
  if (refusal.outcome === "not-found") return formError(t("notFound"));
  switch (refusal.reason) {
    case "stale":
      return formError(t("stale"));
    case "issuer-in-use":
      return fieldError("issuer", t("issuerInUse", { count: refusal.identities }));
    case "secret-needed":
      return fieldError("clientSecret", t("secretNeeded"));
    case "only-way-into-organization":
      return formError(t("onlyWay"));
    case "last-way-in":
      return refusal.own
        ? formError(t("own"))
        : {
            status: "error",
            message: t("lastWayIn", { count: refusal.users }),
            fieldErrors: { confirm: [t("tick")] },
          };
  }
}
