import type { TxtAnswer, TxtResolver } from "@/lib/domains/txt-resolver";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

/** A domain that its organization has verified just now, written past every rule. Idempotent. */
export async function aVerifiedDomain(
  domain: string,
  organizationId: string,
  { autoJoin = false } = {},
): Promise<string> {
  const now = new Date();
  const state = { verifiedAt: now, lastCheckedAt: now, autoJoin };
  const { id } = await prisma().organizationDomain.upsert({
    where: { organizationId_domain: { organizationId, domain } },
    create: { id: newId(), organizationId, domain, token: newId(), ...state },
    update: state,
  });
  return id;
}

/** A DNS of its own: names and what they answer; all others have no record. */
export function aResolver(answers: Record<string, TxtAnswer | string[]> = {}) {
  const asked: string[] = [];
  const resolver: TxtResolver & { asked: string[]; answers: typeof answers } = {
    asked,
    answers,
    async txt(name) {
      asked.push(name);
      const answer = answers[name] ?? { outcome: "none" as const };
      return Array.isArray(answer) ? { outcome: "found", records: answer } : answer;
    },
  };
  return resolver;
}
