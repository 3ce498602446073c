import { PasswordField } from "@/components/form/password-field";
import { TextField } from "@/components/form/text-field";
import type { FactorKind } from "@/lib/shared/factor";

const HINTS: Partial<Record<FactorKind, string>> = {
  totp: "The six digits that your authenticator app shows for this site.",
  "email-code": "The six digits in the mail that we send to your address.",
  "sms-code": "The six digits that we send to your mobile number. Ask for them below.",
  "recovery-code": "One of the codes that you kept. Each works once.",
};

/** What a factor asks its user to type. */
export function FactorFields({ factor }: { factor: FactorKind }) {
  if (factor === "password") {
    return (
      <PasswordField name="password" label="Password" autoComplete="current-password" required />
    );
  }
  return (
    <TextField
      name="code"
      label="Code"
      hint={HINTS[factor]}
      inputMode={factor === "recovery-code" ? "text" : "numeric"}
      autoComplete={factor === "recovery-code" ? "off" : "one-time-code"}
      autoCapitalize="none"
      spellCheck={false}
      required
    />
  );
}
