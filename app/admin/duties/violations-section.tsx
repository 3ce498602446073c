import { useTranslations } from "#translations";
import { waiveConflictAction } from "@/app/admin/duties/actions";
import { WaiverFields } from "@/app/admin/duties/waiver-fields";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { VIOLATIONS_MAX, type Violation, type ViolationPath } from "@/lib/duties/list-violations";
import type { Translator } from "@/lib/platform/locale/translator";

/** Who holds both sides, by what, and what can be done about it. */
export function ViolationsSection({
  violations,
  more,
  mayManage,
}: {
  violations: Violation[];
  more: boolean;
  mayManage: boolean;
}) {
  const t = useTranslations("admin-duties.violations");
  return (
    <Section
      title={t("title")}
      description={more ? t("more", { max: VIOLATIONS_MAX }) : t("text")}
      actions={
        violations.length > 0 && (
          // No page of ours: a file that the browser saves.
          <a
            href="/api/v1/duty-conflicts/violations?format=csv"
            download
            className="text-sm underline"
          >
            {t("download")}
          </a>
        )
      }
      flush
    >
      {violations.length === 0 ? (
        <EmptyState title={t("none")} />
      ) : (
        <ItemList>
          {violations.map((violation) => (
            <ViolationItem
              key={`${violation.conflictId} ${violation.holderId}`}
              violation={violation}
              mayManage={mayManage}
            />
          ))}
        </ItemList>
      )}
    </Section>
  );
}

function ViolationItem({ violation, mayManage }: { violation: Violation; mayManage: boolean }) {
  const t = useTranslations("admin-duties.violations");
  const waivers = useTranslations("admin-duties.waivers");
  const { holder, holderId, name, conflictId, conflictName, paths, waivedUntil } = violation;
  return (
    <Item
      title={waivers("name", { person: name, conflict: conflictName })}
      aside={
        waivedUntil === null ? (
          <Badge tone="danger">{t("violation")}</Badge>
        ) : (
          <Badge tone="warning">{t("waived")}</Badge>
        )
      }
      actions={
        <>
          <ButtonLink
            href={
              holder === "user" ? `/admin/users/${holderId}` : `/admin/clients/${holderId}/roles`
            }
            size="sm"
            aria-label={t("changeOf", { name })}
          >
            {t("change")}
          </ButtonLink>
          {mayManage && holder === "user" && waivedUntil === null && (
            <ConfirmDialog
              trigger={t("waive")}
              triggerLabel={t("waiveLabel", { conflict: conflictName, name })}
              tone="primary"
              title={t("waiveTitle", { name })}
              description={t("waiveText")}
              confirmLabel={waivers("submit")}
              action={waiveConflictAction}
              fields={{ conflictId, user: holderId }}
            >
              <WaiverFields />
            </ConfirmDialog>
          )}
        </>
      }
    >
      <ul>
        {paths.map((path) => (
          <li
            key={`${path.permissionKey} ${pathWords(t, path)}`}
            className="[overflow-wrap:anywhere]"
          >
            <span className="font-mono text-xs">{path.permissionKey}</span> {pathWords(t, path)}
          </li>
        ))}
      </ul>
      {waivedUntil !== null && <p>{t.rich("waivedUntil", timeAt(waivedUntil))}</p>}
    </Item>
  );
}

/**
 * "by the role Clerk, which inherits Writer, of the team Books, for a time"; "possibly by the policy
 * Office hours, which asks for more than who somebody is".
 */
function pathWords(t: Translator<"admin-duties.violations">, path: ViolationPath): string {
  if (path.by === "policy") {
    return t(path.sure ? "policy" : "policyMaybe", { policy: path.policyName });
  }
  const { roleName: role, givenRoleName: given, teamName: team, expiresAt } = path;
  let by: string = t("role", { role });
  if (given !== role) by = t("inherits", { by, given });
  if (team !== null) by = t("team", { by, team });
  return expiresAt === null ? by : t("forATime", { by });
}
