import type { FactorChangeResult } from "@/lib/authn/change-factor";
import type { FormState } from "@/lib/shared/form-state";

const REFUSALS: Record<
  Extract<FactorChangeResult<unknown>, { outcome: "rejected" }>["reason"],
  string
> = {
  "last-way-in": "This is your last way in. Add another one first.",
  required: "Your organization asks for a second factor. Add another one first.",
};

export const factorRefused = (reason: keyof typeof REFUSALS): FormState => ({
  status: "error",
  message: REFUSALS[reason],
});
