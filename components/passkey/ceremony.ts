"use client";

import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";

/** Making a passkey, or using one, as `navigator.credentials` calls it. */
export type Ceremony = "create" | "get";
/** What the server made for `navigator.credentials`, as JSON. */
export type CeremonyOptions = Record<string, unknown>;

export type CeremonyResult =
  | { outcome: "answered"; response: string }
  | { outcome: "failed"; message: string };

const UNSUPPORTED = "This browser has no passkeys. Use another way, or another browser.";
const UNEXPECTED = "The browser could not use a passkey. Try again, or use another way.";

/** By the name of the browser's exception; most of them tell little, so as not to tell sites much. */
const FAILURES: Record<string, string> = {
  NotAllowedError: "Nothing was confirmed: it was cancelled, or it took too long. Try again.",
  InvalidStateError: "This device or key has a passkey of your account already.",
  NotSupportedError: "There is no device or key at hand that can hold a passkey for this site.",
  SecurityError: "Passkeys do not work at this address. Open the site at its usual one.",
  AbortError: "That was interrupted. Try again.",
};

const messageOf = (error: unknown): string =>
  error instanceof Error && Object.hasOwn(FAILURES, error.name)
    ? (FAILURES[error.name] ?? UNEXPECTED)
    : UNEXPECTED;

function ask(ceremony: Ceremony, options: CeremonyOptions): Promise<object> {
  return ceremony === "create"
    ? startRegistration({
        optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON,
      })
    : startAuthentication({
        optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON,
      });
}

/** Lets the browser and an authenticator do their part, and says in plain words what went wrong. */
export async function runCeremony(
  ceremony: Ceremony,
  options: CeremonyOptions,
): Promise<CeremonyResult> {
  if (!browserSupportsWebAuthn()) return { outcome: "failed", message: UNSUPPORTED };
  try {
    return { outcome: "answered", response: JSON.stringify(await ask(ceremony, options)) };
  } catch (error) {
    return { outcome: "failed", message: messageOf(error) };
  }
}

/** Waits until somebody picks a passkey where the browser offers them, at the field for the address. */
export async function awaitAutofill(options: CeremonyOptions): Promise<string> {
  const answer = await startAuthentication({
    optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON,
    useBrowserAutofill: true,
  });
  return JSON.stringify(answer);
}
