import { AppWindow } from "lucide-react";
import type { Metadata } from "next";
import { requirePermission } from "@/app/_http/page";
import { createClientAction } from "@/app/admin/clients/actions";
import { LIST_PATH, NEW_PATH } from "@/app/admin/clients/address";
import { KIND_TEXTS } from "@/app/admin/clients/kinds";
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

export const metadata: Metadata = { title: "New client" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NewClientPage({ searchParams }: Search) {
  const asked = (await searchParams)["kind"];
  const kind = CLIENT_KINDS.find((known) => known === asked);
  const path = kind === undefined ? NEW_PATH : `${NEW_PATH}?kind=${kind}`;
  await requirePermission(path, CLIENT_PERMISSIONS.manage);
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Clients", href: LIST_PATH }, { label: "New client" }]} />
        }
        title={kind === undefined ? "New client" : `New ${KIND_TEXTS[kind].name.toLowerCase()}`}
        description={kind === undefined ? "Where does it run?" : KIND_TEXTS[kind].preset}
      />
      {kind === undefined ? <KindChoice /> : <NewClient kind={kind} />}
    </div>
  );
}

function KindChoice() {
  return (
    <Card>
      <ItemList>
        {CLIENT_KINDS.map((kind) => (
          <Item
            key={kind}
            leading={<AppWindow aria-hidden="true" />}
            title={KIND_TEXTS[kind].name}
            actions={
              <ButtonLink
                href={`${NEW_PATH}?kind=${kind}`}
                size="sm"
                aria-label={`Register a ${KIND_TEXTS[kind].name.toLowerCase()}`}
              >
                Register
              </ButtonLink>
            }
          >
            {KIND_TEXTS[kind].about}
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}

function NewClient({ kind }: { kind: ClientKind }) {
  const { redirectHint: hint, redirectExample: example } = KIND_TEXTS[kind];
  return (
    <Card className="p-5 sm:p-6">
      <ActionForm action={createClientAction} aria-label="New client">
        <NewClientAnswer
          facts={{ issuer: issuer(), api: apiResource(), kind }}
          listPath={LIST_PATH}
        >
          <input type="hidden" name="kind" value={kind} />
          <ClientFields
            addresses={kind === "service" ? null : { hint, example, optional: kind === "native" }}
            scopes={scopeOptions(kind, [])}
          />
          {keepsSecret(kind) && <PublicKeysField optional />}
          <div className="flex flex-wrap gap-2">
            <SubmitButton>Register client</SubmitButton>
            <ButtonLink href={NEW_PATH} variant="ghost">
              Another kind
            </ButtonLink>
          </div>
        </NewClientAnswer>
      </ActionForm>
    </Card>
  );
}
