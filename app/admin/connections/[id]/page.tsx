import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
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

export const metadata: Metadata = { title: "Connection" };

export default async function ConnectionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(connectionPath(id), CONNECTION_PERMISSIONS.view);
  const connection = await answerDenials(() => findConnection(caller, id));
  if (connection === null) notFound();
  const mayManage = await can(caller, CONNECTION_PERMISSIONS.manage);
  const { name, enabled, preset } = connection;
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={<Breadcrumb items={[{ label: "Connections", href: LIST_PATH }, { label: name }]} />}
        title={name}
        aside={
          <Badge tone={enabled ? "success" : "neutral"} dot>
            {enabled ? "On" : "Off"}
          </Badge>
        }
        description={`${presetName(preset)}. ${peopleWith(connection)}`}
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

function peopleWith({ identities, enabled }: Connection): string {
  if (identities === 0) return "Nobody signs in with it yet.";
  const who = identities === 1 ? "1 person" : `${identities} people`;
  return enabled ? `${who} can sign in with it.` : `${who} signed in with it.`;
}

/** What the provider has to know of us. */
function CallbackSection({ connection: { slug, issuer, clientId } }: { connection: Connection }) {
  return (
    <Section title="At the provider">
      <DescriptionList
        items={[
          {
            term: "Callback address",
            value: <Address path={`/api/auth/callback/${slug}`} label="callback address" />,
          },
          {
            term: "After signing out",
            value: <Address path="/signed-out" label="address after signing out" />,
          },
          {
            term: "Back-channel logout",
            value: (
              <Address
                path={`/api/auth/backchannel-logout/${slug}`}
                label="address of back-channel logout"
              />
            ),
          },
          { term: "Issuer", value: issuer },
          { term: "Client id", value: clientId },
        ]}
      />
    </Section>
  );
}

/** An address of ours that is entered at the provider. */
function Address({ path, label }: { path: string; label: string }) {
  const address = new URL(path, getConfig().appUrl).href;
  return (
    <span className="flex items-center gap-1">
      <Code>{address}</Code>
      <CopyButton value={address} label={`Copy the ${label}`} />
    </span>
  );
}
