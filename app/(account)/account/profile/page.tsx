import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { updateProfileAction } from "@/app/(account)/account/actions";
import { EmailSection } from "@/app/(account)/account/profile/email-section";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { PageHeader } from "@/components/ui/page-header";
import { listRoleNames } from "@/lib/authz/list-held-permissions";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const caller = await requireCaller("/account/profile");
  const { principal } = caller;
  const roles = await listRoleNames(caller);
  return (
    <>
      <PageHeader title="Profile" description="What this site knows of you." />
      <div className="space-y-6">
        <Section title="Name">
          <ActionForm action={updateProfileAction} className="max-w-md" aria-label="Change name">
            <TextField
              name="name"
              label="Name"
              autoComplete="name"
              maxLength={100}
              defaultValue={principal.name ?? ""}
              optional
            />
            <div>
              <SubmitButton>Save</SubmitButton>
            </div>
          </ActionForm>
        </Section>
        <EmailSection caller={caller} />
        <Section title="Account">
          <DescriptionList
            items={[
              { term: "Organization", value: principal.organizationName },
              {
                term: "Roles",
                value:
                  roles.length === 0 ? (
                    "None"
                  ) : (
                    <span className="flex flex-wrap gap-1.5">
                      {roles.map((role) => (
                        <Badge key={role}>{role}</Badge>
                      ))}
                    </span>
                  ),
              },
            ]}
          />
        </Section>
      </div>
    </>
  );
}
