import { useTranslations } from "#translations";
import { wordsOfDevice } from "@/app/_locale/device-words";
import {
  enrolPasskeyAction,
  startPasskeyAction,
} from "@/app/(account)/account/security/passkeys/actions";
import { TextField } from "@/components/form/text-field";
import { PasskeyForm } from "@/components/passkey/passkey-form";
import type { ButtonVariant } from "@/components/ui/button-class";
import type { Caller } from "@/lib/shared/caller";

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
  const t = useTranslations("account-security.passkeys");
  const devices = useTranslations("auth.device");
  return (
    <PasskeyForm
      ceremony="create"
      ask={startPasskeyAction}
      answer={enrolPasskeyAction}
      submitLabel={t("add")}
      variant={variant}
      withoutScript={t("needsScript")}
      aria-label={t("add")}
    >
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      <TextField
        name="name"
        label={t("newName")}
        hint={t("nameHint")}
        defaultValue={wordsOfDevice(caller.request.userAgent, devices).slice(0, NAME_LENGTH_MAX)}
        maxLength={NAME_LENGTH_MAX}
        autoComplete="off"
        required
      />
    </PasskeyForm>
  );
}
