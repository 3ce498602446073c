import { Plug } from "lucide-react";
import type { Metadata } from "next";
import { requirePermission } from "@/app/_http/page";
import { createConnectionAction } from "@/app/admin/connections/actions";
import { LIST_PATH } from "@/app/admin/connections/address";
import { domainsHintOf, PRESET_TEXTS } from "@/app/admin/connections/presets";
import {
  ClientIdField,
  ConnectionDetailFields,
  ConnectionNameField,
} from "@/components/admin/connection-fields";
import { ConnectionSlugField } from "@/components/admin/connection-slug-field";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { PRESETS, type Preset } from "@/lib/federation/connection.schema";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { getConfig } from "@/lib/platform/config";

export const metadata: Metadata = { title: "New connection" };

const NEW_PATH = `${LIST_PATH}/new`;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NewConnectionPage({ searchParams }: Search) {
  const asked = (await searchParams)["preset"];
  const preset = PRESETS.find((known) => known === asked);
  const path = preset === undefined ? NEW_PATH : `${NEW_PATH}?preset=${preset}`;
  await requirePermission(path, CONNECTION_PERMISSIONS.manage);
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: "Connections", href: LIST_PATH }, { label: "New connection" }]}
          />
        }
        title={preset === undefined ? "New connection" : PRESET_TEXTS[preset].name}
        description={
          preset === undefined
            ? "Which provider do people have their accounts at?"
            : `At the provider: ${PRESET_TEXTS[preset].where}`
        }
      />
      {preset === undefined ? <PresetChoice /> : <NewConnection preset={preset} />}
    </div>
  );
}

function PresetChoice() {
  return (
    <Card>
      <ItemList>
        {PRESETS.map((preset) => (
          <Item
            key={preset}
            leading={<Plug aria-hidden="true" />}
            title={PRESET_TEXTS[preset].name}
            actions={
              <ButtonLink
                href={`${NEW_PATH}?preset=${preset}`}
                size="sm"
                aria-label={`Set up ${PRESET_TEXTS[preset].name}`}
              >
                Set up
              </ButtonLink>
            }
          />
        ))}
      </ItemList>
    </Card>
  );
}

function NewConnection({ preset }: { preset: Preset }) {
  const { fields, name, slug } = PRESET_TEXTS[preset];
  return (
    <Card className="p-5 sm:p-6">
      <ActionForm action={createConnectionAction} aria-label="New connection">
        <input type="hidden" name="preset" value={preset} />
        <ConnectionNameField {...(preset !== "openid" && { name })} />
        <ConnectionSlugField
          base={new URL("/api/auth/callback/", getConfig().appUrl).href}
          initial={slug}
        />
        {fields.map(({ optional = false, ...field }) => (
          <TextField
            key={field.name}
            {...field}
            optional={optional}
            required={!optional}
            autoComplete="off"
            spellCheck={false}
          />
        ))}
        <ClientIdField />
        <PasswordField
          name="clientSecret"
          label="Client secret"
          hint="Kept encrypted, and shown to nobody again."
          autoComplete="off"
          required
        />
        <ConnectionDetailFields domainsHint={domainsHintOf(preset)} />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>Create connection</SubmitButton>
          <ButtonLink href={NEW_PATH} variant="ghost">
            Another provider
          </ButtonLink>
        </div>
      </ActionForm>
    </Card>
  );
}
