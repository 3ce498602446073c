import "server-only";
import type { PlaceField, Preset } from "@/lib/federation/connection.schema";
import type { Translator } from "@/lib/platform/locale/translator";

type Words = Translator<"admin-connections">;

interface PresetFacts {
  /** What the provider calls itself; null where it may be any. */
  name: string | null;
  slug: string;
  fields: {
    name: PlaceField;
    /** Where its label and hint stand in the catalogue: each provider calls it otherwise. */
    words:
      | "auth0.domain"
      | "okta.domain"
      | "okta.authorizationServer"
      | "keycloak.address"
      | "keycloak.realm"
      | "entra-id.tenant"
      | "gitlab.address"
      | "openid.issuer";
    example?: string;
    defaultValue?: string;
    optional?: boolean;
  }[];
}

/** What each provider takes. */
export const PRESET_FACTS: Record<Preset, PresetFacts> = {
  auth0: {
    name: "Auth0",
    slug: "auth0",
    fields: [{ name: "domain", words: "auth0.domain", example: "corp.eu.auth0.com" }],
  },
  okta: {
    name: "Okta",
    slug: "okta",
    fields: [
      { name: "domain", words: "okta.domain", example: "corp.okta.com" },
      { name: "authorizationServer", words: "okta.authorizationServer", optional: true },
    ],
  },
  keycloak: {
    name: "Keycloak",
    slug: "keycloak",
    fields: [
      { name: "address", words: "keycloak.address", example: "https://keycloak.example.com" },
      { name: "realm", words: "keycloak.realm" },
    ],
  },
  "entra-id": {
    name: "Microsoft Entra ID",
    slug: "entra-id",
    fields: [
      {
        name: "tenant",
        words: "entra-id.tenant",
        example: "00000000-0000-0000-0000-000000000000",
      },
    ],
  },
  gitlab: {
    name: "GitLab",
    slug: "gitlab",
    fields: [{ name: "address", words: "gitlab.address", defaultValue: "https://gitlab.com" }],
  },
  "google-workspace": { name: "Google Workspace", slug: "workspace", fields: [] },
  openid: {
    name: null,
    slug: "sso",
    fields: [{ name: "issuer", words: "openid.issuer", example: "https://id.example.com" }],
  },
};

const isPreset = (preset: string): preset is Preset => Object.hasOwn(PRESET_FACTS, preset);

export function domainsHintOf(preset: string, t: Words): string {
  return preset === "entra-id" || preset === "google-workspace"
    ? t(`presets.${preset}.domainsHint`)
    : t("presets.domainsHint");
}

export const presetName = (preset: string, t: Words): string =>
  isPreset(preset) ? (PRESET_FACTS[preset].name ?? t("presets.openid.name")) : preset;
