import { Link2 } from "lucide-react";
import {
  linkIdentityAction,
  unlinkIdentityAction,
} from "@/app/(account)/account/security/connected/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { Callout, type CalloutTone } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { LinkOutcome } from "@/lib/authn/own-identities";
import { listOwnIdentities } from "@/lib/federation/list-identities";
import { listSignInProviders } from "@/lib/federation/providers";
import type { Caller } from "@/lib/shared/caller";

/** How coming back from a provider ended; `failed` is the provider's own refusal. */
const WORDS: Record<LinkOutcome | "failed", [CalloutTone, string]> = {
  linked: ["success", "The account is connected. You can sign in with it from now on."],
  own: ["info", "This account was connected already."],
  taken: [
    "danger",
    "This account signs in as somebody else here. Disconnect it there first, or use another.",
  ],
  expired: ["danger", "That took too long, or was begun elsewhere. Connect it again."],
  failed: ["danger", "The provider did not confirm it. Nothing was connected."],
};

/** Accounts at providers that sign in as the caller, and the way to more of them (F10, F107). */
export async function ConnectedAccountsSection({
  caller,
  outcome,
}: {
  caller: Caller;
  outcome: unknown;
}) {
  const identities = await listOwnIdentities(caller);
  const providers = await listSignInProviders();
  if (identities.length === 0 && providers.length === 0) return null;
  const [tone, said] =
    typeof outcome === "string" && Object.hasOwn(WORDS, outcome)
      ? WORDS[outcome as LinkOutcome]
      : ["info" as const, null];
  return (
    <Section
      title="Connected accounts"
      description="Accounts elsewhere that sign you in here."
      flush
    >
      {said !== null && (
        <div className="border-line border-b px-5 py-4 sm:px-6">
          <Callout tone={tone} role={tone === "danger" ? "alert" : "status"}>
            <p>{said}</p>
          </Callout>
        </div>
      )}
      {identities.length > 0 && (
        <ItemList className="border-line border-b">
          {identities.map((identity) => (
            <IdentityItem
              key={identity.id}
              identity={identity}
              name={providers.find(({ id }) => id === identity.provider)?.name}
            />
          ))}
        </ItemList>
      )}
      {providers.length > 0 && (
        <div className="flex flex-wrap gap-3 px-5 py-5 sm:px-6">
          {providers.map(({ id, name }) => (
            <ActionForm key={id} action={linkIdentityAction} aria-label={`Connect ${name}`}>
              <input type="hidden" name="provider" value={id} />
              <SubmitButton variant="secondary">
                {identities.some(({ provider }) => provider === id)
                  ? `Connect another ${name} account`
                  : `Connect ${name}`}
              </SubmitButton>
            </ActionForm>
          ))}
        </div>
      )}
    </Section>
  );
}

function IdentityItem({
  identity,
  name,
}: {
  identity: Awaited<ReturnType<typeof listOwnIdentities>>[number];
  name: string | undefined;
}) {
  const title = name ?? identity.provider;
  return (
    <Item
      leading={<Link2 aria-hidden="true" />}
      title={title}
      actions={
        <ConfirmDialog
          trigger="Disconnect"
          triggerLabel={`Disconnect ${title}`}
          variant="secondary"
          title={`Disconnect ${title}?`}
          description="It does not sign you in any more. You can connect it again later."
          confirmLabel="Disconnect"
          action={unlinkIdentityAction}
          fields={{ identityId: identity.id }}
        />
      }
    >
      Connected <RelativeTime value={identity.createdAt} />
      {name === undefined && " · not offered here any more"}
    </Item>
  );
}
