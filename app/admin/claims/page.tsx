import { Tag } from "lucide-react";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { deleteClaimAction } from "@/app/admin/claims/actions";
import { NewClaimSection } from "@/app/admin/claims/new-claim-section";
import { PreviewSection } from "@/app/admin/claims/preview-section";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { CLAIM_TARGETS } from "@/lib/oidc/claim-template.schema";
import { type ClaimTemplate, listClaims } from "@/lib/oidc/manage-claims";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const generateMetadata = titled("admin-claims");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const one = (value: string | string[] | undefined): string =>
  typeof value === "string" ? value.trim().slice(0, 500) : "";

export default async function ClaimsPage({ searchParams }: Search) {
  const caller = await requirePermission("/admin/claims", CLIENT_PERMISSIONS.view);
  const claims = await answerDenials(() => listClaims(caller));
  const [mayManage, maySeeUsers] = await Promise.all([
    can(caller, CLIENT_PERMISSIONS.manage),
    can(caller, USER_PERMISSIONS.view),
  ]);
  const search = await searchParams;
  const t = await getTranslations("admin-claims");
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Section title={t("added")} flush>
          {claims.length === 0 ? (
            <EmptyState title={t("none")} description={t("noneText")} />
          ) : (
            <ItemList>
              {claims.map((claim) => (
                <ClaimItem key={claim.id} claim={claim} editable={mayManage} />
              ))}
            </ItemList>
          )}
        </Section>
        {mayManage && <NewClaimSection />}
        {maySeeUsers && claims.length > 0 && (
          <PreviewSection
            caller={caller}
            userId={one(search["userId"])}
            clientId={one(search["clientId"])}
          />
        )}
      </div>
    </div>
  );
}

function ClaimItem({ claim, editable }: { claim: ClaimTemplate; editable: boolean }) {
  const t = useTranslations("admin-claims");
  const { id, name, value, scope, targets, clientId } = claim;
  return (
    <Item
      leading={<Tag aria-hidden="true" />}
      title={name}
      aside={<Badge>{scope}</Badge>}
      actions={
        editable && (
          <ConfirmDialog
            trigger={t("remove.trigger")}
            triggerLabel={t("remove.label", { name })}
            variant="secondary"
            title={t("remove.title", { name })}
            description={t("remove.text")}
            confirmLabel={t("remove.confirm")}
            action={deleteClaimAction}
            fields={{ id }}
          />
        )
      }
    >
      <Code>{String(value)}</Code> ·{" "}
      {CLAIM_TARGETS.filter((target) => targets.includes(target))
        .map((target) => t(`places.${target}`))
        .join(", ")}{" "}
      · {clientId === null ? t("everyApp") : t("onlyApp", { clientId })}
    </Item>
  );
}
