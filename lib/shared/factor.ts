/** What a user can prove themselves with. One removable folder of `lib/credentials` each. */
export const FACTOR_KINDS = [
  "passkey",
  "password",
  "email-code",
  "totp",
  "sms-code",
  "recovery-code",
] as const;

export type FactorKind = (typeof FACTOR_KINDS)[number];

export const isFactorKind = (text: unknown): text is FactorKind =>
  FACTOR_KINDS.some((kind) => kind === text);

/**
 * One passed factor of a flow. `+uv`: the authenticator verified its user, by a
 * fingerprint or a PIN; `+bound`: and the key cannot leave it. `federation` is an
 * identity provider's word.
 */
export type Proof = FactorKind | "passkey+uv" | "passkey+bound" | "federation";
