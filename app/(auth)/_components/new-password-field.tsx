import { useTranslations } from "#translations";
import { ClientWords } from "@/app/_locale/client-words";
import { PasswordMeter } from "@/app/(auth)/_components/password-meter";
import { PasswordField } from "@/components/form/password-field";

/** A password that somebody chooses, with the rule and a meter. */
export function NewPasswordField({
  name = "password",
  label,
  email,
}: {
  name?: string;
  label?: string;
  /** Whose it will be, where no field of the form says so. */
  email?: string;
}) {
  const t = useTranslations("passwords");
  return (
    <ClientWords areas={["passwords"]}>
      <PasswordField
        name={name}
        label={label ?? t("label")}
        hint={t("rule")}
        autoComplete="new-password"
        meter={<PasswordMeter email={email} />}
        required
      />
    </ClientWords>
  );
}
