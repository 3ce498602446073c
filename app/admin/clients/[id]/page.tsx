import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { SecretsSection } from "@/app/admin/clients/[id]/secrets-section";
import {
  FactsSection,
  KeysSection,
  SettingsSection,
  SetUpSection,
} from "@/app/admin/clients/[id]/sections";
import { DeleteDialog, SwitchForm } from "@/app/admin/clients/[id]/switches";
import { clientPath, LIST_PATH } from "@/app/admin/clients/address";
import { ClientFlash } from "@/app/admin/clients/client-flash";
import { StatusBadge } from "@/app/admin/clients/status-badge";
import { VersionedForms } from "@/components/admin/versioned-forms";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { countClientHoldings, findClient, isDisabled } from "@/lib/oidc/manage-clients";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";

export const generateMetadata = titled("admin-clients.one");

/** Some ids are addresses, which stand encoded in this one. */
function idFrom(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return notFound();
  }
}

export default async function ClientPage({ params }: { params: Promise<{ id: string }> }) {
  const id = idFrom((await params).id);
  const caller = await requirePermission(clientPath(id), CLIENT_PERMISSIONS.view);
  const client = await answerDenials(() => findClient(caller, id));
  if (client === null) notFound();
  const [mayManage, held] = await Promise.all([
    can(caller, CLIENT_PERMISSIONS.manage),
    countClientHoldings(caller, id),
  ]);
  const disabled = isDisabled(client);
  const t = await getTranslations("admin-clients");
  const editable = client.source !== "document";
  return (
    <div className="max-w-3xl">
      <ClientFlash />
      <PageHeader
        above={
          <Breadcrumb items={[{ label: t("title"), href: LIST_PATH }, { label: client.name }]} />
        }
        title={client.name}
        aside={<StatusBadge disabled={disabled} />}
        description={
          editable
            ? t("one.description", {
                kind: t(`kinds.${client.kind}.name`),
                about: t(`kinds.${client.kind}.about`),
              })
            : t("one.document")
        }
        actions={
          mayManage && (
            <>
              <SwitchForm client={client} held={held} />
              <DeleteDialog client={client} held={held} />
            </>
          )
        }
      />
      <div className="space-y-6">
        <FactsSection client={client} held={held} />
        {editable && <SetUpSection client={client} />}
        {client.authMethod === "client_secret_basic" && (
          <SecretsSection client={client} mayManage={mayManage} />
        )}
        {mayManage && editable && (
          <>
            {client.authMethod === "private_key_jwt" && <KeysSection client={client} />}
            <VersionedForms>
              <SettingsSection client={client} />
            </VersionedForms>
          </>
        )}
      </div>
    </div>
  );
}
