import type { Metadata } from "next";
import { requirePermission } from "@/app/_http/page";
import { conditionCatalogue } from "@/app/admin/condition-catalogue";
import { createPolicyAction, tryPolicyAction } from "@/app/admin/policies/actions";
import { LIST_PATH } from "@/app/admin/policies/address";
import { POLICY_CHOICES } from "@/app/admin/policies/permission-choices";
import { PolicyContentFields } from "@/components/admin/policies/permission-fields";
import { TestBench } from "@/components/admin/policies/test-bench";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";

export const metadata: Metadata = { title: "New policy" };

const EDITOR = "policy-editor";
const EMPTY = { effect: "deny", permissions: [], fields: [], condition: null } as const;
const PLACES = [
  { value: "organization", label: "In this organization" },
  { value: "instance", label: "On the whole installation" },
];

export default async function NewPolicyPage() {
  const caller = await requirePermission(`${LIST_PATH}/new`, POLICY_PERMISSIONS.manage);
  const catalogue = await conditionCatalogue(caller);
  const [first] = POLICY_CHOICES;
  return (
    <div className="max-w-4xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Policies", href: LIST_PATH }, { label: "New policy" }]} />
        }
        title="New policy"
        description="It decides nothing until you put it in force, and you can watch it in shadow before."
      />
      <div className="space-y-6">
        <Card className="p-5 sm:p-6">
          <ActionForm action={createPolicyAction} aria-label="New policy" id={EDITOR}>
            <TextField
              name="name"
              label="Name"
              maxLength={60}
              autoComplete="off"
              fieldClassName="sm:max-w-md"
              required
            />
            <TextField
              name="description"
              label="Description"
              maxLength={200}
              autoComplete="off"
              optional
            />
            <SelectField
              name="place"
              label="Where it counts"
              hint="The whole installation is for people who hold every permission there."
              options={PLACES}
              defaultValue="organization"
              fieldClassName="sm:max-w-md"
            />
            <PolicyContentFields draft={EMPTY} permissions={POLICY_CHOICES} catalogue={catalogue} />
            <div className="flex flex-wrap gap-2">
              <SubmitButton>Write policy</SubmitButton>
              <ButtonLink href={LIST_PATH} variant="ghost">
                Cancel
              </ButtonLink>
            </div>
          </ActionForm>
        </Card>
        {(await can(caller, POLICY_PERMISSIONS.view)) && (
          <Section
            title="Test bench"
            description="What the rules say to a request that somebody could make. Nothing of it is done."
          >
            <TestBench
              action={tryPolicyAction}
              editorId={EDITOR}
              policyId={null}
              versions={[]}
              permissions={POLICY_CHOICES}
              catalogue={catalogue}
              initial={{ email: caller.principal.email, asked: first?.key ?? "" }}
            />
          </Section>
        )}
      </div>
    </div>
  );
}
