import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { startReviewAction } from "@/app/admin/reviews/actions";
import { NEW_PATH, REVIEWS_PATH } from "@/app/admin/reviews/address";
import { TickList } from "@/components/admin/tick-list";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField, SelectField, TextAreaField, TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { listReviewChoices } from "@/lib/access-reviews/list-reviews";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";

export const metadata: Metadata = { title: "New access review" };

const GRANTS = [
  { value: "all", label: "Every grant" },
  { value: "roles", label: "Grants of the roles ticked below" },
  { value: "people", label: "Grants of the people named below" },
];

export default async function NewReviewPage() {
  const caller = await requirePermission(NEW_PATH, REVIEW_PERMISSIONS.manage);
  const { reviewers, roles } = await answerDenials(() => listReviewChoices(caller));
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: "Access reviews", href: REVIEWS_PATH }, { label: "New review" }]}
          />
        }
        title="New access review"
        description="Asks about the grants that there are when you start it, as far as you hold yourself what is in them."
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={startReviewAction} aria-label="New access review">
          <Callout tone="warning">
            <p>What nobody has answered when the review is due is revoked.</p>
          </Callout>
          <TextField name="name" label="Name" maxLength={100} autoComplete="off" required />
          <TextField name="note" label="Note to the reviewers" maxLength={500} optional />
          <TextField
            name="dueOn"
            label="Due on"
            type="date"
            hint="Until this day ends, in UTC."
            required
          />
          <SelectField name="grants" label="Asks about" defaultValue="all" options={GRANTS} />
          <TickList
            legend="Roles"
            name="role"
            field="roleIds"
            hint="Count where the review asks about grants of roles."
            items={roles.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextAreaField
            name="people"
            label="People"
            hint="Email addresses, one a line. Count where the review asks about grants of people."
            optional
          />
          <CheckboxField name="teams" label="Also teams: their roles, and who is in them" />
          <CheckboxField name="services" label="Also the roles of service accounts" />
          {reviewers.length === 0 ? (
            <Callout tone="danger">
              <p>Nobody may answer reviews yet. Give somebody a role with answer_reviews first.</p>
            </Callout>
          ) : (
            <TickList
              legend="Reviewers"
              name="reviewer"
              field="reviewerIds"
              hint="The grants are spread over them. Nobody is asked about their own."
              items={reviewers.map(({ id, name, email }) => ({
                value: id,
                label: name ?? email,
                note: name === null ? undefined : email,
              }))}
            />
          )}
          <div className="flex flex-wrap gap-2">
            <SubmitButton>Start review</SubmitButton>
            <ButtonLink href={REVIEWS_PATH} variant="ghost">
              Cancel
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
