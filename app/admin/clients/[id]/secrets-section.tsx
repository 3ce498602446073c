import { KeyRound } from "lucide-react";
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
  const { id, name, secrets } = client;
  return (
    <Section
      title="Secrets"
      description="To replace one: add a second, give it to the app, wait until it is used, then remove the first."
      flush
    >
      <ItemList>
        {secrets.map((secret, place) => (
          <Item
            key={secret.id}
            leading={<KeyRound aria-hidden="true" />}
            title={
              secrets.length === 1 ? "The secret" : place === 0 ? "The older one" : "The newer one"
            }
            actions={
              mayManage &&
              secrets.length > 1 && (
                <RemoveDialog
                  fields={{ id, secretId: secret.id }}
                  label={place === 0 ? "older" : "newer"}
                  unused={secrets.some((other) => other !== secret && other.lastUsedAt === null)}
                />
              )
            }
          >
            Created <RelativeTime value={secret.createdAt} />
            {", "}
            {secret.lastUsedAt === null ? (
              "never used"
            ) : (
              <>
                last used <RelativeTime value={secret.lastUsedAt} />
              </>
            )}
          </Item>
        ))}
      </ItemList>
      {mayManage && (
        <div className="border-line border-t px-5 py-5 sm:px-6">
          <ActionForm action={addSecretAction} aria-label={`Secrets of ${name}`}>
            <input type="hidden" name="id" value={id} />
            <AddedClientSecret facts={snippetFactsOf(client)} />
            {secrets.length < SECRETS_MAX ? (
              <div>
                <SubmitButton variant="secondary">Add a secret</SubmitButton>
              </div>
            ) : (
              <p className="text-ink-soft text-sm">
                Both are good. Remove the old one when the app has the new one.
              </p>
            )}
          </ActionForm>
        </div>
      )}
    </Section>
  );
}

function RemoveDialog({
  fields,
  label,
  unused,
}: {
  fields: Record<string, string>;
  label: string;
  unused: boolean;
}) {
  return (
    <ConfirmDialog
      trigger="Remove"
      triggerLabel={`Remove the ${label} secret`}
      title={`Remove the ${label} secret?`}
      description={
        unused
          ? "The other one has never been used: if the app does not have it yet, it is locked out at once."
          : "It opens nothing from the next request on."
      }
      confirmLabel="Remove secret"
      action={removeSecretAction}
      fields={fields}
    />
  );
}
