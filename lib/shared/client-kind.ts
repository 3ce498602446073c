export const CLIENT_KINDS = ["web", "single_page", "native", "service"] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** Whether a client of this kind can keep a secret or a private key (RFC 6749 §2.1). */
export const keepsSecret = (kind: ClientKind): boolean => kind === "web" || kind === "service";
