import { Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { deleteConflictAction, endWaiverAction } from "@/app/admin/duties/actions";
import { NewConflictSection } from "@/app/admin/duties/new-conflict-section";
import { ViolationsSection } from "@/app/admin/duties/violations-section";
import { WaiveSection } from "@/app/admin/duties/waive-section";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { timeAt } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { listViolations } from "@/lib/duties/list-violations";
import {
  type DutyConflict,
  listConflicts,
  listDutyPermissions,
} from "@/lib/duties/manage-conflicts";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { listWaivers, type WaiverRow } from "@/lib/duties/waivers";

const FAINT = {
  against: (words: ReactNode) => <span className="text-ink-faint">{words}</span>,
};

export const generateMetadata = titled("admin-duties");

export default async function DutiesPage() {
  const caller = await requirePermission("/admin/duties", DUTY_PERMISSIONS.view);
  const conflicts = await answerDenials(() => listConflicts(caller));
  const { violations, more } = await answerDenials(() => listViolations(caller));
  const waivers = await answerDenials(() => listWaivers(caller));
  const mayManage = await can(caller, DUTY_PERMISSIONS.manage);
  const permissions = mayManage ? await answerDenials(() => listDutyPermissions(caller)) : [];
  const t = await getTranslations("admin-duties");
  const wordsOf = await getPermissionWords();
  const offered = permissions.map((one) => ({ key: one.key, description: wordsOf(one) }));
  return (
    <div className="max-w-4xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Section title={t("conflicts")} flush>
          {conflicts.length === 0 ? (
            <EmptyState title={t("none")} description={t("noneText")} />
          ) : (
            <ItemList>
              {conflicts.map((conflict) => (
                <Conflict key={conflict.id} conflict={conflict} mayManage={mayManage} />
              ))}
            </ItemList>
          )}
        </Section>
        {conflicts.length > 0 && (
          <ViolationsSection violations={violations} more={more} mayManage={mayManage} />
        )}
        {waivers.length > 0 && (
          <Section title={t("waivers.title")} flush>
            <ItemList>
              {waivers.map((waiver) => (
                <Waiver key={waiver.id} waiver={waiver} mayManage={mayManage} />
              ))}
            </ItemList>
          </Section>
        )}
        {mayManage && conflicts.length > 0 && <WaiveSection conflicts={conflicts} />}
        {mayManage && <NewConflictSection permissions={offered} />}
      </div>
    </div>
  );
}

function Conflict({ conflict, mayManage }: { conflict: DutyConflict; mayManage: boolean }) {
  const t = useTranslations("admin-duties");
  const { id, name, description, leftKeys, rightKeys, organizationId } = conflict;
  return (
    <Item
      title={name}
      aside={organizationId === null && <Badge>{t("everywhere")}</Badge>}
      actions={
        mayManage && (
          <ConfirmDialog
            trigger={
              <>
                <Trash2 aria-hidden="true" />
                {t("delete")}
              </>
            }
            triggerLabel={t("deleteLabel", { name })}
            title={t("deleteTitle", { name })}
            description={t("deleteText")}
            confirmLabel={t("deleteConfirm")}
            action={deleteConflictAction}
            fields={{ conflictId: id }}
          />
        )
      }
    >
      {description !== "" && <p className="[overflow-wrap:anywhere]">{description}</p>}
      <p className="[overflow-wrap:anywhere]">
        {t.rich("against", {
          left: leftKeys.join(", "),
          right: rightKeys.join(", "),
          ...FAINT,
        })}
      </p>
    </Item>
  );
}

function Waiver({ waiver, mayManage }: { waiver: WaiverRow; mayManage: boolean }) {
  const t = useTranslations("admin-duties.waivers");
  const { id, email, conflictName, reason, grantedBy, expiresAt } = waiver;
  return (
    <Item
      title={t("name", { person: email, conflict: conflictName })}
      actions={
        mayManage && (
          <ConfirmDialog
            trigger={t("endNow")}
            triggerLabel={t("endLabel", { conflict: conflictName, email })}
            title={t("endTitle", { email })}
            description={t("endText")}
            confirmLabel={t("endConfirm")}
            action={endWaiverAction}
            fields={{ waiverId: id }}
          />
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        {grantedBy === null
          ? t.rich("ends", timeAt(expiresAt))
          : t.rich("endsBy", { ...timeAt(expiresAt), author: grantedBy })}
      </p>
    </Item>
  );
}
