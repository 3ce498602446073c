import { useTranslations } from "#translations";
import { ClientWords } from "@/app/_locale/client-words";
import { changeWebhookAction, rotateSecretAction } from "@/app/admin/webhooks/actions";
import { WebhookFields } from "@/components/admin/webhook-fields";
import { ActionForm } from "@/components/form/action-form";
import { RevealedSecret } from "@/components/form/revealed-secret";
import { SubmitButton } from "@/components/form/submit-button";
import { AbsoluteTime, timeAt } from "@/components/ui/absolute-time";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { DescriptionList } from "@/components/ui/description-list";
import type { Webhook } from "@/lib/webhooks/manage-endpoints";

export function FactsSection({ webhook }: { webhook: Webhook }) {
  const { url, eventTypes, organizationId, createdAt, failingSince, enabled } = webhook;
  const t = useTranslations("admin-webhooks");
  return (
    <>
      {!enabled && webhook.switchedOffFor !== null && (
        <Callout tone="warning" title={t("facts.switchedOff")}>
          <p>{t(`facts.whyOff.${webhook.switchedOffFor}`)}</p>
        </Callout>
      )}
      <Section title={t("facts.title")}>
        <DescriptionList
          items={[
            { term: t("facts.address"), value: <Code>{url}</Code> },
            { term: t("facts.events"), value: <Code>{eventTypes.join(", ")}</Code> },
            {
              term: t("facts.where"),
              value: t(organizationId === null ? "new.everywhere" : "new.here"),
            },
            { term: t("facts.added"), value: <AbsoluteTime value={createdAt} /> },
            ...(failingSince === null
              ? []
              : [{ term: t("facts.failingSince"), value: <AbsoluteTime value={failingSince} /> }]),
          ]}
        />
      </Section>
    </>
  );
}

export function SettingsSection({ webhook }: { webhook: Webhook }) {
  const { id, name, url, eventTypes } = webhook;
  const t = useTranslations("admin-webhooks.settings");
  return (
    <Section title={t("title")}>
      <ActionForm action={changeWebhookAction} aria-label={t("of", { name })}>
        <input type="hidden" name="id" value={id} />
        <ClientWords areas={["admin-webhook-fields"]}>
          <WebhookFields values={{ name, url, eventTypes }} />
        </ClientWords>
        <div>
          <SubmitButton>{t("save")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

export function SecretSection({ webhook: { id, name, formerUntil } }: { webhook: Webhook }) {
  const t = useTranslations("admin-webhooks.secret");
  return (
    <Section title={t("title")} description={t("description")}>
      <ActionForm action={rotateSecretAction} aria-label={t("of", { name })}>
        <input type="hidden" name="id" value={id} />
        <RevealedSecret label={t("label")} />
        {formerUntil !== null && (
          <p className="text-ink-soft text-sm">{t.rich("former", timeAt(formerUntil))}</p>
        )}
        <div>
          <SubmitButton variant="secondary">{t("replace")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
