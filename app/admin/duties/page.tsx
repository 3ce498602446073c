import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { deleteConflictAction, endWaiverAction } from "@/app/admin/duties/actions";
import { NewConflictSection } from "@/app/admin/duties/new-conflict-section";
import { ViolationsSection } from "@/app/admin/duties/violations-section";
import { WaiveSection } from "@/app/admin/duties/waive-section";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { AbsoluteTime } from "@/components/ui/absolute-time";
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

export const metadata: Metadata = { title: "Duties" };

export default async function DutiesPage() {
  const caller = await requirePermission("/admin/duties", DUTY_PERMISSIONS.view);
  const conflicts = await answerDenials(() => listConflicts(caller));
  const { violations, more } = await answerDenials(() => listViolations(caller));
  const waivers = await answerDenials(() => listWaivers(caller));
  const mayManage = await can(caller, DUTY_PERMISSIONS.manage);
  const permissions = mayManage ? await answerDenials(() => listDutyPermissions(caller)) : [];
  return (
    <div className="max-w-4xl">
      <PageHeader
        title="Duties"
        description="What one person must not do alone: nobody comes to hold both sides of a conflict, by whatever path, unless somebody else waives it."
      />
      <div className="space-y-6">
        <Section title="Conflicts" flush>
          {conflicts.length === 0 ? (
            <EmptyState
              title="No conflicts yet"
              description="For example: who writes invoices does not delete them."
            />
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
          <Section title="Waivers" flush>
            <ItemList>
              {waivers.map((waiver) => (
                <Waiver key={waiver.id} waiver={waiver} mayManage={mayManage} />
              ))}
            </ItemList>
          </Section>
        )}
        {mayManage && conflicts.length > 0 && <WaiveSection conflicts={conflicts} />}
        {mayManage && <NewConflictSection permissions={permissions} />}
      </div>
    </div>
  );
}

function Conflict({ conflict, mayManage }: { conflict: DutyConflict; mayManage: boolean }) {
  const { id, name, description, leftKeys, rightKeys, organizationId } = conflict;
  return (
    <Item
      title={name}
      aside={organizationId === null && <Badge>In every organization</Badge>}
      actions={
        mayManage && (
          <ConfirmDialog
            trigger={
              <>
                <Trash2 aria-hidden="true" />
                Delete
              </>
            }
            triggerLabel={`Delete the conflict ${name}`}
            title={`Delete “${name}”?`}
            description="Anybody may hold both sides from then on. Its waivers go with it."
            confirmLabel="Delete conflict"
            action={deleteConflictAction}
            fields={{ conflictId: id }}
          />
        )
      }
    >
      {description !== "" && <p className="[overflow-wrap:anywhere]">{description}</p>}
      <p className="[overflow-wrap:anywhere]">
        {leftKeys.join(", ")} <span className="text-ink-faint">against</span> {rightKeys.join(", ")}
      </p>
    </Item>
  );
}

function Waiver({ waiver, mayManage }: { waiver: WaiverRow; mayManage: boolean }) {
  const { id, email, conflictName, reason, grantedBy, expiresAt } = waiver;
  return (
    <Item
      title={`${email}: ${conflictName}`}
      actions={
        mayManage && (
          <ConfirmDialog
            trigger="End now"
            triggerLabel={`End now: the waiver of ${conflictName} for ${email}`}
            title={`End the waiver for ${email}?`}
            description="They keep what they hold; the report shows it as a violation."
            confirmLabel="End waiver"
            action={endWaiverAction}
            fields={{ waiverId: id }}
          />
        )
      }
    >
      <p className="[overflow-wrap:anywhere]">{reason}</p>
      <p>
        Ends <AbsoluteTime value={expiresAt} />
        {grantedBy !== null && <>; given by {grantedBy}</>}
      </p>
    </Item>
  );
}
