import "server-only";
import { residueOf } from "@/lib/authz/ability";
import { standingOf } from "@/lib/authz/ask-within";
import type { Facts } from "@/lib/authz/facts";
import { readRulesWithin } from "@/lib/authz/load-rules";
import type { Rule } from "@/lib/authz/rule";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";

/**
 * The permissions that a user has in the caller's organization and of which a policy there denies the
 * caller some records, or hides fields from them, by who they are, and not as much from the user:
 * whoever acted as the user would get past it. Asked of both as of one request, and of records of
 * their own alike, as it is of what roles give (ATK-42).
 */
export async function listEvadedDenials(
  caller: Caller,
  user: Pick<Principal, "userId" | "email">,
  tx: Db,
): Promise<string[]> {
  const { organizationId } = caller.principal;
  const own = (await standingOf(caller, tx)).facts;
  const theirs = await readRulesWithin({ means: "session", organizationId, ...user }, tx);
  const facts: Facts = {
    principal: {
      kind: "user",
      id: user.userId,
      organizationId,
      email: user.email,
      ...theirs.held,
    },
    context: own.context,
  };
  const isEvaded = (rule: Rule, type: string): boolean => {
    const [mine, other] = [residueOf(rule, own, type), residueOf(rule, facts, type)];
    return mine !== false && other !== true && formOf(mine, own) !== formOf(other, facts);
  };
  return [...theirs.rules]
    .filter(([key, rules]) => {
      const type = theirs.types.get(key);
      const isGiven = rules.some(({ effect }) => effect === "allow");
      if (type === undefined || !isGiven) return false;
      return rules.some((rule) => rule.effect === "deny" && isEvaded(rule, type));
    })
    .map(([key]) => key)
    .sort();
}

const formOf = (residue: ReturnType<typeof residueOf>, { principal }: Facts): string =>
  JSON.stringify(residue).replaceAll(principal.id, "self");
