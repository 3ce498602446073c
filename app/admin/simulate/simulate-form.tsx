import { SIMULATE_PATH, type SimulateListing } from "@/app/admin/simulate/address";
import { FilterForm } from "@/components/form/filter-form";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Field, fieldAttributes } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import type { Permission } from "@/lib/shared/permission";

const MEANS_OPTIONS = [
  { value: "session", label: "A browser, signed in" },
  { value: "app", label: "An app that they let" },
  { value: "personal-token", label: "A personal access token" },
];
const LEVEL_OPTIONS = [
  { value: "1", label: "One factor" },
  { value: "2", label: "Two factors" },
  { value: "3", label: "A passkey that cannot be copied" },
];

/** Who, what, which record and what the request would be like. Its address can be sent to a colleague. */
export function SimulateForm({
  listing,
  permissions,
}: {
  listing: SimulateListing;
  permissions: readonly Permission[];
}) {
  const options = permissions.map(({ key }) => ({ value: key, label: key }));
  return (
    <Section title="What is asked">
      <FilterForm action={SIMULATE_PATH} aria-label="Try out a decision">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="type" label="Who asks">
            <Select
              {...fieldAttributes("type", {})}
              name="type"
              key={`type ${listing.type}`}
              defaultValue={listing.type ?? "user"}
              options={[
                { value: "user", label: "A user" },
                { value: "service", label: "A service account" },
              ]}
            />
          </Field>
          <Field
            id="subject"
            label="Email address or id"
            hint="Of a service account its client’s id."
          >
            <Input
              {...fieldAttributes("subject", { hint: true })}
              name="subject"
              required
              autoComplete="off"
              defaultValue={listing.subject}
            />
          </Field>
          <Field id="permission" label="Permission">
            <Select
              {...fieldAttributes("permission", {})}
              name="permission"
              required
              key={`permission ${listing.permission}`}
              defaultValue={listing.permission ?? ""}
              options={[{ value: "", label: "Choose one" }, ...options]}
            />
          </Field>
          <Field
            id="record"
            label="Record’s id"
            optional
            hint="Of an invoice or a user. Without it: any record at all."
          >
            <Input
              {...fieldAttributes("record", { hint: true })}
              name="record"
              autoComplete="off"
              defaultValue={listing.record}
            />
          </Field>
          <Field id="at" label="When" optional hint="In UTC. Without it: now.">
            <Input
              {...fieldAttributes("at", { hint: true })}
              name="at"
              type="datetime-local"
              defaultValue={listing.at}
              className="figures"
            />
          </Field>
          <Field id="ip" label="From the address" optional hint="Without it: not known.">
            <Input
              {...fieldAttributes("ip", { hint: true })}
              name="ip"
              autoComplete="off"
              defaultValue={listing.ip}
            />
          </Field>
          <Field id="means" label="By">
            <Select
              {...fieldAttributes("means", {})}
              name="means"
              key={`means ${listing.means}`}
              defaultValue={listing.means ?? "session"}
              options={MEANS_OPTIONS}
            />
          </Field>
          <Field id="level" label="Proven by">
            <Select
              {...fieldAttributes("level", {})}
              name="level"
              key={`level ${listing.level}`}
              defaultValue={listing.level ?? "1"}
              options={LEVEL_OPTIONS}
            />
          </Field>
          <Field
            id="age"
            label="Minutes since they proved it"
            optional
            hint="Without it: just now."
          >
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
            Try out
          </Button>
        </div>
      </FilterForm>
    </Section>
  );
}
