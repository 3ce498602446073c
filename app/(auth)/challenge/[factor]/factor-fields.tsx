import { useTranslations } from "#translations";
import { PasswordField } from "@/components/form/password-field";
import { TextField } from "@/components/form/text-field";
import type { FactorKind } from "@/lib/shared/factor";

/** What a factor asks its user to type. */
export function FactorFields({ factor }: { factor: FactorKind }) {
  const t = useTranslations("auth.challenge.hints");
  const fields = useTranslations("auth.fields");
  if (factor === "passkey") return null;
  if (factor === "password") {
    return (
      <PasswordField
        name="password"
        label={fields("password")}
        autoComplete="current-password"
        required
      />
    );
  }
  return (
    <TextField
      name="code"
      label={fields("code")}
      hint={t(factor)}
      inputMode={factor === "recovery-code" ? "text" : "numeric"}
      autoComplete={factor === "recovery-code" ? "off" : "one-time-code"}
      autoCapitalize="none"
      spellCheck={false}
      required
    />
  );
}
