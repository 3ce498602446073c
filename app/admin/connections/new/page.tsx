import { Plug } from "lucide-react";
import { useTranslations } from "#translations";
import { requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { createConnectionAction } from "@/app/admin/connections/actions";
import { LIST_PATH } from "@/app/admin/connections/address";
import { domainsHintOf, PRESET_FACTS, presetName } from "@/app/admin/connections/presets";
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

export const generateMetadata = titled("admin-connections.new");

const NEW_PATH = `${LIST_PATH}/new`;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NewConnectionPage({ searchParams }: Search) {
  const asked = (await searchParams)["preset"];
  const preset = PRESETS.find((known) => known === asked);
  const path = preset === undefined ? NEW_PATH : `${NEW_PATH}?preset=${preset}`;
  await requirePermission(path, CONNECTION_PERMISSIONS.manage);
  const t = await getTranslations("admin-connections");
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: t("title"), href: LIST_PATH }, { label: t("new.title") }]} />
        }
        title={preset === undefined ? t("new.title") : presetName(preset, t)}
        description={
          preset === undefined
            ? t("new.which")
            : t("new.atProvider", { where: t(`presets.${preset}.where`) })
        }
      />
      {preset === undefined ? <PresetChoice /> : <NewConnection preset={preset} />}
    </div>
  );
}

function PresetChoice() {
  const t = useTranslations("admin-connections");
  return (
    <Card>
      <ItemList>
        {PRESETS.map((preset) => (
          <Item
            key={preset}
            leading={<Plug aria-hidden="true" />}
            title={presetName(preset, t)}
            actions={
              <ButtonLink
                href={`${NEW_PATH}?preset=${preset}`}
                size="sm"
                aria-label={t("new.setUpThis", { name: presetName(preset, t) })}
              >
                {t("new.setUp")}
              </ButtonLink>
            }
          />
        ))}
      </ItemList>
    </Card>
  );
}

function NewConnection({ preset }: { preset: Preset }) {
  const t = useTranslations("admin-connections");
  const { fields, name, slug } = PRESET_FACTS[preset];
  return (
    <Card className="p-5 sm:p-6">
      <ActionForm action={createConnectionAction} aria-label={t("new.title")}>
        <input type="hidden" name="preset" value={preset} />
        <ConnectionNameField {...(name !== null && { name })} />
        <ClientWords areas={["admin-connection-slug"]}>
          <ConnectionSlugField
            base={new URL("/api/auth/callback/", getConfig().appUrl).href}
            initial={slug}
          />
        </ClientWords>
        {fields.map(({ optional = false, words, example, ...field }) => (
          <TextField
            key={field.name}
            {...field}
            label={t(`presets.${words}.label`)}
            hint={t(`presets.${words}.hint`)}
            placeholder={example}
            optional={optional}
            required={!optional}
            autoComplete="off"
            spellCheck={false}
          />
        ))}
        <ClientIdField />
        <PasswordField
          name="clientSecret"
          label={t("new.secret")}
          hint={t("new.secretHint")}
          autoComplete="off"
          required
        />
        <ConnectionDetailFields domainsHint={domainsHintOf(preset, t)} />
        <div className="flex flex-wrap gap-2">
          <SubmitButton>{t("new.submit")}</SubmitButton>
          <ButtonLink href={NEW_PATH} variant="ghost">
            {t("new.another")}
          </ButtonLink>
        </div>
      </ActionForm>
    </Card>
  );
}
