import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
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

export const generateMetadata = titled("admin-reviews.start");

const GRANTS = ["all", "roles", "people"] as const;

export default async function NewReviewPage() {
  const caller = await requirePermission(NEW_PATH, REVIEW_PERMISSIONS.manage);
  const { reviewers, roles } = await answerDenials(() => listReviewChoices(caller));
  const page = await getTranslations("admin-reviews");
  const t = await getTranslations("admin-reviews.start");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: page("title"), href: REVIEWS_PATH }, { label: page("new") }]}
          />
        }
        title={t("title")}
        description={t("description")}
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={startReviewAction} aria-label={t("title")}>
          <Callout tone="warning">
            <p>{t("warning")}</p>
          </Callout>
          <TextField name="name" label={page("name")} maxLength={100} autoComplete="off" required />
          <TextField name="note" label={t("note")} maxLength={500} optional />
          <TextField name="dueOn" label={t("dueOn")} type="date" hint={t("dueOnHint")} required />
          <SelectField
            name="grants"
            label={page("asksAbout")}
            defaultValue="all"
            options={GRANTS.map((value) => ({ value, label: t(`grants.${value}`) }))}
          />
          <TickList
            legend={t("roles")}
            name="role"
            field="roleIds"
            hint={t("rolesHint")}
            items={roles.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <TextAreaField name="people" label={t("people")} hint={t("peopleHint")} optional />
          <CheckboxField name="teams" label={t("teams")} />
          <CheckboxField name="services" label={t("services")} />
          {reviewers.length === 0 ? (
            <Callout tone="danger">
              <p>{t("noReviewers")}</p>
            </Callout>
          ) : (
            <TickList
              legend={t("reviewers")}
              name="reviewer"
              field="reviewerIds"
              hint={t("reviewersHint")}
              items={reviewers.map(({ id, name, email }) => ({
                value: id,
                label: name ?? email,
                note: name === null ? undefined : email,
              }))}
            />
          )}
          <div className="flex flex-wrap gap-2">
            <SubmitButton>{t("start")}</SubmitButton>
            <ButtonLink href={REVIEWS_PATH} variant="ghost">
              {t("cancel")}
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
