import { Link2 } from "lucide-react";
import { useTranslations } from "#translations";
import { getTranslations } from "@/app/_locale/translations";
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
import { timeAgo } from "@/components/ui/relative-time";
import type { LinkOutcome } from "@/lib/authn/own-identities";
import { listOwnIdentities } from "@/lib/federation/list-identities";
import { listSignInProviders } from "@/lib/federation/providers";
import type { Caller } from "@/lib/shared/caller";

/** How coming back from a provider ended; `failed` is the provider's own refusal. */
const TONES: Record<LinkOutcome | "failed", CalloutTone> = {
  linked: "success",
  own: "info",
  taken: "danger",
  expired: "danger",
  failed: "danger",
};

const isOutcome = (outcome: unknown): outcome is keyof typeof TONES =>
  typeof outcome === "string" && Object.hasOwn(TONES, outcome);

/** How it ended, where somebody has just come back; nothing otherwise. */
export function LinkOutcomeCallout({ outcome }: { outcome: unknown }) {
  const t = useTranslations("account-security.connected.outcomes");
  if (!isOutcome(outcome)) return null;
  const tone = TONES[outcome];
  return (
    <Callout tone={tone} role={tone === "danger" ? "alert" : "status"}>
      <p>{t(outcome)}</p>
    </Callout>
  );
}

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
  const t = await getTranslations("account-security.connected");
  return (
    <Section title={t("title")} description={t("description")} flush>
      {isOutcome(outcome) && (
        <div className="border-line border-b px-5 py-4 sm:px-6">
          <LinkOutcomeCallout outcome={outcome} />
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
            <ActionForm key={id} action={linkIdentityAction} aria-label={t("connect", { name })}>
              <input type="hidden" name="provider" value={id} />
              <SubmitButton variant="secondary">
                {identities.some(({ provider }) => provider === id)
                  ? t("connectAnother", { name })
                  : t("connect", { name })}
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
  const t = useTranslations("account-security.connected");
  const title = name ?? identity.provider;
  return (
    <Item
      leading={<Link2 aria-hidden="true" />}
      title={title}
      actions={
        <ConfirmDialog
          trigger={t("disconnect")}
          triggerLabel={t("disconnectThis", { name: title })}
          variant="secondary"
          title={t("disconnectTitle", { name: title })}
          description={t("disconnectText")}
          confirmLabel={t("disconnect")}
          action={unlinkIdentityAction}
          fields={{ identityId: identity.id }}
        />
      }
    >
      {t.rich("since", timeAgo(identity.createdAt))}
      {name === undefined && ` · ${t("notOffered")}`}
    </Item>
  );
}
