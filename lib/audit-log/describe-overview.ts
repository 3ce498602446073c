import "server-only";
import { readFromReplica } from "@/lib/audit/read-from-replica";
import { RANGES, type Range } from "@/lib/audit-log/overview.schema";
import {
  COUNTED,
  type Counted,
  countLockedAttempts,
  countMethods,
  countOverTime,
} from "@/lib/audit-log/overview-store";
import { readsWithin } from "@/lib/audit-log/reads-within";
import type { Caller } from "@/lib/shared/caller";

export interface Series {
  /** When each step begins. */
  at: Date[];
  counts: Record<Counted, number[]>;
}

export interface Overview {
  from: Date;
  until: Date;
  stepSeconds: number;
  series: Series;
  totals: Record<Counted, number>;
  lockedAttempts: number;
  methods: { method: string; count: number }[];
  /** False for whoever reads of one organization: who failed to sign in was in none yet. */
  everywhere: boolean;
}

/** The begin of the step after this moment, so that steps are the same for everybody who looks. */
function nextStep(now: Date, stepSeconds: number): Date {
  const step = stepSeconds * 1000;
  return new Date((Math.floor(now.getTime() / step) + 1) * step);
}

/**
 * What went on in a period, counted from the audit log at each call: no figure has a table of its
 * own that could say something else (F105).
 */
export async function describeOverview(
  caller: Caller,
  range: Range,
  now = new Date(),
): Promise<Overview> {
  const organizationId = await readsWithin(caller);
  const { seconds, stepSeconds } = RANGES[range];
  const until = nextStep(now, stepSeconds);
  const from = new Date(until.getTime() - seconds * 1000);
  const period = { from, until };
  const [rows, lockedAttempts, methods] = await Promise.all([
    readFromReplica(caller, (db) => countOverTime(period, stepSeconds, organizationId, db)),
    readFromReplica(caller, (db) => countLockedAttempts(period, organizationId, db)),
    readFromReplica(caller, (db) => countMethods(period, organizationId, db)),
  ]);
  const at = Array.from(
    { length: seconds / stepSeconds },
    (_, index) => new Date(from.getTime() + index * stepSeconds * 1000),
  );
  const countOf = new Map(rows.map((row) => [`${row.action} ${row.at.getTime()}`, row.count]));
  const countsOf = (name: Counted) =>
    at.map((begin) => countOf.get(`${COUNTED[name]} ${begin.getTime()}`) ?? 0);
  const counts = {
    signIns: countsOf("signIns"),
    failures: countsOf("failures"),
    refusals: countsOf("refusals"),
  };
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  const totals = {
    signIns: total(counts.signIns),
    failures: total(counts.failures),
    refusals: total(counts.refusals),
  };
  const everywhere = organizationId === null;
  return {
    from,
    until,
    stepSeconds,
    series: { at, counts },
    totals,
    lockedAttempts,
    methods,
    everywhere,
  };
}
