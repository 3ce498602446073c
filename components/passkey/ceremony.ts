"use client";

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";

/** Making a passkey, or using one, as `navigator.credentials` calls it. */
export type Ceremony = "create" | "get";
/** What the server made for `navigator.credentials`, as JSON. */
export type CeremonyOptions = Record<string, unknown>;

export type CeremonyResult =
  | { outcome: "answered"; response: string }
  | { outcome: "failed"; reason: CeremonyFailure };

/** By the name of the browser's exception; most of them tell little, so as not to tell sites much. */
const EXCEPTIONS = [
  "NotAllowedError",
  "InvalidStateError",
  "NotSupportedError",
  "SecurityError",
  "AbortError",
] as const;

/** Has its words under `common.passkey`. */
export type CeremonyFailure = (typeof EXCEPTIONS)[number] | "unsupported" | "unexpected";

const reasonOf = (error: unknown): CeremonyFailure =>
  EXCEPTIONS.find((name) => error instanceof Error && error.name === name) ?? "unexpected";

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
    char.charCodeAt(0),
  );

const textOf = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

let underWay: AbortController | undefined;

/** Ends the use of a passkey that is under way: a browser has but one at a time. */
export const endCeremony = (): void => underWay?.abort();

/**
 * Uses a passkey: what sign-in pages load at once, and so without the library, whose every way to
 * explain a failure nobody would read (WebAuthn Level 3, §5.1.8 and §5.1.9).
 */
async function usePasskey(
  options: CeremonyOptions,
  mediation?: CredentialMediationRequirement,
): Promise<AuthenticationResponseJSON> {
  const asked = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  endCeremony();
  const controller = new AbortController();
  underWay = controller;
  const credential = (await navigator.credentials.get({
    mediation,
    signal: controller.signal,
    publicKey: {
      ...asked,
      challenge: bytesOf(asked.challenge),
      // Where the browser offers passkeys, it offers those that it finds by itself.
      allowCredentials: mediation
        ? []
        : asked.allowCredentials?.map(({ id, transports }) => ({
            id: bytesOf(id),
            type: "public-key",
            transports: transports as AuthenticatorTransport[],
          })),
    } as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential | null;
  if (credential === null) throw new Error("the browser gave no passkey");
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: "public-key",
    response: {
      authenticatorData: textOf(response.authenticatorData),
      clientDataJSON: textOf(response.clientDataJSON),
      signature: textOf(response.signature),
      ...(response.userHandle && { userHandle: textOf(response.userHandle) }),
    },
    clientExtensionResults: credential.getClientExtensionResults(),
    ...(credential.authenticatorAttachment && {
      authenticatorAttachment:
        credential.authenticatorAttachment as AuthenticationResponseJSON["authenticatorAttachment"],
    }),
  };
}

async function makePasskey(options: CeremonyOptions): Promise<object> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  return startRegistration({
    optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON,
  });
}

/** Lets the browser and an authenticator do their part, and tells what went wrong. */
export async function runCeremony(
  ceremony: Ceremony,
  options: CeremonyOptions,
): Promise<CeremonyResult> {
  if (!("PublicKeyCredential" in window)) return { outcome: "failed", reason: "unsupported" };
  try {
    const answer = await (ceremony === "create" ? makePasskey(options) : usePasskey(options));
    return { outcome: "answered", response: JSON.stringify(answer) };
  } catch (error) {
    return { outcome: "failed", reason: reasonOf(error) };
  }
}

/** Whether the browser offers passkeys among what it fills in. */
export const offersAutofill = async (): Promise<boolean> =>
  "PublicKeyCredential" in window &&
  "isConditionalMediationAvailable" in PublicKeyCredential &&
  (await PublicKeyCredential.isConditionalMediationAvailable());

/** Waits until somebody picks a passkey where the browser offers them, at the field for the address. */
export const awaitAutofill = async (options: CeremonyOptions): Promise<string> =>
  JSON.stringify(await usePasskey(options, "conditional"));
