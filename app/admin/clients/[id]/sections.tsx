import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { changeClientAction, replaceKeysAction } from "@/app/admin/clients/actions";
import { clientPath } from "@/app/admin/clients/address";
import { redirectsOf } from "@/app/admin/clients/kinds";
import { scopeOptions } from "@/app/admin/clients/scope-options";
import { snippetFactsOf } from "@/app/admin/clients/snippet-facts";
import { ClientFields, PublicKeysField } from "@/components/admin/client-fields";
import { SnippetList } from "@/components/admin/snippet-list";
import { EditedVersion } from "@/components/admin/versioned-forms";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Section } from "@/components/ui/card";
import { CODED, Code } from "@/components/ui/code";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import { issuer } from "@/lib/oidc/issuer";
import type { Client } from "@/lib/oidc/manage-clients";
import type { Translator } from "@/lib/platform/locale/translator";

export interface Held {
  users: number;
  tokens: number;
}

type Words = Translator<"admin-clients">;

/** What a client holds, in words; null for nothing. */
export function heldText({ users, tokens }: Held, t: Words): string | null {
  if (users === 0 && tokens === 0) return null;
  return users === 0 ? t("held.tokens", { tokens }) : t("held.both", { users, tokens });
}

/** What the app has to know of us, and what we know of it. */
export function FactsSection({ client, held }: { client: Client; held: Held }) {
  const t = useTranslations("admin-clients");
  return (
    <Section title={t("facts.title")}>
      <DescriptionList
        items={[
          {
            term: t("facts.clientId"),
            value: <Copied text={client.id} copyLabel={t("facts.copyClientId")} />,
          },
          {
            term: t("facts.issuer"),
            value: <Copied text={issuer()} copyLabel={t("facts.copyIssuer")} />,
          },
          { term: t("facts.registered"), value: t(`sources.${client.source}`) },
          ...(client.source === "document" ? [] : ownTermsOf(client, t)),
          { term: t("facts.firstSeen"), value: <AbsoluteTime value={client.createdAt} /> },
          {
            term: t("facts.lastUsed"),
            value:
              client.lastUsedAt === null ? t("never") : <AbsoluteTime value={client.lastUsedAt} />,
          },
          { term: t("facts.holds"), value: heldText(held, t) ?? t("facts.nothing") },
          ...elsewhereOf(client, t),
        ]}
      />
    </Section>
  );
}

/** A service asks for itself, an app for its users. */
const asker = ({ kind }: Client) => (kind === "service" ? "service" : "app");

const ownTermsOf = (client: Client, t: Words) => [
  { term: t("facts.authentication"), value: t(`authMethods.${client.authMethod}`) },
  ...addressesOf(client, t),
  {
    term: t("facts.scopes"),
    value: client.scopes.join(" ") || t(`facts.noScopes.${asker(client)}`),
  },
  // A service has no users who could be asked.
  ...(client.kind === "service"
    ? []
    : [
        {
          term: t("facts.consent"),
          value: t(client.firstParty ? "facts.consentNotAsked" : "facts.consentAsked"),
        },
      ]),
  ...(client.requirePushedRequests
    ? [{ term: t("facts.requests"), value: t("facts.pushedOnly") }]
    : []),
];

/** What of this client has a page of its own. */
const elsewhereOf = ({ id, kind, backchannelLogoutUri }: Client, t: Words) => [
  ...(kind === "service"
    ? [
        {
          term: t("facts.actsForItself"),
          value: <TextLink href={`${clientPath(id)}/roles`}>{t("facts.roles")}</TextLink>,
        },
      ]
    : []),
  ...(backchannelLogoutUri === null
    ? []
    : [
        {
          term: t("facts.toldOfSignOuts"),
          value: <TextLink href={`${clientPath(id)}/logouts`}>{t("facts.logouts")}</TextLink>,
        },
      ]),
];

const addressesOf = ({ redirectUris }: Client, t: Words) =>
  redirectUris.length === 0
    ? []
    : [
        {
          term: t("facts.redirectUris"),
          value: (
            <ul className="space-y-1">
              {redirectUris.map((uri) => (
                <li key={uri}>
                  <Code>{uri}</Code>
                </li>
              ))}
            </ul>
          ),
        },
      ];

function Copied({ text, copyLabel }: { text: string; copyLabel: string }) {
  return (
    <span className="flex items-center gap-1">
      <Code>{text}</Code>
      <CopyButton value={text} label={copyLabel} />
    </span>
  );
}

const CALL_THE_API = {
  link: (words: ReactNode) => <TextLink href="/developers#call-the-api">{words}</TextLink>,
};

export function SetUpSection({ client }: { client: Client }) {
  const t = useTranslations("admin-clients.setUp");
  const asksApi = client.scopes.some((scope) => scope.startsWith("api:"));
  return (
    <Section
      title={t("title")}
      description={t(client.requirePushedRequests ? "descriptionPushed" : "description")}
    >
      <SnippetList facts={{ ...snippetFactsOf(client), secret: null }} />
      <p className="mt-4 text-ink-soft text-sm">
        {t.rich(
          asksApi || client.pairwiseSector !== null ? "otherWays" : `hints.${asker(client)}`,
          CALL_THE_API,
        )}
      </p>
    </Section>
  );
}

export function SettingsSection({ client }: { client: Client }) {
  const t = useTranslations("admin-clients");
  const isService = client.kind === "service";
  return (
    <Section
      title={t("settings.title")}
      description={t(isService ? "settings.descriptionService" : "settings.description")}
    >
      <ActionForm action={changeClientAction} aria-label={t("settings.of", { name: client.name })}>
        <input type="hidden" name="id" value={client.id} />
        <EditedVersion version={client.version} />
        <ClientFields
          values={client}
          addresses={redirectsOf(client.kind, t)}
          scopes={scopeOptions(client.kind, client.scopes, t)}
        />
        <div>
          <SubmitButton>{t("settings.save")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

export function KeysSection({ client: { id, name, jwks, jwksUri } }: { client: Client }) {
  const t = useTranslations("admin-clients.keys");
  const kids = ((jwks ?? { keys: [] }) as { keys: { kid?: string }[] }).keys.map(({ kid }) => kid);
  return (
    <Section title={t("title")} description={t("description")}>
      <p className="mb-5 text-sm">
        {jwksUri === null
          ? t.rich("now", { keys: kids.join(", "), ...CODED })
          : t.rich("at", { address: jwksUri, ...CODED })}
      </p>
      <ActionForm action={replaceKeysAction} aria-label={t("of", { name })}>
        <input type="hidden" name="id" value={id} />
        <PublicKeysField optional={false} />
        <div>
          <SubmitButton variant="secondary">{t("submit")}</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
