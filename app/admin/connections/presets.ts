import type { PlaceField, Preset } from "@/lib/federation/connection.schema";

interface PresetText {
  name: string;
  /** What it is called where it is set up. */
  where: string;
  slug: string;
  fields: {
    name: PlaceField;
    label: string;
    hint: string;
    placeholder?: string;
    defaultValue?: string;
    optional?: boolean;
  }[];
  domainsHint?: string;
}

const DOMAINS_HINT =
  "Only addresses at these domains sign up. Where the provider is silent about an address, it counts only at a domain that is verified under Domains. Empty for any verified address.";

/** How each provider calls what it takes, and where it is found there. */
export const PRESET_TEXTS: Record<Preset, PresetText> = {
  auth0: {
    name: "Auth0",
    where: "Applications → Create application → Regular web application.",
    slug: "auth0",
    fields: [
      {
        name: "domain",
        label: "Domain",
        hint: "Under Settings of the application.",
        placeholder: "corp.eu.auth0.com",
      },
    ],
  },
  okta: {
    name: "Okta",
    where: "Applications → Create app integration → OIDC, web application.",
    slug: "okta",
    fields: [
      {
        name: "domain",
        label: "Okta domain",
        hint: "In the menu of your account, top right.",
        placeholder: "corp.okta.com",
      },
      {
        name: "authorizationServer",
        label: "Authorization server",
        hint: "Under Security → API, for example default. Empty for the one of the organization.",
        optional: true,
      },
    ],
  },
  keycloak: {
    name: "Keycloak",
    where: "Clients → Create client, with client authentication on.",
    slug: "keycloak",
    fields: [
      {
        name: "address",
        label: "Address",
        hint: "Of the server, with its path if it has one.",
        placeholder: "https://keycloak.example.com",
      },
      { name: "realm", label: "Realm", hint: "As it stands in the address of its console." },
    ],
  },
  "entra-id": {
    name: "Microsoft Entra ID",
    where: "App registrations → New registration, with a web redirect URI.",
    slug: "entra-id",
    fields: [
      {
        name: "tenant",
        label: "Directory (tenant) id",
        hint: "On the overview of the app registration.",
        placeholder: "00000000-0000-0000-0000-000000000000",
      },
    ],
    domainsHint:
      "Entra ID does not say whether an address is verified: name the domains of your own tenant and verify them under Domains, else nobody new gets in.",
  },
  gitlab: {
    name: "GitLab",
    where:
      "Applications, of yourself, a group or the instance, with the scopes openid, profile, email.",
    slug: "gitlab",
    fields: [
      {
        name: "address",
        label: "Address",
        hint: "Of your own server, or as it is.",
        defaultValue: "https://gitlab.com",
      },
    ],
  },
  "google-workspace": {
    name: "Google Workspace",
    where: "Google Auth Platform → Clients → Create client → Web application.",
    slug: "workspace",
    fields: [],
    domainsHint: "The domains of your Workspace. Accounts that do not belong to it stay out.",
  },
  openid: {
    name: "Another OpenID provider",
    where: "A confidential client for the authorization code flow with PKCE.",
    slug: "sso",
    fields: [
      {
        name: "issuer",
        label: "Issuer",
        hint: "The address before /.well-known/openid-configuration, exactly as the provider writes it.",
        placeholder: "https://id.example.com",
      },
    ],
  },
};

export const domainsHintOf = (preset: string): string =>
  (Object.hasOwn(PRESET_TEXTS, preset) && PRESET_TEXTS[preset as Preset].domainsHint) ||
  DOMAINS_HINT;

export const presetName = (preset: string): string =>
  Object.hasOwn(PRESET_TEXTS, preset) ? PRESET_TEXTS[preset as Preset].name : preset;
