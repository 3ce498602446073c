import "server-only";
import { z } from "zod";

/** An honest answer has a tenth of this. */
const TEXT_LENGTH_MAX = 16_384;
/** WebAuthn L3 §4: a credential id has at most 1023 bytes. */
const ID_LENGTH_MAX = 1_364;

const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"];

/** Base64url in its one form, so that no two texts stand for the same bytes. */
const Base64Url = z
  .string()
  .min(1)
  .max(TEXT_LENGTH_MAX)
  .refine((text) => Buffer.from(text, "base64url").toString("base64url") === text);

/**
 * What the browser says of the ceremony. One in a frame of another site is none
 * that we asked for, whichever site that is (WebAuthn L3 §13.4.2).
 */
const ClientData = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.never().optional(),
  tokenBinding: z
    .object({
      status: z.enum(["present", "supported", "not-supported", "notSupported"]),
      id: z.string().optional(),
    })
    .optional(),
});

const Envelope = z.object({
  id: Base64Url.max(ID_LENGTH_MAX),
  rawId: Base64Url,
  type: z.literal("public-key"),
});

const Assertion = Envelope.extend({
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.nullish().transform((handle) => handle ?? undefined),
  }),
});

const Attestation = Envelope.extend({
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z
      .array(z.string().max(32))
      .max(16)
      .default([])
      .transform((given) => TRANSPORTS.filter((transport) => given.includes(transport))),
  }),
});

/** The parsed answer of a browser and the challenge that it says it answers. */
type Parsed<S extends z.ZodType> = z.output<S> & { challenge: string };

function parse<S extends typeof Assertion | typeof Attestation>(
  schema: S,
  text: string,
): Parsed<S> | null {
  if (text.length > TEXT_LENGTH_MAX) return null;
  const answer = schema.safeParse(jsonOf(text));
  if (!answer.success) return null;
  const clientData = ClientData.safeParse(
    jsonOf(Buffer.from(answer.data.response.clientDataJSON, "base64url").toString("utf8")),
  );
  return clientData.success
    ? { ...(answer.data as z.output<S>), challenge: clientData.data.challenge }
    : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type AssertionAnswer = Parsed<typeof Assertion>;
export type AttestationAnswer = Parsed<typeof Attestation>;

/** What `navigator.credentials.get` answered, or null for what it cannot have. */
export const parseAssertion = (text: string): AssertionAnswer | null => parse(Assertion, text);

/** What `navigator.credentials.create` answered, or null for what it cannot have. */
export const parseAttestation = (text: string): AttestationAnswer | null =>
  parse(Attestation, text);
