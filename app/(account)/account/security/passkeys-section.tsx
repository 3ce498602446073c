import { KeyRound } from "lucide-react";
import {
  forgetPasskeyAction,
  renamePasskeyAction,
} from "@/app/(account)/account/security/passkeys/actions";
import {
  AddPasskeyForm,
  NAME_LENGTH_MAX,
} from "@/app/(account)/account/security/passkeys/add-passkey-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { listOwnPasskeys } from "@/lib/authn/own-passkeys";
import type { Caller } from "@/lib/shared/caller";

type Passkey = Awaited<ReturnType<typeof listOwnPasskeys>>[number];

/** The caller's passkeys: what they are, and adding, naming and deleting them (F26). */
export function PasskeysSection({ caller, passkeys }: { caller: Caller; passkeys: Passkey[] }) {
  return (
    <Section
      id="passkeys"
      title="Passkeys"
      description="Sign in with a fingerprint, a face, a PIN or a key, without typing anything. A passkey works on this site only, so no other site can ask for it."
      flush
    >
      {passkeys.length > 0 && (
        <ItemList className="border-line border-b">
          {passkeys.map((passkey) => (
            <PasskeyItem key={passkey.id} passkey={passkey} />
          ))}
        </ItemList>
      )}
      <div className="max-w-md px-5 py-5 sm:px-6">
        {passkeys.length === 0 && (
          <p className="mb-4 text-ink-soft text-sm">You have no passkey yet.</p>
        )}
        <AddPasskeyForm caller={caller} />
      </div>
    </Section>
  );
}

function PasskeyItem({
  passkey: { id, name, model, createdAt, lastUsedAt, backupEligible, backedUp },
}: {
  passkey: Passkey;
}) {
  return (
    <Item
      leading={<KeyRound aria-hidden="true" />}
      title={name}
      aside={
        backedUp ? (
          <Badge>Synced</Badge>
        ) : (
          backupEligible === false && <Badge tone="success">Stays on its device</Badge>
        )
      }
      actions={
        <>
          <ConfirmDialog
            trigger="Rename"
            triggerLabel={`Rename the passkey ${name}`}
            variant="secondary"
            title="Rename this passkey"
            description="The name is for you alone. It changes nothing about the passkey."
            confirmLabel="Save"
            tone="primary"
            action={renamePasskeyAction}
            fields={{ passkeyId: id }}
          >
            <TextField
              name="name"
              label="Name"
              defaultValue={name}
              maxLength={NAME_LENGTH_MAX}
              autoComplete="off"
              required
            />
          </ConfirmDialog>
          <ConfirmDialog
            trigger="Delete"
            triggerLabel={`Delete the passkey ${name}`}
            title={`Delete “${name}”?`}
            description="It no longer signs you in here. Delete it in your browser or key as well."
            confirmLabel="Delete passkey"
            action={forgetPasskeyAction}
            fields={{ passkeyId: id }}
          />
        </>
      }
    >
      {model !== null && <>{model} · </>}
      Added <RelativeTime value={createdAt} /> ·{" "}
      {lastUsedAt === null ? (
        "not used yet"
      ) : (
        <>
          last used <RelativeTime value={lastUsedAt} />
        </>
      )}
    </Item>
  );
}
