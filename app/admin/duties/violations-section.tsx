import { waiveConflictAction } from "@/app/admin/duties/actions";
import { WaiverFields } from "@/app/admin/duties/waiver-fields";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { VIOLATIONS_MAX, type Violation, type ViolationPath } from "@/lib/duties/list-violations";

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
  return (
    <Section
      title="Who holds both"
      description={
        more
          ? `The first ${VIOLATIONS_MAX} of each conflict: there are more.`
          : "They held both before the conflict was there, or somebody has waived it."
      }
      actions={
        violations.length > 0 && (
          // No page of ours: a file that the browser saves.
          <a
            href="/api/v1/duty-conflicts/violations?format=csv"
            download
            className="text-sm underline"
          >
            Download as CSV
          </a>
        )
      }
      flush
    >
      {violations.length === 0 ? (
        <EmptyState title="Nobody holds both sides of a conflict" />
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
  const { holder, holderId, name, conflictId, conflictName, paths, waivedUntil } = violation;
  return (
    <Item
      title={`${name}: ${conflictName}`}
      aside={
        waivedUntil === null ? (
          <Badge tone="danger">Violation</Badge>
        ) : (
          <Badge tone="warning">Waived</Badge>
        )
      }
      actions={
        <>
          <ButtonLink
            href={
              holder === "user" ? `/admin/users/${holderId}` : `/admin/clients/${holderId}/roles`
            }
            size="sm"
            aria-label={`Change roles of ${name}`}
          >
            Change roles
          </ButtonLink>
          {mayManage && holder === "user" && waivedUntil === null && (
            <ConfirmDialog
              trigger="Waive"
              triggerLabel={`Waive ${conflictName} for ${name}`}
              tone="primary"
              title={`Let ${name} hold both?`}
              description="Nobody gives themselves a waiver. It ends by itself."
              confirmLabel="Waive conflict"
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
            key={`${path.permissionKey} ${path.roleName} ${path.givenRoleName} ${path.teamName}`}
            className="[overflow-wrap:anywhere]"
          >
            <span className="font-mono text-xs">{path.permissionKey}</span> {pathWords(path)}
          </li>
        ))}
      </ul>
      {waivedUntil !== null && (
        <p>
          Waived until <AbsoluteTime value={waivedUntil} />
        </p>
      )}
    </Item>
  );
}

/** "by the role Clerk, which inherits Writer, of the team Books, for a time". */
function pathWords({ roleName, givenRoleName, teamName, expiresAt }: ViolationPath): string {
  return [
    `by the role ${roleName}`,
    ...(givenRoleName === roleName ? [] : [`which inherits ${givenRoleName}`]),
    ...(teamName === null ? [] : [`of the team ${teamName}`]),
    ...(expiresAt === null ? [] : ["for a time"]),
  ].join(", ");
}
