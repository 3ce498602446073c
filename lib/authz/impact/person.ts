import "server-only";
import { givenRoles, type Structure } from "@/lib/authz/impact/structure";

/**
 * What distinguishes one person from another for what they may do, apart from who they are, as parts
 * of text: many people have the same. `m:place`, `r:role:place` (`*` is everywhere), `t:team`, and
 * of those that a condition names `u:id` and `d:domain`; `s:id` is a service account.
 */
export type Parts = readonly string[];

/** Somebody in one organization, with what they have there by whatever path. */
export interface PlacedPerson {
  kind: "user" | "service";
  organizationId: string;
  /** Of those whom a condition names; null for anybody else. */
  id: string | null;
  /** The same of the part after the @ of their address. */
  domain: string | null;
  roleIds: ReadonlySet<string>;
  teamIds: ReadonlySet<string>;
}

const after = (parts: Parts, prefix: string): string[] =>
  parts.flatMap((part) => (part.startsWith(prefix) ? [part.slice(prefix.length)] : []));

/** The person in every organization that they belong to. */
export function placesOf(parts: Parts, structure: Structure): PlacedPerson[] {
  const serviceId = after(parts, "s:")[0];
  const held = after(parts, "r:").map((text) => text.split(":") as [string, string]);
  const memberOf = after(parts, "t:");
  return after(parts, "m:").map((organizationId) => {
    const teams = memberOf.flatMap((id) => {
      const team = structure.teams.get(id);
      return team?.organizationId === organizationId ? [team] : [];
    });
    const teamIds = new Set(teams.flatMap(({ above }) => above));
    const given = [
      ...held.flatMap(([roleId, place]) =>
        place === "*" || place === organizationId ? [roleId] : [],
      ),
      ...[...teamIds].flatMap((id) => structure.teams.get(id)?.roles ?? []),
    ].filter((id) => {
      const place = structure.roles.get(id)?.organizationId;
      return place === null || place === organizationId;
    });
    return {
      kind: serviceId === undefined ? "user" : "service",
      organizationId,
      id: serviceId ?? after(parts, "u:")[0] ?? null,
      domain: after(parts, "d:")[0] ?? null,
      roleIds: new Set(given.flatMap((id) => givenRoles(structure, id))),
      teamIds,
    };
  });
}
