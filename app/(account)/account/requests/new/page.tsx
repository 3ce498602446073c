import type { Metadata } from "next";
import { z } from "zod";
import { requireCaller } from "@/app/_http/page";
import { askForRoleAction } from "@/app/(account)/account/requests/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextAreaField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { DURATIONS_MINUTES, REASON_LENGTH_MAX } from "@/lib/access-requests/access-request.schema";
import { durationWords } from "@/lib/access-requests/duration-words";
import { listRequestableRoles, type NamedRole } from "@/lib/access-requests/list-requests";

export const metadata: Metadata = { title: "Ask for a role" };

const REQUESTS_PATH = "/account/requests";
const Decision = z.uuid().nullable().catch(null);

export default async function NewRequestPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const decision = Decision.parse((await searchParams)["decision"] ?? null);
  const query = decision === null ? "" : `?decision=${decision}`;
  const caller = await requireCaller(`${REQUESTS_PATH}/new${query}`);
  const { suggested, others } = await listRequestableRoles(caller, decision);
  const [first] = suggested;
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: "Requests", href: REQUESTS_PATH }, { label: "Ask for a role" }]}
          />
        }
        title="Ask for a role"
        description="Somebody who has all that the role gives decides. You hear of it by mail."
      />
      <Card className="p-5 sm:p-6">
        {suggested.length + others.length === 0 ? (
          <EmptyState title="No roles" description="Your organization has no role to ask for." />
        ) : (
          <ActionForm action={askForRoleAction} aria-label="Ask for a role">
            {decision !== null && <Suggestion suggested={suggested} />}
            {decision !== null && <input type="hidden" name="decision" value={decision} />}
            <SelectField
              name="roleId"
              label="Role"
              defaultValue={first?.id ?? ""}
              fieldClassName="sm:max-w-md"
              required
            >
              {first === undefined && <option value="">Choose a role</option>}
              {suggested.length > 0 && (
                <optgroup label="Would have allowed it">
                  <Options roles={suggested} />
                </optgroup>
              )}
              {others.length > 0 && (
                <optgroup label={suggested.length > 0 ? "Other roles" : "Roles"}>
                  <Options roles={others} />
                </optgroup>
              )}
            </SelectField>
            <SelectField name="minutes" label="For" defaultValue="480" fieldClassName="sm:max-w-md">
              {DURATIONS_MINUTES.map((minutes) => (
                <option key={minutes} value={minutes}>
                  {durationWords(minutes * 60)}
                </option>
              ))}
            </SelectField>
            <TextAreaField
              name="reason"
              label="What for"
              hint="Whoever decides reads it, and the audit log keeps it."
              rows={3}
              maxLength={REASON_LENGTH_MAX}
              required
            />
            <div>
              <SubmitButton>Ask for role</SubmitButton>
            </div>
          </ActionForm>
        )}
      </Card>
    </div>
  );
}

const Options = ({ roles }: { roles: NamedRole[] }) =>
  roles.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));

function Suggestion({ suggested }: { suggested: NamedRole[] }) {
  return suggested.length > 0 ? (
    <Callout>
      <p>With one of the first roles you would have been allowed what you tried.</p>
    </Callout>
  ) : (
    <Callout>
      <p>No role is known that would have allowed what you tried. Ask for the one that you need.</p>
    </Callout>
  );
}
