import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { ACCOUNT_BUDGET } from "@/lib/authn/attempt-limits";
import { type RiskReason, riskOf } from "@/lib/authn/risk";
import { findSignInHistory } from "@/lib/authn/risk-store";
import { neighbourhoodOf } from "@/lib/platform/http/client-address";
import { countUses } from "@/lib/platform/rate-limit/limiter";
import type { RequestFacts } from "@/lib/shared/caller";

/** Failures in a row of an account that its owner alone seldom has. */
const MANY_FAILURES = 10;

/**
 * Why the sign-in of this user is unusual, judged once, when its first factor was
 * given (F121). Nothing is on a known device, on the first of all, and where
 * every organization of the user has it switched off. What asks for more is on record.
 */
export async function findRisk(
  user: { id: string; email: string },
  deviceId: string | null,
  request: RequestFacts,
): Promise<RiskReason[]> {
  if (deviceId !== null) return [];
  const { isChecked, hasDevices, addresses } = await findSignInHistory(user.id);
  if (!isChecked || !hasDevices) return [];
  const here = neighbourhoodOf(request.ip);
  const [failures] = await countUses([ACCOUNT_BUDGET.failures, user.email]);
  const reasons: RiskReason[] = [
    "new-device",
    ...(addresses.some((ip) => neighbourhoodOf(ip) === here) ? [] : (["new-network"] as const)),
    ...(failures >= MANY_FAILURES ? (["many-failures"] as const) : []),
  ];
  const risk = riskOf(reasons);
  if (risk === "low") return [];
  await recordStandaloneEvent(
    {
      action: "session.questioned",
      outcome: "success",
      actor: { type: "anonymous" },
      target: { type: "user", id: user.id },
      reason: reasons.join(", "),
      after: { risk, reasons },
    },
    request,
  );
  return reasons;
}
