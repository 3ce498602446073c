import { Trash2 } from "lucide-react";
import {
  activateVersionAction,
  deactivatePolicyAction,
  deletePolicyAction,
  setShadowAction,
} from "@/app/admin/policies/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import type { PolicyRow, VersionRow } from "@/lib/policies/list-policies";

const read = ({ id, version }: PolicyRow) => ({ id, version: String(version) });

/** Puts a version in force: the newest, or an earlier one to go back to. */
export function ActivateDialog({
  policy,
  number,
  size = "sm",
}: {
  policy: PolicyRow;
  number: number;
  size?: "sm" | "md";
}) {
  const isBack = policy.activeNumber !== null && number < policy.activeNumber;
  const verb = isBack ? "Roll back" : "Put in force";
  return (
    <ConfirmDialog
      trigger={verb}
      triggerLabel={isBack ? `Roll back to version ${number}` : `Put in force: version ${number}`}
      variant="secondary"
      size={size}
      title={isBack ? `Roll back to version ${number}?` : `Put version ${number} in force?`}
      description={
        <p>
          It decides from the next request of everybody on
          {policy.activeNumber === null ? "." : `, in place of version ${policy.activeNumber}.`}
        </p>
      }
      confirmLabel={verb}
      tone="primary"
      action={activateVersionAction}
      fields={{ ...read(policy), number: String(number) }}
    >
      <PreviewAnswer />
      <ConfirmLoss />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}

export function ShadowDialog({ policy, number }: { policy: PolicyRow; number: number | null }) {
  const title = number === null ? "End the shadow?" : `Put version ${number} in shadow?`;
  return (
    <ConfirmDialog
      trigger={number === null ? "End shadow" : "Shadow"}
      triggerLabel={number === null ? "End shadow" : `Shadow version ${number}`}
      variant="ghost"
      title={title}
      description={
        <p>
          {number === null
            ? "What was counted stays."
            : "It changes nothing. Every decision that it would change is counted, by day and permission."}
        </p>
      }
      confirmLabel={number === null ? "End shadow" : "Put in shadow"}
      tone="primary"
      action={setShadowAction}
      fields={{ ...read(policy), ...(number === null ? {} : { number: String(number) }) }}
    />
  );
}

/** What can be done with the policy as a whole. */
export function ForceActions({ policy, newest }: { policy: PolicyRow; newest: VersionRow }) {
  return (
    <>
      {policy.activeNumber !== newest.number && (
        <ActivateDialog policy={policy} number={newest.number} />
      )}
      {policy.activeNumber !== null && (
        <ConfirmDialog
          trigger="Take out of force"
          title={`Take ${policy.name} out of force?`}
          description={<p>It decides nothing from the next request on. Its versions stay.</p>}
          confirmLabel="Take out of force"
          action={deactivatePolicyAction}
          fields={read(policy)}
        >
          <PreviewAnswer />
          <ConfirmLoss />
          <div>
            <PreviewButton />
          </div>
        </ConfirmDialog>
      )}
    </>
  );
}

export function DeleteDialog({ policy }: { policy: PolicyRow }) {
  if (policy.activeNumber !== null) return null;
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          Delete
        </>
      }
      size="md"
      title={`Delete the policy ${policy.name}?`}
      description={<p>Its versions and what was counted go with it. This cannot be undone.</p>}
      confirmLabel="Delete policy"
      action={deletePolicyAction}
      fields={read(policy)}
    />
  );
}
