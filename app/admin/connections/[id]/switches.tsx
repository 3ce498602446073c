import { Trash2 } from "lucide-react";
import {
  deleteConnectionAction,
  disableConnectionAction,
  enableConnectionAction,
  testConnectionAction,
} from "@/app/admin/connections/actions";
import { ConfirmLastWayIn } from "@/components/admin/confirm-last-way-in";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import type { Connection } from "@/lib/federation/manage-connections";

/** Tries it as a sign-in would, and signs nobody in. */
export function TestForm({ connection: { id, name } }: { connection: Connection }) {
  return (
    <ActionForm action={testConnectionAction} aria-label={`Test ${name}`}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary">Test connection</SubmitButton>
    </ActionForm>
  );
}

/** On at a press; off after a question, because people may stand outside then. */
export function SwitchForm({ connection }: { connection: Connection }) {
  const { id, name, version, enabled } = connection;
  if (!enabled) {
    return (
      <ActionForm action={enableConnectionAction} aria-label={`Switch ${name} on`}>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="version" value={version} />
        <SubmitButton>Switch on</SubmitButton>
      </ActionForm>
    );
  }
  return (
    <ConfirmDialog
      trigger="Switch off"
      variant="secondary"
      size="md"
      title={`Switch ${name} off?`}
      description="Nobody signs in with it from then on, whoever is under way included. Sessions go on."
      confirmLabel="Switch off now"
      action={disableConnectionAction}
      fields={{ id, version: String(version) }}
    >
      <ConfirmLastWayIn />
    </ConfirmDialog>
  );
}

export function DeleteDialog({ connection: { id, name, identities } }: { connection: Connection }) {
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          Delete
        </>
      }
      size="md"
      title={`Delete ${name}?`}
      description={
        identities === 0
          ? "Nobody signs in with it. This cannot be undone."
          : `${identities === 1 ? "1 person loses" : `${identities} people lose`} this way to sign in, and would have to connect it anew. This cannot be undone.`
      }
      confirmLabel="Delete connection"
      action={deleteConnectionAction}
      fields={{ id }}
    >
      <ConfirmLastWayIn />
    </ConfirmDialog>
  );
}
