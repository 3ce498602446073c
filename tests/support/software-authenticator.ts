import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { type Cbor, encodeCbor } from "@/tests/support/cbor";

const ES256 = -7;

/** The bits of WebAuthn L3 §6.1. */
export const FLAGS = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 };

export interface SoftwarePasskey {
  id: Buffer;
  privateKey: KeyObject;
  publicKey: KeyObject;
  userHandle: string | undefined;
  counter: number;
}

/** Everything that can be made otherwise than an honest browser and authenticator would. */
export interface Tampering {
  clientData?: Record<string, unknown>;
  /** Instead of the JSON of the client data. */
  clientDataText?: string;
  rpId?: string;
  /** Instead of present and verified. */
  flags?: number;
  counter?: number;
  userHandle?: string | undefined;
  privateKey?: KeyObject;
  algorithm?: number;
  cose?: Map<Cbor, Cbor>;
  format?: string;
  statement?: Map<Cbor, Cbor>;
  /** The last word on the signed bytes, before they are signed. */
  authData?: (authData: Buffer) => Buffer;
  /** The same after they are signed. */
  sentAuthData?: (authData: Buffer) => Buffer;
  signature?: (signature: Buffer) => Buffer;
  attestationObject?: (bytes: Buffer) => Buffer;
  /** The last word on the answer itself. */
  answer?: (answer: Answer) => unknown;
}

/** An answer as `@simplewebauthn/browser` sends it. */
export interface Answer {
  id: string;
  rawId: string;
  type: string;
  response: Record<string, unknown>;
  clientExtensionResults: object;
}

export interface Site {
  origin: string;
  rpId: string;
}

interface CreationOptions {
  challenge: string;
  user: { id: string };
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

function uint(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** RFC 9052 §7 and RFC 9053 §7.1.1: a point of P-256. */
export function coseKeyOf(publicKey: KeyObject, algorithm = ES256): Map<Cbor, Cbor> {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  return new Map<Cbor, Cbor>([
    [1, 2],
    [3, algorithm],
    [-1, 1],
    [-2, Buffer.from(x, "base64url")],
    [-3, Buffer.from(y, "base64url")],
  ]);
}

/** A passkey of nobody yet. */
export function newSoftwarePasskey(userHandle?: string): SoftwarePasskey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { id: randomBytes(24), privateKey, publicKey, userHandle, counter: 0 };
}

function clientDataOf(type: string, challenge: string, site: Site, tampering: Tampering): Buffer {
  const data = { type, challenge, origin: site.origin, crossOrigin: false };
  return Buffer.from(
    tampering.clientDataText ?? JSON.stringify({ ...data, ...tampering.clientData }),
  );
}

function authDataOf(site: Site, flags: number, counter: number, tampering: Tampering): Buffer {
  return Buffer.concat([
    sha256(tampering.rpId ?? site.rpId),
    Buffer.from([tampering.flags ?? flags]),
    uint(tampering.counter ?? counter, 4),
  ]);
}

/** What `navigator.credentials.create` gives, as text; the passkey is kept in `passkey`. */
export function createPasskey(
  options: CreationOptions,
  site: Site,
  tampering: Tampering = {},
  passkey: SoftwarePasskey = newSoftwarePasskey(options.user.id),
): string {
  const clientData = clientDataOf("webauthn.create", options.challenge, site, tampering);
  const key = tampering.cose ?? coseKeyOf(passkey.publicKey, tampering.algorithm);
  const flags = FLAGS.up | FLAGS.uv | FLAGS.at;
  const untouched = Buffer.concat([
    authDataOf(site, flags, passkey.counter, tampering),
    Buffer.alloc(16),
    uint(passkey.id.length, 2),
    passkey.id,
    encodeCbor(key),
  ]);
  const authData = tampering.authData?.(untouched) ?? untouched;
  const attestation = encodeCbor(
    new Map<Cbor, Cbor>([
      ["fmt", tampering.format ?? "none"],
      ["attStmt", tampering.statement ?? new Map<Cbor, Cbor>()],
      ["authData", authData],
    ]),
  );
  const answer: Answer = {
    id: base64url(passkey.id),
    rawId: base64url(passkey.id),
    type: "public-key",
    response: {
      clientDataJSON: base64url(clientData),
      attestationObject: base64url(tampering.attestationObject?.(attestation) ?? attestation),
      transports: ["internal"],
    },
    clientExtensionResults: {},
  };
  return JSON.stringify(tampering.answer?.(answer) ?? answer);
}

/** What `navigator.credentials.get` gives, as text. Each use counts. */
export function usePasskey(
  { challenge }: { challenge: string },
  site: Site,
  passkey: SoftwarePasskey,
  tampering: Tampering = {},
): string {
  passkey.counter += 1;
  const clientData = clientDataOf("webauthn.get", challenge, site, tampering);
  const untouched = authDataOf(site, FLAGS.up | FLAGS.uv, passkey.counter, tampering);
  const authData = tampering.authData?.(untouched) ?? untouched;
  const signed = Buffer.concat([authData, sha256(clientData)]);
  const signature = sign("sha256", signed, tampering.privateKey ?? passkey.privateKey);
  const { id } = passkey;
  const answer: Answer = {
    id: base64url(id),
    rawId: base64url(id),
    type: "public-key",
    response: {
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(tampering.sentAuthData?.(authData) ?? authData),
      signature: base64url(tampering.signature?.(signature) ?? signature),
      userHandle: "userHandle" in tampering ? tampering.userHandle : passkey.userHandle,
    },
    clientExtensionResults: {},
  };
  return JSON.stringify(tampering.answer?.(answer) ?? answer);
}
