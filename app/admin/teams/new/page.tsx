import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { createTeamAction } from "@/app/admin/teams/actions";
import { LIST_PATH } from "@/app/admin/teams/address";
import { ParentField } from "@/app/admin/teams/parent-field";
import { TeamFields } from "@/app/admin/teams/team-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { readTeamTree } from "@/lib/teams/list-teams";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await getTranslations("admin-teams"))("new"),
});

export default async function NewTeamPage() {
  const caller = await requirePermission(`${LIST_PATH}/new`, TEAM_PERMISSIONS.manage);
  const tree = await answerDenials(() => readTeamTree(caller));
  const teams = await getTranslations("admin-teams");
  const t = await getTranslations("admin-teams.add");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: teams("title"), href: LIST_PATH }, { label: teams("new") }]}
          />
        }
        title={teams("new")}
        description={t("description")}
      />
      <Card className="max-w-3xl p-5 sm:p-6">
        <ActionForm action={createTeamAction} aria-label={teams("new")}>
          <TeamFields />
          <ParentField tree={tree} parentId={null} />
          <div className="flex flex-wrap gap-2">
            <SubmitButton>{t("create")}</SubmitButton>
            <ButtonLink href={LIST_PATH} variant="ghost">
              {t("cancel")}
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
