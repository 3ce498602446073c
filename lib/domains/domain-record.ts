import "server-only";
import type { TxtAnswer, TxtResolver } from "@/lib/domains/txt-resolver";

export type RecordFailure = "no-record" | "other-record" | "unreachable";

/** What proves a domain: this text as a TXT record of this name. */
export interface ProofRecord {
  name: string;
  value: string;
}

export const recordOf = ({ domain, token }: { domain: string; token: string }): ProofRecord => ({
  name: `_gatehouse.${domain}`,
  value: `gatehouse-verification=${token}`,
});

/** Null when the record is there. Others may stand beside it: a name can be asked for by several. */
export async function findFailure(
  domain: { domain: string; token: string },
  resolver: TxtResolver,
): Promise<RecordFailure | null> {
  const { name, value } = recordOf(domain);
  return failureIn(await resolver.txt(name), value);
}

function failureIn(answer: TxtAnswer, value: string): RecordFailure | null {
  if (answer.outcome === "unreachable") return "unreachable";
  if (answer.outcome === "none" || answer.records.length === 0) return "no-record";
  return answer.records.some((text) => text.trim() === value) ? null : "other-record";
}
