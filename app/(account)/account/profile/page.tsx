import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { updateProfileAction } from "@/app/(account)/account/actions";
import { EmailSection } from "@/app/(account)/account/profile/email-section";
import { LanguageSection } from "@/app/(account)/account/profile/language-section";
import { PictureSection } from "@/app/(account)/account/profile/picture-section";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { PageHeader } from "@/components/ui/page-header";
import { listRoleNames } from "@/lib/authz/list-held-permissions";
import { listPictureDigests } from "@/lib/users/picture";

export const generateMetadata = titled("profile");

export default async function ProfilePage() {
  const caller = await requireCaller("/account/profile", { impersonated: true });
  const { principal } = caller;
  const [roles, digests, t] = await Promise.all([
    listRoleNames(caller),
    listPictureDigests([principal.userId]),
    getTranslations("profile"),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Section title={t("name.title")}>
          <ActionForm action={updateProfileAction} className="max-w-md" aria-label={t("name.form")}>
            <TextField
              name="name"
              label={t("name.title")}
              autoComplete="name"
              maxLength={100}
              defaultValue={principal.name ?? ""}
              optional
            />
            <div>
              <SubmitButton>{t("name.save")}</SubmitButton>
            </div>
          </ActionForm>
        </Section>
        <PictureSection principal={principal} digest={digests.get(principal.userId) ?? null} />
        <LanguageSection principal={principal} />
        <EmailSection caller={caller} />
        <Section title={t("account.title")}>
          <DescriptionList
            items={[
              { term: t("account.organization"), value: principal.organizationName },
              {
                term: t("account.roles"),
                value:
                  roles.length === 0 ? (
                    t("account.none")
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
