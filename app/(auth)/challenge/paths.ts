import type { FactorKind } from "@/lib/shared/factor";

/** The page that asks for a factor, or that chooses the best one. */
export function challengePath(
  factor: FactorKind | null,
  isStepUp: boolean,
  returnTo: string | undefined,
  needsBoundKey = false,
): string {
  const query = new URLSearchParams({
    ...(isStepUp && { for: "step-up" }),
    ...(isStepUp && returnTo && { returnTo }),
    ...(isStepUp && needsBoundKey && { level: "3" }),
  }).toString();
  return `/challenge${factor === null ? "" : `/${factor}`}${query && `?${query}`}`;
}
