import { getTranslations } from "@/app/_locale/translations";
import { userAccessPath } from "@/app/admin/access/address";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { TextLink } from "@/components/ui/text-link";
import type { Translator } from "@/lib/platform/locale/translator";
import type { Caller } from "@/lib/shared/caller";
import { listRolePaths, ROLE_PATHS_MAX, type RolePath } from "@/lib/users/role-paths";

/** Every role that counts for the user here, with the way by which it comes (F90). */
export async function RolePathsSection({
  id,
  caller,
  userId,
  explains,
}: {
  id: string;
  caller: Caller;
  userId: string;
  /** Whether the reader may see what all of it gives. */
  explains: boolean;
}) {
  const paths = await listRolePaths(caller, userId);
  const shown = paths.slice(0, ROLE_PATHS_MAX);
  const t = await getTranslations("admin-users.paths");
  const title = (await getTranslations("admin-users.parts"))("paths");
  return (
    <Section
      id={id}
      title={title}
      description={t("description")}
      footer={explains && <TextLink href={userAccessPath(userId)}>{t("everything")}</TextLink>}
      flush={shown.length > 0}
      className="scroll-mt-20"
    >
      {shown.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("none")}</p>
      ) : (
        <ItemList>
          {shown.map((path) => (
            <Item
              key={JSON.stringify(path)}
              title={path.roleName}
              aside={path.everywhere && <Badge>{t("everywhere")}</Badge>}
            >
              {wayOf(path, t)}
              {path.expiresAt !== null && <> · {t.rich("until", timeAt(path.expiresAt))}</>}
            </Item>
          ))}
          {paths.length > shown.length && (
            <li className="px-5 py-4 text-ink-soft text-sm sm:px-6">{t("more")}</li>
          )}
        </ItemList>
      )}
    </Section>
  );
}

/** The way in words: by which role, through which team, or directly. */
function wayOf(
  { inheritedBy, team, memberTeam }: RolePath,
  t: Translator<"admin-users.paths">,
): string {
  const how = inheritedBy === null ? "given" : "inherited";
  const role = inheritedBy ?? "";
  if (team === null) return t(`${how}.direct`, { role });
  if (memberTeam === null) return t(`${how}.team`, { role, team });
  return t(`${how}.within`, { role, team, memberTeam });
}
