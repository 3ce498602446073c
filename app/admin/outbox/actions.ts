"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { OUTBOX_PATH } from "@/app/admin/outbox/address";
import { EveryMessageForm, MessageForm } from "@/app/admin/outbox/forms.schema";
import {
  discardMessage,
  type MessageRefusal,
  retryEveryFailed,
  retryMessage,
} from "@/lib/outbox/manage-messages";
import { type FormState, formError } from "@/lib/shared/form-state";

function done(message: string): FormState {
  revalidatePath(OUTBOX_PATH);
  return { status: "success", message };
}

/** Why a message in this state is not tried again or discarded. */
async function refusalState(refusal: MessageRefusal): Promise<FormState> {
  const t = await getTranslations("admin-outbox");
  return formError(refusal.outcome === "not-found" ? t("gone") : t(`reasons.${refusal.state}`));
}

export async function retryMessageAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, MessageForm, async (caller, { id }) => {
    const result = await retryMessage(caller, id);
    if (result.outcome !== "retried") return refusalState(result);
    return done((await getTranslations("admin-outbox"))("retried"));
  });
}

export async function retryFailedAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, EveryMessageForm, async (caller) => {
    const count = await retryEveryFailed(caller);
    const t = await getTranslations("admin-outbox");
    return done(count === 0 ? t("noneFailed") : t("allRetried", { count }));
  });
}

export async function discardMessageAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, MessageForm, async (caller, { id }) => {
    const result = await discardMessage(caller, id);
    if (result.outcome !== "discarded") return refusalState(result);
    return done((await getTranslations("admin-outbox"))("discarded"));
  });
}
