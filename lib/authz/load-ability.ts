import "server-only";
import { type Ability, compileAbility } from "@/lib/authz/ability";
import { type GrantRow, listGrants, listServiceGrants } from "@/lib/authz/grants-store";
import { processSingleton } from "@/lib/platform/process-singleton";
import type { Principal } from "@/lib/shared/principal";

/** Abilities of this many principals are kept; the oldest goes first. */
const CACHE_SIZE_MAX = 5_000;

interface Compiled {
  grantsVersion: string;
  /** The first instant at which a grant in it expires, in milliseconds. */
  validUntilMs: number;
  ability: Ability;
  grants: GrantRow[];
}

const cache = () => processSingleton("abilities", () => new Map<string, Compiled>());

/**
 * What the principal may do now. The cache needs no invalidation: its key holds
 * the version that the session query has just read, so a change of roles bites
 * on the very next request of every instance (D5).
 */
export async function loadAbility(principal: Principal, now: Date = new Date()): Promise<Compiled> {
  const { means, userId, organizationId } = principal;
  const key = `${means === "service" ? "service" : "user"}:${userId}:${organizationId}`;
  const known = cache().get(key);
  if (known?.grantsVersion === principal.grantsVersion && now.getTime() < known.validUntilMs) {
    return known;
  }
  const grants = await (means === "service"
    ? listServiceGrants(userId, organizationId)
    : listGrants(userId, organizationId));
  const expiries = grants.flatMap((grant) => (grant.expiresAt ? [grant.expiresAt.getTime()] : []));
  const compiled: Compiled = {
    grantsVersion: principal.grantsVersion,
    validUntilMs: Math.min(Number.POSITIVE_INFINITY, ...expiries),
    ability: compileAbility(principal, grants),
    grants,
  };
  cache().delete(key);
  cache().set(key, compiled);
  const oldest = cache().size > CACHE_SIZE_MAX ? cache().keys().next().value : undefined;
  if (oldest !== undefined) cache().delete(oldest);
  return compiled;
}
