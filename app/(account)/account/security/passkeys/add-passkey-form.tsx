import {
  enrolPasskeyAction,
  startPasskeyAction,
} from "@/app/(account)/account/security/passkeys/actions";
import { TextField } from "@/components/form/text-field";
import { PasskeyForm } from "@/components/passkey/passkey-form";
import type { ButtonVariant } from "@/components/ui/button-class";
import type { Caller } from "@/lib/shared/caller";
import { describeUserAgent } from "@/lib/shared/user-agent";

export const NAME_LENGTH_MAX = 60;

/** Makes a passkey in the caller's browser, and goes on to `returnTo` where there is one. */
export function AddPasskeyForm({
  caller,
  returnTo,
  variant = "secondary",
}: {
  caller: Caller;
  returnTo?: string;
  variant?: ButtonVariant;
}) {
  return (
    <PasskeyForm
      ceremony="create"
      ask={startPasskeyAction}
      answer={enrolPasskeyAction}
      submitLabel="Add a passkey"
      variant={variant}
      withoutScript="Adding a passkey needs JavaScript, which is off in this browser."
      aria-label="Add a passkey"
    >
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      <TextField
        name="name"
        label="Name of the new passkey"
        hint="To tell it from others later."
        defaultValue={describeUserAgent(caller.request.userAgent).slice(0, NAME_LENGTH_MAX)}
        maxLength={NAME_LENGTH_MAX}
        autoComplete="off"
        required
      />
    </PasskeyForm>
  );
}
