"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { clientPath, LIST_PATH } from "@/app/admin/clients/address";
import {
  ChangeClientForm,
  ClientForm,
  NewClientForm,
  RemoveSecretForm,
  ReplaceKeysForm,
} from "@/app/admin/clients/forms.schema";
import { refusalState } from "@/app/admin/clients/refusals";
import { asCaller } from "@/lib/authz/authority";
import { type ClientKeys, parseClientKeys, UnusableClientKeys } from "@/lib/oidc/client-keys";
import { addClientSecret, removeClientSecret } from "@/lib/oidc/client-secrets";
import { createClient } from "@/lib/oidc/create-client";
import { type ClientUpdate, changeClient, deleteClient } from "@/lib/oidc/manage-clients";
import { type FormState, fieldError } from "@/lib/shared/form-state";

type Said = "saved" | "keysReplaced" | "enabled" | "disabled" | "secretRemoved";

async function answer(result: ClientUpdate, said: Said): Promise<FormState> {
  if (result.outcome !== "changed") return refusalState(result);
  revalidatePath(LIST_PATH, "layout");
  const t = await getTranslations("admin-clients.said");
  return { status: "success", message: t(said, { name: result.client.name }) };
}

/** What was typed for keys, read; or the form's answer when it is none. */
async function keysOf(text: string): Promise<{ keys?: ClientKeys } | FormState> {
  if (text === "") return {};
  if (/^https?:\/\//i.test(text)) return { keys: { jwksUri: text } };
  try {
    return { keys: await parseClientKeys(text) };
  } catch (error) {
    if (!(error instanceof UnusableClientKeys)) throw error;
    return fieldError("publicKeys", await validationWords(`${error.message}.`));
  }
}

export async function createClientAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewClientForm, async (caller, { publicKeys, ...settings }) => {
    const given = await keysOf(publicKeys);
    if ("status" in given) return given;
    const result = await createClient(asCaller(caller), { ...settings, ...given });
    if (result.outcome !== "created") return refusalState(result);
    const { client, secret } = result;
    revalidatePath(LIST_PATH, "layout");
    if (secret !== null) {
      const { id, redirectUris, idTokenAlgorithm, scopes } = client;
      const reveal = [secret, id, redirectUris[0] ?? "", idTokenAlgorithm, scopes.join(" ")];
      const t = await getTranslations("admin-clients.said");
      return { status: "success", message: t("created", { name: client.name }), reveal };
    }
    await leaveFlash({ event: "client.created", id: client.id, label: client.name.slice(0, 50) });
    redirect(clientPath(client.id));
  });
}

export async function changeClientAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ChangeClientForm, async (caller, { id, version, ...settings }) =>
    answer(await changeClient(caller, id, settings, version), "saved"),
  );
}

export async function replaceKeysAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ReplaceKeysForm, async (caller, { id, publicKeys }) => {
    const given = await keysOf(publicKeys);
    if ("status" in given) return given;
    const result = await changeClient(caller, id, given, null);
    return answer(result, "keysReplaced");
  });
}

export async function enableClientAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ClientForm, async (caller, { id }) =>
    answer(await changeClient(caller, id, { status: "active" }, null), "enabled"),
  );
}

export async function disableClientAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ClientForm, async (caller, { id }) =>
    answer(await changeClient(caller, id, { status: "disabled" }, null), "disabled"),
  );
}

export async function addSecretAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ClientForm, async (caller, { id }) => {
    const result = await addClientSecret(caller, id);
    if (result.outcome !== "added") return refusalState(result);
    revalidatePath(LIST_PATH, "layout");
    const t = await getTranslations("admin-clients.said");
    return { status: "success", message: t("secretAdded"), reveal: [result.secret] };
  });
}

export async function removeSecretAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RemoveSecretForm, async (caller, { id, secretId }) =>
    answer(await removeClientSecret(caller, id, secretId), "secretRemoved"),
  );
}

export async function deleteClientAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ClientForm, async (caller, { id }) => {
    const result = await deleteClient(caller, id);
    if (result.outcome !== "deleted") return refusalState(result);
    await leaveFlash({ event: "client.deleted", id, label: result.name.slice(0, 50) });
    revalidatePath(LIST_PATH, "layout");
    redirect(LIST_PATH);
  });
}
