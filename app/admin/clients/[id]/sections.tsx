import { changeClientAction, replaceKeysAction } from "@/app/admin/clients/actions";
import { clientPath } from "@/app/admin/clients/address";
import { AUTH_METHOD_TEXTS, KIND_TEXTS, SOURCE_TEXTS } from "@/app/admin/clients/kinds";
import { scopeOptions } from "@/app/admin/clients/scope-options";
import { snippetFactsOf } from "@/app/admin/clients/snippet-facts";
import { ClientFields, PublicKeysField } from "@/components/admin/client-fields";
import { SnippetList } from "@/components/admin/snippet-list";
import { EditedVersion } from "@/components/admin/versioned-forms";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { TextLink } from "@/components/ui/text-link";
import { issuer } from "@/lib/oidc/issuer";
import type { Client } from "@/lib/oidc/manage-clients";

export interface Held {
  users: number;
  tokens: number;
}

const count = (number: number, one: string, many: string): string =>
  number === 1 ? `1 ${one}` : `${number} ${many}`;

/** What a client holds, in words; null for nothing. */
export function heldText({ users, tokens }: Held): string | null {
  if (users === 0 && tokens === 0) return null;
  const held = count(tokens, "token that is good now", "tokens that are good now");
  return users === 0 ? held : `what ${count(users, "person", "people")} allowed it, and ${held}`;
}

/** What the app has to know of us, and what we know of it. */
export function FactsSection({ client, held }: { client: Client; held: Held }) {
  return (
    <Section title="At a glance">
      <DescriptionList
        items={[
          { term: "Client id", value: <Copied text={client.id} label="client id" /> },
          { term: "Issuer", value: <Copied text={issuer()} label="issuer" /> },
          { term: "Registered", value: SOURCE_TEXTS[client.source] },
          ...(client.source === "document" ? [] : ownTermsOf(client)),
          { term: "First seen", value: <AbsoluteTime value={client.createdAt} /> },
          {
            term: "Last used",
            value:
              client.lastUsedAt === null ? "Never" : <AbsoluteTime value={client.lastUsedAt} />,
          },
          { term: "Holds", value: heldText(held) ?? "Nothing now" },
          ...elsewhereOf(client),
        ]}
      />
    </Section>
  );
}

/** A service asks for itself, an app for its users. */
const asker = ({ kind }: Client) => (kind === "service" ? "service" : "app");
const NO_SCOPES = { app: "Those of OpenID Connect", service: "None" };

const ownTermsOf = (client: Client) => [
  { term: "Authentication", value: AUTH_METHOD_TEXTS[client.authMethod] },
  ...addressesOf(client),
  { term: "Scopes", value: client.scopes.join(" ") || NO_SCOPES[asker(client)] },
  // A service has no users who could be asked.
  ...(client.kind === "service"
    ? []
    : [
        {
          term: "Consent",
          value: client.firstParty ? "Not asked for: first-party" : "Asked of its users",
        },
      ]),
  ...(client.requirePushedRequests ? [{ term: "Requests", value: "Pushed ones only (PAR)" }] : []),
];

/** What of this client has a page of its own. */
const elsewhereOf = ({ id, kind, backchannelLogoutUri }: Client) => [
  ...(kind === "service"
    ? [
        {
          term: "Acts for itself",
          value: <TextLink href={`${clientPath(id)}/roles`}>Roles in the API</TextLink>,
        },
      ]
    : []),
  ...(backchannelLogoutUri === null
    ? []
    : [
        {
          term: "Told of sign-outs",
          value: <TextLink href={`${clientPath(id)}/logouts`}>Sign-out messages</TextLink>,
        },
      ]),
];

const addressesOf = ({ redirectUris }: Client) =>
  redirectUris.length === 0
    ? []
    : [
        {
          term: "Redirect URIs",
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

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <Code>{text}</Code>
      <CopyButton value={text} label={`Copy the ${label}`} />
    </span>
  );
}

/** What a client without a scope of the API is to be given for it. */
const HINTS = {
  app: "For calls of the API in the name of its users, give it api:read or api:write in its settings. ",
  service:
    "Its tokens open nothing of the API yet: give it api:read or api:write in its settings, and a role. ",
};

const HAVE_IT_PUSH =
  " Have its library push the requests as well (PAR): as these lines stand, a browser brings them, and they are refused.";

export function SetUpSection({ client }: { client: Client }) {
  const asksApi = client.scopes.some((scope) => scope.startsWith("api:"));
  return (
    <Section
      title="Set the app up"
      description={`Ready to paste, with what this client is known by.${client.requirePushedRequests ? HAVE_IT_PUSH : ""}`}
    >
      <SnippetList facts={{ ...snippetFactsOf(client), secret: null }} />
      <p className="mt-4 text-ink-soft text-sm">
        {asksApi || client.pairwiseSector !== null
          ? "For every other way to a token of the API: "
          : HINTS[asker(client)]}
        <TextLink href="/developers#call-the-api">Call the API</TextLink>
      </p>
    </Section>
  );
}

export function SettingsSection({ client }: { client: Client }) {
  const { redirectHint: hint, redirectExample: example } = KIND_TEXTS[client.kind];
  return (
    <Section
      title="Settings"
      description={`They hold from the next request on. Taking a scope away${
        client.kind === "service" ? "" : ", or the trust of a first-party app,"
      } ends everything that it holds.`}
    >
      <ActionForm action={changeClientAction} aria-label={`Settings of ${client.name}`}>
        <input type="hidden" name="id" value={client.id} />
        <EditedVersion version={client.version} />
        <ClientFields
          values={client}
          addresses={
            client.kind === "service" ? null : { hint, example, optional: client.kind === "native" }
          }
          scopes={scopeOptions(client.kind, client.scopes)}
        />
        <div>
          <SubmitButton>Save settings</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}

export function KeysSection({ client: { id, name, jwks, jwksUri } }: { client: Client }) {
  const kids = ((jwks ?? { keys: [] }) as { keys: { kid?: string }[] }).keys.map(({ kid }) => kid);
  return (
    <Section
      title="Public keys"
      description="What verifies what this app signs. New ones take the place of the former ones at once: to change over, give both."
    >
      <p className="mb-5 text-sm">
        {jwksUri === null ? "Keys now: " : "They are at "}
        <Code>{jwksUri ?? kids.join(", ")}</Code>
      </p>
      <ActionForm action={replaceKeysAction} aria-label={`Public keys of ${name}`}>
        <input type="hidden" name="id" value={id} />
        <PublicKeysField optional={false} />
        <div>
          <SubmitButton variant="secondary">Replace keys</SubmitButton>
        </div>
      </ActionForm>
    </Section>
  );
}
