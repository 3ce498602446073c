"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { LIST_PATH } from "@/app/admin/clients/address";
import { retryLogoutDelivery } from "@/lib/oidc/logout-deliveries";
import type { FormState } from "@/lib/shared/form-state";

const RetryForm = z.object({ clientId: z.string().min(1).max(2_000), deliveryId: z.uuid() });

export async function retryLogoutAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RetryForm, async (caller, { clientId, deliveryId }) => {
    const { outcome } = await retryLogoutDelivery(caller, clientId, deliveryId);
    revalidatePath(LIST_PATH, "layout");
    const t = await getTranslations("admin-clients.logouts");
    return outcome === "queued"
      ? { status: "success", message: t("queued") }
      : { status: "error", message: t("arrived") };
  });
}
