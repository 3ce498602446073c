"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { WEBHOOKS_PATH } from "@/app/admin/webhooks/address";
import {
  ChangeWebhookForm,
  NewWebhookForm,
  RedeliverForm,
  RedeliverGivenUpForm,
  WebhookForm,
} from "@/app/admin/webhooks/forms.schema";
import { refusalState } from "@/app/admin/webhooks/refusals";
import type { FormState } from "@/lib/shared/form-state";
import {
  type Queueing,
  redeliver,
  redeliverGivenUp,
  sendTestMessage,
} from "@/lib/webhooks/deliveries";
import {
  changeWebhook,
  createWebhook,
  removeWebhook,
  rotateWebhookSecret,
  type WebhookUpdate,
} from "@/lib/webhooks/manage-endpoints";

function done(message: string, reveal?: string[]): FormState {
  revalidatePath(WEBHOOKS_PATH, "layout");
  return { status: "success", message, ...(reveal && { reveal }) };
}

async function changed(result: WebhookUpdate, said: "saved" | "on" | "off"): Promise<FormState> {
  if (result.outcome !== "changed") return refusalState(result);
  const t = await getTranslations("admin-webhooks.done");
  return done(t(said, { name: result.webhook.name }));
}

async function queued(
  result: Queueing,
  said: "test" | "again" | "allAgain",
  gone?: "messageGone",
): Promise<FormState> {
  if (result.outcome !== "queued") return refusalState(result, gone);
  const t = await getTranslations("admin-webhooks.done");
  return done(t(said, { count: result.count }));
}

export async function createWebhookAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, NewWebhookForm, async (caller, { scope, ...settings }) => {
    const result = await createWebhook(caller, settings, scope);
    if (result.outcome !== "created") return refusalState(result);
    const { webhook, secret } = result;
    const t = await getTranslations("admin-webhooks.done");
    return done(t("added", { name: webhook.name }), [secret, webhook.id]);
  });
}

export async function changeWebhookAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ChangeWebhookForm, async (caller, { id, ...settings }) =>
    changed(await changeWebhook(caller, id, settings), "saved"),
  );
}

export async function switchWebhookOnAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, WebhookForm, async (caller, { id }) =>
    changed(await changeWebhook(caller, id, { enabled: true }), "on"),
  );
}

export async function switchWebhookOffAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, WebhookForm, async (caller, { id }) =>
    changed(await changeWebhook(caller, id, { enabled: false }), "off"),
  );
}

export async function rotateSecretAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, WebhookForm, async (caller, { id }) => {
    const result = await rotateWebhookSecret(caller, id);
    if (result.outcome !== "rotated") return refusalState(result);
    const t = await getTranslations("admin-webhooks.done");
    return done(t("replaced"), [result.secret]);
  });
}

export async function removeWebhookAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, WebhookForm, async (caller, { id }) => {
    const result = await removeWebhook(caller, id);
    if (result.outcome !== "removed") return refusalState(result);
    revalidatePath(WEBHOOKS_PATH, "layout");
    await leaveFlash({ event: "webhook.removed", id, label: result.name.slice(0, 50) });
    redirect(WEBHOOKS_PATH);
  });
}

export async function sendTestAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, WebhookForm, async (caller, { id }) =>
    queued(await sendTestMessage(caller, id), "test"),
  );
}

export async function redeliverAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RedeliverForm, async (caller, { id, deliveryId }) =>
    queued(await redeliver(caller, id, deliveryId), "again", "messageGone"),
  );
}

export async function redeliverGivenUpAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RedeliverGivenUpForm, async (caller, { id, since }) =>
    queued(await redeliverGivenUp(caller, id, new Date(since)), "allAgain"),
  );
}
