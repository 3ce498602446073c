"use client";

import { PasswordMeter } from "@/app/(auth)/_components/password-meter";
import { PasswordField } from "@/components/form/password-field";

/** A password that somebody chooses, with the rule and a meter. */
export function NewPasswordField({
  name = "password",
  label = "Password",
  email,
}: {
  name?: string;
  label?: string;
  /** Whose it will be, where no field of the form says so. */
  email?: string;
}) {
  return (
    <PasswordField
      name={name}
      label={label}
      hint="At least 8 characters. A few unrelated words are strong and easy to remember."
      autoComplete="new-password"
      meter={<PasswordMeter email={email} />}
      required
    />
  );
}
