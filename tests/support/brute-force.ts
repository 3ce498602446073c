import { evaluate } from "@/lib/authz/evaluate";
import type { Facts } from "@/lib/authz/facts";
import type { HeldDifference } from "@/lib/authz/impact/held-form";
import { readRulesOf } from "@/lib/authz/load-rules";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

// Who may do what, the long way: every person and service account, in every organization of theirs,
// every permission, every kind of record, asked of the one evaluation.

export const KEYS = ["view_invoice", "update_invoice", "view_users"] as const;

/** Own or not, small or not; of users there is no amount. */
const recordsOf = (id: string, key: string) =>
  key === "view_users"
    ? [{ id }, { id: newId() }]
    : [id, newId()].flatMap((ownerId) =>
        [50, 500].map((amount) => ({ id: newId(), ownerId, amount })),
      );

/** By `holder organization key`: which of the kinds of records is reached. */
export type Reached = Map<string, boolean[]>;

interface Holder {
  kind: "user" | "service";
  id: string;
  email: string;
  organizationId: string;
}

/** Whoever is disabled, or belongs nowhere, is not among them, and reaches nothing. */
async function listHolders(userIds: string[], clientIds: string[]): Promise<Holder[]> {
  const members = await prisma().membership.findMany({
    where: { userId: { in: userIds }, user: { status: { not: "disabled" } } },
    include: { user: { select: { email: true } } },
  });
  const accounts = await prisma().serviceAccount.findMany({
    where: { clientId: { in: clientIds } },
  });
  return [
    ...members.map(({ userId, organizationId, user }) => ({
      kind: "user" as const,
      id: userId,
      email: user.email,
      organizationId,
    })),
    ...accounts.map(({ clientId, organizationId }) => ({
      kind: "service" as const,
      id: clientId,
      email: "",
      organizationId,
    })),
  ];
}

export async function reachedBy(userIds: string[], clientIds: string[] = []): Promise<Reached> {
  const reached: Reached = new Map();
  for (const { kind, id, email, organizationId } of await listHolders(userIds, clientIds)) {
    const means = kind === "user" ? "session" : "service";
    const loaded = await readRulesOf({ means, userId: id, organizationId });
    const facts: Facts = {
      principal: { kind, id, organizationId, email, ...loaded.held },
      context: {
        at: "2026-11-04T10:00:00.000Z",
        ip: "192.0.2.1",
        means,
        acr: "urn:gatehouse:aal1",
        authTime: "2026-11-04T10:00:00.000Z",
      },
    };
    for (const key of KEYS) {
      const resourceType = key === "view_users" ? "User" : "Invoice";
      const rules = loaded.rules.get(key) ?? [];
      const judged = recordsOf(id, key).map(
        (resource) =>
          evaluate({ permissionKey: key, resourceType, facts, rules, resource }).allowed,
      );
      reached.set(`${id} ${organizationId} ${key}`, judged);
    }
  }
  return reached;
}

const contains = (a: boolean[], b: boolean[]) => b.every((yes, index) => !yes || a[index]);

/** What differs, by the same names; who is in only one of them reaches nothing in the other. */
export function differences(before: Reached, after: Reached): Record<string, HeldDifference> {
  const found: Record<string, HeldDifference> = {};
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    const [had, has] = [before.get(place) ?? [], after.get(place) ?? []];
    const [could, can] = [had.includes(true), has.includes(true)];
    if (!(could || can) || had.join() === has.join()) continue;
    if (!could) found[place] = "gained";
    else if (!can) found[place] = "lost";
    else if (contains(has, had)) found[place] = "wider";
    else found[place] = contains(had, has) ? "narrower" : "otherwise";
  }
  return found;
}
