import "server-only";

/** Why a sign-in is unusual. What is said of each to people stands in `app`. */
export const RISK_REASONS = ["new-device", "new-network", "many-failures"] as const;
export type RiskReason = (typeof RISK_REASONS)[number];

/** `elevated` asks for more than a password; `high` does so and lets no device be trusted. */
export type Risk = "low" | "elevated" | "high";

/**
 * What the reasons come to. One alone is everyday: people buy telephones and
 * travel. Many failures before a browser that nobody knows are a guess that
 * came right.
 */
export function riskOf(reasons: readonly RiskReason[]): Risk {
  if (!reasons.includes("new-device")) return "low";
  if (reasons.includes("many-failures")) return "high";
  return reasons.includes("new-network") ? "elevated" : "low";
}
