import { KeyRound } from "lucide-react";
import { useTranslations } from "#translations";
import { ClientWords } from "@/app/_locale/client-words";
import { addSecretAction, removeSecretAction } from "@/app/admin/clients/actions";
import { snippetFactsOf } from "@/app/admin/clients/snippet-facts";
import { AddedClientSecret } from "@/components/admin/client-secret-answer";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { SECRETS_MAX } from "@/lib/oidc/client.schema";
import type { Client } from "@/lib/oidc/manage-clients";

/** The secrets of a client: one, and two while one replaces the other. */
export function SecretsSection({ client, mayManage }: { client: Client; mayManage: boolean }) {
  const t = useTranslations("admin-clients.secrets");
  const { id, name, secrets } = client;
  return (
    <Section title={t("title")} description={t("description")} flush>
      <ItemList>
        {secrets.map((secret, place) => (
          <Item
            key={secret.id}
            leading={<KeyRound aria-hidden="true" />}
            title={t(secrets.length === 1 ? "only" : place === 0 ? "older" : "newer")}
            actions={
              mayManage &&
              secrets.length > 1 && (
                <RemoveDialog
                  fields={{ id, secretId: secret.id }}
                  which={place === 0 ? "older" : "newer"}
                  unused={secrets.some((other) => other !== secret && other.lastUsedAt === null)}
                />
              )
            }
          >
            <Uses secret={secret} />
          </Item>
        ))}
      </ItemList>
      {mayManage && (
        <div className="border-line border-t px-5 py-5 sm:px-6">
          <ActionForm action={addSecretAction} aria-label={t("of", { name })}>
            <input type="hidden" name="id" value={id} />
            <ClientWords areas={["admin-client-secret", "admin-snippets"]}>
              <AddedClientSecret facts={snippetFactsOf(client)} />
            </ClientWords>
            {secrets.length < SECRETS_MAX ? (
              <div>
                <SubmitButton variant="secondary">{t("add")}</SubmitButton>
              </div>
            ) : (
              <p className="text-ink-soft text-sm">{t("both")}</p>
            )}
          </ActionForm>
        </div>
      )}
    </Section>
  );
}

function Uses({ secret: { createdAt, lastUsedAt } }: { secret: Client["secrets"][number] }) {
  const t = useTranslations("admin-clients.secrets");
  const created = () => <RelativeTime value={createdAt} />;
  return lastUsedAt === null
    ? t.rich("unused", { created })
    : t.rich("used", { created, used: () => <RelativeTime value={lastUsedAt} /> });
}

function RemoveDialog({
  fields,
  which,
  unused,
}: {
  fields: Record<string, string>;
  which: "older" | "newer";
  unused: boolean;
}) {
  const t = useTranslations("admin-clients.secrets");
  return (
    <ConfirmDialog
      trigger={t("remove")}
      triggerLabel={t(`removing.${which}.label`)}
      title={t(`removing.${which}.title`)}
      description={t(unused ? "otherUnused" : "removeText")}
      confirmLabel={t("removeConfirm")}
      action={removeSecretAction}
      fields={fields}
    />
  );
}
