"use client";

import { useId } from "react";
import { useTranslations } from "#translations";
import { TickAll } from "@/components/admin/tick-all";
import { useFieldState } from "@/components/form/form-context";
import { FormResults } from "@/components/form/form-results";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField } from "@/components/form/text-field";
import { FieldError } from "@/components/ui/field";
import type { SelectOption } from "@/components/ui/input";

/** What can be done to everybody who is selected in the table below. */
export function BulkBar({
  form,
  changes,
  roles,
}: {
  /** The id of the form that this stands in. */
  form: string;
  changes: SelectOption[];
  /** None for whoever may not give any. */
  roles: SelectOption[];
}) {
  const t = useTranslations("admin-users-bulk");
  const id = useId();
  const { errors } = useFieldState("userIds");
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          name="change"
          label={t("change")}
          options={changes}
          fieldClassName="min-w-44"
        />
        {roles.length > 0 && (
          <SelectField
            name="roleId"
            label={t("role")}
            options={[{ value: "", label: t("none") }, ...roles]}
            fieldClassName="min-w-44"
          />
        )}
        <SubmitButton variant="secondary">{t("submit")}</SubmitButton>
        <TickAll form={form} name="user">
          {t("all")}
        </TickAll>
      </div>
      <FieldError id={id} errors={errors} />
      <FormResults title={t("results")} />
    </div>
  );
}
