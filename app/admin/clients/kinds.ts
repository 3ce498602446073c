import type { ResourceScope } from "@/lib/oidc/client.schema";
import type { ClientKind } from "@/lib/shared/client-kind";

interface KindText {
  name: string;
  /** Which of the four an app is. */
  about: string;
  /** What it gets without being asked. */
  preset: string;
  redirectHint: string;
  redirectExample: string;
}

export const KIND_TEXTS: Record<ClientKind, KindText> = {
  web: {
    name: "Web app",
    about: "Runs on a server that can keep a secret.",
    preset: "Authorization code with PKCE, refresh tokens that rotate, a secret or a private key.",
    redirectHint: "One address a line, https, exactly as the app sends it.",
    redirectExample: "https://app.example.com/callback",
  },
  single_page: {
    name: "Single-page app",
    about: "Runs in the browser, and can keep no secret.",
    preset: "Authorization code with PKCE, refresh tokens that rotate, no secret.",
    redirectHint: "One address a line, https, exactly as the app sends it.",
    redirectExample: "https://app.example.com/callback",
  },
  native: {
    name: "Native app",
    about: "Runs on a phone, on a desk or in a terminal.",
    preset:
      "Authorization code with PKCE, refresh tokens that rotate, no secret. People are asked each time.",
    redirectHint:
      "One address a line: http://127.0.0.1/…, whose port is free; a scheme with a dot; or https. None for a device without a browser, whose user types a code elsewhere.",
    redirectExample: "http://127.0.0.1/callback\ncom.example.app:/callback",
  },
  service: {
    name: "Service",
    about: "A program that acts for itself, with no user.",
    preset: "Client credentials, with a secret or a private key.",
    redirectHint: "",
    redirectExample: "",
  },
};

export const SCOPE_TEXTS: Record<ResourceScope, string> = {
  "api:read": "Read through the API what whoever it acts for may read.",
  "api:write": "Change through the API what whoever it acts for may change.",
  "tokens:exchange":
    "Act for users whose tokens it is shown, as a service behind a gateway does. No further and no longer than those.",
  "tokens:introspect":
    "Look up every token of every client, as a gateway does. Give it only to what checks tokens for others.",
};

export const SOURCE_TEXTS = {
  registered: "Here, by an administrator",
  dynamic: "By itself",
  document: "Not at all: it says what it is in the document at its id",
} as const;

export const AUTH_METHOD_TEXTS = {
  none: "None: it can keep no secret",
  client_secret_basic: "A secret (client_secret_basic, client_secret_post)",
  private_key_jwt: "A private key of its own (private_key_jwt)",
} as const;
