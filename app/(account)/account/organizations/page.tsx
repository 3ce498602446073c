import { useTranslations } from "#translations";
import { FLASH_COOKIE, readFlash } from "@/app/_http/flash";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import {
  leaveOrganizationAction,
  switchOrganizationAction,
} from "@/app/(account)/account/organizations/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { FlashToast } from "@/components/ui/flash-toast";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { timeAgo } from "@/components/ui/relative-time";
import { listOwnOrganizations, type OwnOrganization } from "@/lib/organizations/find-organizations";

export const generateMetadata = titled("account.organizations");

/** Where one is a member: to switch to, and to leave (F81). */
export default async function OwnOrganizationsPage() {
  const caller = await requireCaller("/account/organizations", { impersonated: true });
  const [organizations, flash] = [await listOwnOrganizations(caller), await readFlash()];
  const current = caller.principal.organizationId;
  const t = await getTranslations("account.organizations");
  return (
    <>
      {flash?.event === "organization.left" && (
        <FlashToast message={t("left")} clearCookie={FLASH_COOKIE} />
      )}
      <PageHeader title={t("title")} description={t("description")} />
      <Section title={t("yours")} flush>
        <ItemList>
          {organizations.map((organization) => (
            <Item
              key={organization.id}
              title={organization.name}
              aside={organization.id === current && <Badge tone="accent">{t("inUse")}</Badge>}
              actions={
                <>
                  {organization.id !== current && <SwitchForm organization={organization} />}
                  {organizations.length > 1 && (
                    <LeaveDialog
                      organization={organization}
                      isCurrent={organization.id === current}
                    />
                  )}
                </>
              }
            >
              {t.rich("joined", timeAgo(organization.joinedAt))}
            </Item>
          ))}
        </ItemList>
      </Section>
    </>
  );
}

function SwitchForm({ organization: { id, name } }: { organization: OwnOrganization }) {
  const t = useTranslations("account.organizations");
  return (
    <ActionForm action={switchOrganizationAction} aria-label={t("switchTo", { name })}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary" size="sm" aria-label={t("switchTo", { name })}>
        {t("switch")}
      </SubmitButton>
    </ActionForm>
  );
}

function LeaveDialog({
  organization: { id, name },
  isCurrent,
}: {
  organization: OwnOrganization;
  isCurrent: boolean;
}) {
  const t = useTranslations("account.organizations");
  return (
    <ConfirmDialog
      trigger={t("leave")}
      triggerLabel={t("leaveThis", { name })}
      title={t("leaveTitle", { name })}
      description={
        <>
          <p>{t("leaveText")}</p>
          {isCurrent && <p className="mt-2">{t("leaveCurrent")}</p>}
        </>
      }
      confirmLabel={t("leave")}
      action={leaveOrganizationAction}
      fields={{ id }}
    >
      <PreviewAnswer />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}
