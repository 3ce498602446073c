import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { CompactEncrypt, exportJWK, importJWK, type JWK } from "jose";

type Json = Record<string, unknown>;

/** A token as it should be, and the keys around it. */
export interface Genuine {
  token: string;
  /** The public part of the key that signed it, with alg and kid. */
  key: JWK;
}

export interface Forgery {
  name: string;
  token: string;
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const decode = (part: string): Json =>
  JSON.parse(Buffer.from(part, "base64url").toString()) as Json;

const hmac = (hash: string, secret: string | Buffer, input: string): string =>
  createHmac(hash, secret).update(input).digest("base64url");

const HASHES: Record<string, string> = { HS256: "sha256", HS384: "sha384", HS512: "sha512" };

const publicOf = ({ kty, crv, x, y, n, e }: JWK): JWK =>
  Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  ) as JWK;

/**
 * At least forty ways to present a signed token that its issuer never wrote (ATK-22, RFC 8725):
 * nobody who verifies signatures may take one of them, whatever the token is for.
 */
export async function forgeriesOf({ token, key }: Genuine): Promise<Forgery[]> {
  const [headerPart = "", payloadPart = "", signature = ""] = token.split(".");
  const header = decode(headerPart);
  const payload = decode(payloadPart);
  const publicJwk = publicOf(key);
  const publicKey = createPublicKey({ key: publicJwk, format: "jwk" });
  const pem = publicKey.export({ format: "pem", type: "spki" });
  const der = publicKey.export({ format: "der", type: "spki" });
  const attacker = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const attackerRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const attackerJwk = await exportJWK(attacker.publicKey);

  const unsigned = (changes: Json, mark = "") =>
    `${encode({ ...header, ...changes })}.${payloadPart}.${mark}`;
  const withSecret = (alg: string, secret: string | Buffer, changes: Json = {}) => {
    const input = `${encode({ ...header, alg, ...changes })}.${payloadPart}`;
    return `${input}.${hmac(HASHES[alg] ?? "sha256", secret, input)}`;
  };
  const byAttacker = (changes: Json, own: KeyObject = attacker.privateKey, body = payloadPart) => {
    const input = `${encode({ ...header, ...changes })}.${body}`;
    const how = { key: own, dsaEncoding: "ieee-p1363" } as const;
    return `${input}.${sign("sha256", Buffer.from(input), how).toString("base64url")}`;
  };
  const flipped = Buffer.from(signature, "base64url");
  flipped[5] = (flipped[5] ?? 0) ^ 1;
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString("base64url");
  const altered = (changes: Json) =>
    `${headerPart}.${encode({ ...payload, ...changes })}.${signature}`;
  const encrypted = await new CompactEncrypt(Buffer.from(token))
    .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A128GCM", cty: "JWT" })
    .encrypt(await importJWK({ ...(await exportJWK(attackerRsa.publicKey)), alg: "RSA-OAEP-256" }));

  const all: [string, string][] = [
    ["alg none", unsigned({ alg: "none" })],
    ["alg None", unsigned({ alg: "None" })],
    ["alg NONE", unsigned({ alg: "NONE" })],
    ["alg nOnE", unsigned({ alg: "nOnE" })],
    ["alg none with the old signature", unsigned({ alg: "none" }, signature)],
    ["no alg", unsigned({ alg: undefined }, signature)],
    ["an empty alg", unsigned({ alg: "" }, signature)],
    ["alg null", unsigned({ alg: null }, signature)],
    ["alg as a list", unsigned({ alg: ["none"] }, signature)],
    ["HS256 by the public key as PEM", withSecret("HS256", pem)],
    [
      "HS256 by the public key as PEM without its last line break",
      withSecret("HS256", pem.toString().trim()),
    ],
    ["HS256 by the public key as DER", withSecret("HS256", der)],
    ["HS256 by the public key as JWK", withSecret("HS256", JSON.stringify(publicJwk))],
    ["HS384 by the public key", withSecret("HS384", pem)],
    ["HS512 by the public key", withSecret("HS512", pem)],
    ["HS256 by an empty secret", withSecret("HS256", "")],
    ["HS256 by the key's id", withSecret("HS256", String(header["kid"]))],
    ["HS256 by a file that is empty", withSecret("HS256", "", { kid: "../../../../dev/null" })],
    ["HS256 by a key out of a query", withSecret("HS256", "x", { kid: "x' UNION SELECT 'x' --" })],
    ...["ES256", "ES384", "RS256", "PS256", "EdDSA"]
      .filter((alg) => alg !== header["alg"])
      .map((alg): [string, string] => [
        `${alg} over a signature of another`,
        unsigned({ alg }, signature),
      ]),
    ["a stranger's key under our id", byAttacker({})],
    ["a stranger's key under its own id", byAttacker({ kid: "theirs" })],
    ["a stranger's key without an id", byAttacker({ kid: undefined })],
    ["a stranger's RSA key", byAttacker({ alg: "RS256" }, attackerRsa.privateKey)],
    ["the key in jwk", byAttacker({ jwk: attackerJwk })],
    ["the key in jwk, without an id", byAttacker({ jwk: attackerJwk, kid: undefined })],
    ["the key at jku", byAttacker({ jku: "https://evil.example/jwks" })],
    ["the key at x5u", byAttacker({ x5u: "https://evil.example/cert" })],
    [
      "the key in x5c",
      byAttacker({
        x5c: [attacker.publicKey.export({ format: "der", type: "spki" }).toString("base64")],
      }),
    ],
    ["an id that leaves its folder", byAttacker({ kid: "../../etc/passwd" })],
    ["an id of the prototype", byAttacker({ kid: "__proto__" })],
    ["an id that is no text", byAttacker({ kid: { $ne: null } })],
    ["a signature of zeros", unsigned({}, zeros(64))],
    ["a signature of zeros in DER", unsigned({}, "MAYCAQACAQA")],
    ["no signature", unsigned({})],
    ["half a signature", `${headerPart}.${payloadPart}.${signature.slice(0, 40)}`],
    ["one bit changed", `${headerPart}.${payloadPart}.${flipped.toString("base64url")}`],
    ["a longer signature", `${headerPart}.${payloadPart}.${signature}AAAA`],
    ["another subject under the old signature", altered({ sub: "somebody-else" })],
    ["a later end under the old signature", altered({ exp: 4_102_444_800 })],
    ["everything allowed under the old signature", altered({ scope: "api:read api:write admin" })],
    ["a critical extension", byAttacker({ crit: ["exp"] })],
    ["an unencoded payload", byAttacker({ crit: ["b64"], b64: false })],
    ["two parts", `${headerPart}.${payloadPart}`],
    ["four parts", `${token}.${signature}`],
    ["a header of nothing", `.${payloadPart}.${signature}`],
    ["a payload of nothing", `${headerPart}..${signature}`],
    ["a header that is no JSON", `${encode("{")}.${payloadPart}.${signature}`],
    ["a payload that is a list", `${headerPart}.${encode([payload])}.${signature}`],
    ["a payload that is null", `${headerPart}.${encode("null")}.${signature}`],
    [
      "a header in which alg stands twice",
      `${encode(JSON.stringify(header).replace("{", '{"alg":"none",'))}.${payloadPart}.`,
    ],
    ["the token within an encryption", encrypted],
    [
      "the general JSON form",
      JSON.stringify({ payload: payloadPart, signatures: [{ protected: headerPart, signature }] }),
    ],
  ];
  return all.map(([name, forged]) => ({ name, token: forged }));
}
