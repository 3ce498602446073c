import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import type { Translator } from "@/lib/platform/locale/translator";
import type { Permission } from "@/lib/shared/permission";

type Known = Parameters<Translator<"permissions">>[0];

/** What permissions allow, in the language of the request; of one that a feature brings along, in its own words. */
export async function getPermissionWords(): Promise<
  (permission: Pick<Permission, "key" | "description">) => string
> {
  const t = await getTranslations("permissions");
  return ({ key, description }) => (t.has(key as Known) ? t(key as Known) : description);
}
