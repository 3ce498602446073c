import "server-only";

/**
 * What a provider says of an address: null only where it says nothing. An answer that
 * we do not understand, such as the text "false", is no silence, for which the
 * domains of a connection would answer (ATK-15).
 */
export const verifiedClaimOf = (claim: unknown): boolean | null =>
  claim === undefined ? null : claim === true;
