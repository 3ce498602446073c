import { useTranslations } from "#translations";
import { impersonateAction } from "@/app/admin/users/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";
import {
  IMPERSONATION_MINUTES,
  IMPERSONATION_REASON_LENGTH_MAX,
} from "@/lib/impersonation/impersonation.schema";
import type { UserDetail } from "@/lib/users/list-users";

/** The way to see what the user sees. Whether it is open is asked when it is sent, and at every request. */
export function ImpersonationSection({ id, user }: { id: string; user: UserDetail }) {
  const t = useTranslations("admin-users.impersonation");
  const title = useTranslations("admin-users.parts")("impersonation");
  return (
    <Section id={id} className="scroll-mt-20" title={title} description={t("description")}>
      <ActionForm
        action={impersonateAction}
        aria-label={t("as", { email: user.email })}
        className="max-w-md"
      >
        <input type="hidden" name="id" value={user.id} />
        <TextField
          name="reason"
          label={t("reason")}
          hint={t("reasonHint")}
          maxLength={IMPERSONATION_REASON_LENGTH_MAX}
          autoComplete="off"
          required
        />
        <SelectField name="minutes" label={t("for")} defaultValue="15">
          {IMPERSONATION_MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {t("minutes", { count: minutes })}
            </option>
          ))}
        </SelectField>
        <div>
          <SubmitButton variant="secondary">{title}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
