import "server-only";
import { AbilityBuilder, type Ability as CaslAbility } from "@casl/ability";
import { createPrismaAbility } from "@casl/prisma/runtime";
import { Condition } from "@/lib/authz/condition.schema";
import type { GrantRow } from "@/lib/authz/grants-store";
import { OWNER_FIELD } from "@/lib/authz/resource-types";
import type { Principal } from "@/lib/shared/principal";

/** In our abilities the action is the permission's key and the subject its resource type. */
export type Ability = CaslAbility<[string, string | object]>;

/**
 * Compiles grants to the one evaluator (D7), so that a check, a list query and
 * a hidden button cannot disagree. A condition that this version cannot read,
 * or that does not fit the resource type, grants nothing (FLT-26).
 */
export function compileAbility(principal: Pick<Principal, "userId">, grants: GrantRow[]): Ability {
  const builder = new AbilityBuilder<Ability>(createPrismaAbility as never);
  for (const grant of grants) {
    if (grant.condition === null) {
      builder.can(grant.permissionKey, grant.resourceType);
      continue;
    }
    const condition = Condition.safeParse(grant.condition);
    const ownerField = OWNER_FIELD[grant.resourceType];
    if (!condition.success || ownerField === undefined) continue;
    builder.can(grant.permissionKey, grant.resourceType, {
      [ownerField]: principal.userId,
    } as never);
  }
  return builder.build();
}
