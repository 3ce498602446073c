import { AppWindow } from "lucide-react";
import { useTranslations } from "#translations";
import { requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { createClientAction } from "@/app/admin/clients/actions";
import { LIST_PATH, NEW_PATH } from "@/app/admin/clients/address";
import { redirectsOf } from "@/app/admin/clients/kinds";
import { scopeOptions } from "@/app/admin/clients/scope-options";
import { ClientFields, PublicKeysField } from "@/components/admin/client-fields";
import { NewClientAnswer } from "@/components/admin/client-secret-answer";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { issuer } from "@/lib/oidc/issuer";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { apiResource } from "@/lib/oidc/scopes";
import { CLIENT_KINDS, type ClientKind, keepsSecret } from "@/lib/shared/client-kind";

export const generateMetadata = titled("admin-clients.new");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NewClientPage({ searchParams }: Search) {
  const asked = (await searchParams)["kind"];
  const kind = CLIENT_KINDS.find((known) => known === asked);
  const path = kind === undefined ? NEW_PATH : `${NEW_PATH}?kind=${kind}`;
  await requirePermission(path, CLIENT_PERMISSIONS.manage);
  const t = await getTranslations("admin-clients");
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: t("title"), href: LIST_PATH }, { label: t("new.title") }]} />
        }
        title={t(kind === undefined ? "new.title" : `kinds.${kind}.new`)}
        description={t(kind === undefined ? "new.where" : `kinds.${kind}.preset`)}
      />
      {kind === undefined ? <KindChoice /> : <NewClient kind={kind} />}
    </div>
  );
}

function KindChoice() {
  const t = useTranslations("admin-clients");
  return (
    <Card>
      <ItemList>
        {CLIENT_KINDS.map((kind) => (
          <Item
            key={kind}
            leading={<AppWindow aria-hidden="true" />}
            title={t(`kinds.${kind}.name`)}
            actions={
              <ButtonLink
                href={`${NEW_PATH}?kind=${kind}`}
                size="sm"
                aria-label={t(`kinds.${kind}.register`)}
              >
                {t("new.register")}
              </ButtonLink>
            }
          >
            {t(`kinds.${kind}.about`)}
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}

function NewClient({ kind }: { kind: ClientKind }) {
  const t = useTranslations("admin-clients");
  return (
    <Card className="p-5 sm:p-6">
      <ActionForm action={createClientAction} aria-label={t("new.title")}>
        <ClientWords areas={["admin-client-secret", "admin-snippets"]}>
          <NewClientAnswer
            facts={{ issuer: issuer(), api: apiResource(), kind }}
            listPath={LIST_PATH}
          >
            <input type="hidden" name="kind" value={kind} />
            <ClientFields addresses={redirectsOf(kind, t)} scopes={scopeOptions(kind, [], t)} />
            {keepsSecret(kind) && <PublicKeysField optional />}
            <div className="flex flex-wrap gap-2">
              <SubmitButton>{t("new.submit")}</SubmitButton>
              <ButtonLink href={NEW_PATH} variant="ghost">
                {t("new.another")}
              </ButtonLink>
            </div>
          </NewClientAnswer>
        </ClientWords>
      </ActionForm>
    </Card>
  );
}
