import { Trash2 } from "lucide-react";
import { type Held, heldText } from "@/app/admin/clients/[id]/sections";
import {
  deleteClientAction,
  disableClientAction,
  enableClientAction,
} from "@/app/admin/clients/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { type Client, isDisabled } from "@/lib/oidc/manage-clients";

interface Props {
  client: Client;
  held: Held;
}

const endsText = (held: Held): string => {
  const text = heldText(held);
  return text === null ? "It holds nothing now." : `This ends at once: ${text}.`;
};

/** Enabled at a press; disabled after a question, because people may be in the middle of something. */
export function SwitchForm({ client, held }: Props) {
  const { id, name } = client;
  if (isDisabled(client)) {
    return (
      <ActionForm action={enableClientAction} aria-label={`Enable ${name}`}>
        <input type="hidden" name="id" value={id} />
        <SubmitButton>Enable</SubmitButton>
      </ActionForm>
    );
  }
  return (
    <ConfirmDialog
      trigger="Disable"
      variant="secondary"
      size="md"
      title={`Disable ${name}?`}
      description={`${endsText(held)} Nobody can sign in to it then. Enabling it later gives nothing back. Sessions here go on.`}
      confirmLabel="Disable client"
      action={disableClientAction}
      fields={{ id }}
    />
  );
}

export function DeleteDialog({ client: { id, name, source }, held }: Props) {
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
      description={`${endsText(held)} ${
        source === "document"
          ? "It comes back with the next person who allows it: disable it to keep it out."
          : "Its client id and its secrets go with it. This cannot be undone."
      }`}
      confirmLabel="Delete client"
      action={deleteClientAction}
      fields={{ id }}
    />
  );
}
