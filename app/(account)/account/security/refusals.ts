import { getTranslations } from "@/app/_locale/translations";
import type { FactorChangeResult } from "@/lib/authn/change-factor";
import { type FormState, formError } from "@/lib/shared/form-state";

type Refusal = Extract<FactorChangeResult<unknown>, { outcome: "rejected" }>["reason"];

export const factorRefused = async (reason: Refusal): Promise<FormState> =>
  formError((await getTranslations("account-security.refusals"))(reason));
