import { useTranslations } from "#translations";
import { SIMULATE_PATH } from "@/app/admin/simulate/address";
import { LEVELS, MEANS, type SimulateListing } from "@/app/admin/simulate/listing.schema";
import { FilterForm } from "@/components/form/filter-form";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Field, fieldAttributes } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import type { Permission } from "@/lib/shared/permission";

/** Who, what, which record and what the request would be like. Its address can be sent to a colleague. */
export function SimulateForm({
  listing,
  permissions,
}: {
  listing: SimulateListing;
  permissions: readonly Permission[];
}) {
  const t = useTranslations("admin-simulate.form");
  const options = permissions.map(({ key }) => ({ value: key, label: key }));
  return (
    <Section title={t("title")}>
      <FilterForm action={SIMULATE_PATH} aria-label={t("label")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="type" label={t("who")}>
            <Select
              {...fieldAttributes("type", {})}
              name="type"
              key={`type ${listing.type}`}
              defaultValue={listing.type ?? "user"}
              options={[
                { value: "user", label: t("user") },
                { value: "service", label: t("service") },
              ]}
            />
          </Field>
          <Field id="subject" label={t("subject")} hint={t("subjectHint")}>
            <Input
              {...fieldAttributes("subject", { hint: true })}
              name="subject"
              required
              autoComplete="off"
              defaultValue={listing.subject}
            />
          </Field>
          <Field id="permission" label={t("permission")}>
            <Select
              {...fieldAttributes("permission", {})}
              name="permission"
              required
              key={`permission ${listing.permission}`}
              defaultValue={listing.permission ?? ""}
              options={[{ value: "", label: t("choose") }, ...options]}
            />
          </Field>
          <Field id="record" label={t("record")} optional hint={t("recordHint")}>
            <Input
              {...fieldAttributes("record", { hint: true })}
              name="record"
              autoComplete="off"
              defaultValue={listing.record}
            />
          </Field>
          <Field id="at" label={t("when")} optional hint={t("whenHint")}>
            <Input
              {...fieldAttributes("at", { hint: true })}
              name="at"
              type="datetime-local"
              defaultValue={listing.at}
              className="figures"
            />
          </Field>
          <Field id="ip" label={t("from")} optional hint={t("fromHint")}>
            <Input
              {...fieldAttributes("ip", { hint: true })}
              name="ip"
              autoComplete="off"
              defaultValue={listing.ip}
            />
          </Field>
          <Field id="means" label={t("by")}>
            <Select
              {...fieldAttributes("means", {})}
              name="means"
              key={`means ${listing.means}`}
              defaultValue={listing.means ?? "session"}
              options={MEANS.map((value) => ({ value, label: t(`means.${value}`) }))}
            />
          </Field>
          <Field id="level" label={t("proven")}>
            <Select
              {...fieldAttributes("level", {})}
              name="level"
              key={`level ${listing.level}`}
              defaultValue={listing.level ?? "1"}
              options={LEVELS.map((value) => ({ value, label: t(`levels.${value}`) }))}
            />
          </Field>
          <Field id="age" label={t("age")} optional hint={t("ageHint")}>
            <Input
              {...fieldAttributes("age", { hint: true })}
              name="age"
              type="number"
              min={0}
              defaultValue={listing.age}
              className="figures"
            />
          </Field>
        </div>
        <div className="mt-5">
          <Button type="submit" variant="primary">
            {t("submit")}
          </Button>
        </div>
      </FilterForm>
    </Section>
  );
}
