"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leadTo } from "@/app/_http/onward";
import { getTranslations } from "@/app/_locale/translations";
import { connectionPath, LIST_PATH, testPath } from "@/app/admin/connections/address";
import {
  ChangeConnectionForm,
  DeleteConnectionForm,
  NewConnectionForm,
  SecretForm,
  SwitchForm,
  TestForm,
} from "@/app/admin/connections/forms.schema";
import { refusalState } from "@/app/admin/connections/refusals";
import { deleteConnection } from "@/lib/federation/delete-connection";
import { beginTest } from "@/lib/federation/doctor/test-connection";
import {
  type ConnectionUpdate,
  changeConnection,
  createConnection,
  replaceSecret,
  switchConnection,
} from "@/lib/federation/manage-connections";
import { type FormState, fieldError } from "@/lib/shared/form-state";

type Said = "saved" | "secretReplaced" | "enabled" | "disabled";

async function answer(result: ConnectionUpdate, said: Said): Promise<FormState> {
  if (result.outcome !== "changed") return refusalState(result);
  revalidatePath(LIST_PATH, "layout");
  const t = await getTranslations("admin-connections.said");
  return { status: "success", message: t(said, { name: result.connection.name }) };
}

export async function createConnectionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, NewConnectionForm, async (caller, input) => {
    const result = await createConnection(caller, input);
    if (result.outcome === "created") redirect(connectionPath(result.id));
    const t = await getTranslations("admin-connections.said");
    return fieldError("slug", t("slugTaken"));
  });
}

export async function changeConnectionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ChangeConnectionForm, async (caller, { id, version, ...change }) =>
    answer(await changeConnection(caller, id, change, version), "saved"),
  );
}

export async function replaceSecretAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, SecretForm, async (caller, { id, version, clientSecret }) =>
    answer(await replaceSecret(caller, id, clientSecret, version), "secretReplaced"),
  );
}

export async function enableConnectionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, SwitchForm, async (caller, { id, version, confirm }) =>
    answer(
      await switchConnection(caller, id, true, { expectedVersion: version, confirmed: confirm }),
      "enabled",
    ),
  );
}

export async function disableConnectionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, SwitchForm, async (caller, { id, version, confirm }) =>
    answer(
      await switchConnection(caller, id, false, { expectedVersion: version, confirmed: confirm }),
      "disabled",
    ),
  );
}

export async function deleteConnectionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, DeleteConnectionForm, async (caller, { id, confirm }) => {
    const result = await deleteConnection(caller, id, { confirmed: confirm });
    if (result.outcome !== "deleted") return refusalState(result);
    revalidatePath(LIST_PATH, "layout");
    redirect(LIST_PATH);
  });
}

/** Leads to the provider as a sign-in would, or to the result when that cannot be. */
export async function testConnectionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, TestForm, async (caller, { id }) => {
    const begun = await beginTest(caller, id);
    if (begun === null) return refusalState({ outcome: "not-found" });
    if (begun.address !== null) return leadTo(begun.address);
    redirect(testPath(id, begun.testId));
  });
}
