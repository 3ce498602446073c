import { notFound } from "next/navigation";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { SecretSection, SettingsSection } from "@/app/admin/connections/[id]/sections";
import { DeleteDialog, SwitchForm, TestForm } from "@/app/admin/connections/[id]/switches";
import { connectionPath, LIST_PATH } from "@/app/admin/connections/address";
import { presetName } from "@/app/admin/connections/presets";
import { VersionedForms } from "@/components/admin/versioned-forms";
import { Badge } from "@/components/ui/badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { type Connection, findConnection } from "@/lib/federation/manage-connections";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { getConfig } from "@/lib/platform/config";

export const generateMetadata = titled("admin-connections.one");

export default async function ConnectionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(connectionPath(id), CONNECTION_PERMISSIONS.view);
  const connection = await answerDenials(() => findConnection(caller, id));
  if (connection === null) notFound();
  const mayManage = await can(caller, CONNECTION_PERMISSIONS.manage);
  const { name, enabled, preset, identities } = connection;
  const t = await getTranslations("admin-connections");
  const count = { count: identities };
  const people =
    identities === 0 ? t("one.nobody") : t(enabled ? "one.canSignIn" : "one.signedIn", count);
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={<Breadcrumb items={[{ label: t("title"), href: LIST_PATH }, { label: name }]} />}
        title={name}
        aside={
          <Badge tone={enabled ? "success" : "neutral"} dot>
            {t(enabled ? "on" : "off")}
          </Badge>
        }
        description={t("one.description", { preset: presetName(preset, t), people })}
        actions={
          mayManage && (
            <>
              <TestForm connection={connection} />
              <SwitchForm connection={connection} />
              <DeleteDialog connection={connection} />
            </>
          )
        }
      />
      <div className="space-y-6">
        <CallbackSection connection={connection} />
        {mayManage && (
          <VersionedForms>
            <SettingsSection connection={connection} />
            <SecretSection connection={connection} />
          </VersionedForms>
        )}
      </div>
    </div>
  );
}

/** What the provider has to know of us. */
function CallbackSection({ connection: { slug, issuer, clientId } }: { connection: Connection }) {
  const t = useTranslations("admin-connections.provider");
  return (
    <Section title={t("title")}>
      <DescriptionList
        items={[
          {
            term: t("callback"),
            value: <Address path={`/api/auth/callback/${slug}`} copyLabel={t("copyCallback")} />,
          },
          {
            term: t("afterSigningOut"),
            value: <Address path="/signed-out" copyLabel={t("copyAfterSigningOut")} />,
          },
          {
            term: t("backchannel"),
            value: (
              <Address
                path={`/api/auth/backchannel-logout/${slug}`}
                copyLabel={t("copyBackchannel")}
              />
            ),
          },
          { term: t("issuer"), value: issuer },
          { term: t("clientId"), value: clientId },
        ]}
      />
    </Section>
  );
}

/** An address of ours that is entered at the provider. */
function Address({ path, copyLabel }: { path: string; copyLabel: string }) {
  const address = new URL(path, getConfig().appUrl).href;
  return (
    <span className="flex items-center gap-1">
      <Code>{address}</Code>
      <CopyButton value={address} label={copyLabel} />
    </span>
  );
}
