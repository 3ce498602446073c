"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { askingState } from "@/app/_impact/asking-state";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { LIST_PATH, rolePath } from "@/app/admin/roles/address";
import {
  DeleteRoleForm,
  DescribeRoleForm,
  NewRoleForm,
  RoleInheritanceForm,
  RolePermissionsForm,
} from "@/app/admin/roles/forms.schema";
import { goneState, refusalState } from "@/app/admin/roles/refusals";
import { createRole } from "@/lib/authz/create-role";
import { deleteRole } from "@/lib/authz/delete-role";
import { describeRole } from "@/lib/authz/describe-role";
import type { Impact } from "@/lib/authz/impact/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { findRole, type Role } from "@/lib/authz/list-roles";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { foreseeAskingRole } from "@/lib/organizations/foresee-asking-role";
import type { Caller } from "@/lib/shared/caller";
import { type FormState, formError } from "@/lib/shared/form-state";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** What the flash message has room for. */
const FLASH_LABEL_MAX = 50;
const flashLabel = (name: string): string =>
  name.length <= FLASH_LABEL_MAX ? name : `${name.slice(0, FLASH_LABEL_MAX - 1).trim()}…`;

/** The lost update, with what is stored now beside what was typed. */
async function staleState(
  caller: Caller,
  id: string,
  storedFields: (role: Role) => Record<string, string>,
): Promise<FormState> {
  const role = await findRole(caller, id);
  if (role === null) return goneState();
  const stored = { ...storedFields(role), version: String(role.version) };
  const t = await getTranslations("admin-roles.answers");
  return { status: "error", message: t("stale"), stored };
}

export async function createRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewRoleForm, async (caller, { fields, ...input }) => {
    const result = await createRole(caller, input);
    if (result.outcome !== "created") return refusalState(result, fields);
    const { id, name } = result.role;
    await leaveFlash({ event: "role.created", id, label: flashLabel(name) });
    redirect(rolePath(id));
  });
}

export async function describeRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DescribeRoleForm, async (caller, input) => {
    const { id, version, confirm, intent, ...change } = input;
    const terms = { expectedVersion: version, confirmed: confirm };
    const save = (probe?: Probe) => describeRole(caller, id, change, { ...terms, probe });
    const result = await (intent ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return describedState(caller, id, change, result.impact);
    if (result.outcome === "changed") {
      revalidatePath(LIST_PATH, "layout");
      const t = await getTranslations("admin-roles.answers");
      return { status: "success", message: t("saved", { name: result.role.name }) };
    }
    if (result.outcome === "rejected" && result.reason === "stale") {
      return staleState(caller, id, ({ name, description }) => ({ name, description }));
    }
    return refusalState(result);
  });
}

/** What it gives stays; whom it asks for a second factor may not. */
async function describedState(
  caller: Caller,
  id: string,
  { mfaRequired }: { mfaRequired: boolean },
  impact: Impact,
): Promise<FormState> {
  const role = await findRole(caller, id);
  if (role === null) return goneState();
  if (role.mfaRequired === mfaRequired) return impactState(impact);
  const asking = await foreseeAskingRole(caller, { id, mfaRequired }, USER_PERMISSIONS.view);
  return askingState(caller, impact, mfaRequired, asking);
}

export async function setRolePermissionsAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RolePermissionsForm, async (caller, input) => {
    const { id, version, confirm, grants, fields, intent } = input;
    const terms = { expectedVersion: version, confirmed: confirm };
    const save = (probe?: Probe) => setRolePermissions(caller, id, grants, { ...terms, probe });
    const result = await (intent ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome === "changed") {
      // Everything, because the navigation shows what its reader may open.
      revalidatePath("/", "layout");
      const t = await getTranslations("admin-roles.answers");
      return { status: "success", message: t("permissionsSaved", { name: result.role.name }) };
    }
    if (result.outcome === "rejected" && result.reason === "stale") {
      return staleState(caller, id, storedGrants);
    }
    return refusalState(result, fields);
  });
}

/** As the matrix compares them with what is ticked in it. */
const storedGrants = ({ grants }: Role): Record<string, string> =>
  Object.fromEntries(
    Object.entries(grants).flatMap(([key, reach]) =>
      typeof reach === "object"
        ? [
            [`grant:${key}`, "condition"],
            [`condition:${key}`, JSON.stringify(reach)],
          ]
        : [[`grant:${key}`, reach]],
    ),
  );

export async function setRoleInheritanceAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RoleInheritanceForm, async (caller, input) => {
    const { id, version, confirm, inherits, intent } = input;
    const terms = { expectedVersion: version, confirmed: confirm };
    const save = (probe?: Probe) => setRoleInheritance(caller, id, inherits, { ...terms, probe });
    const result = await (intent ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome === "changed") {
      revalidatePath("/", "layout");
      const t = await getTranslations("admin-roles.answers");
      return { status: "success", message: t("inheritsSaved", { name: result.role.name }) };
    }
    if (result.outcome === "rejected" && result.reason === "stale") {
      return staleState(caller, id, () => ({}));
    }
    return refusalState(result);
  });
}

export async function deleteRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DeleteRoleForm, async (caller, { id, version, confirm, intent }) => {
    const role = await findRole(caller, id);
    if (role === null) return goneState();
    const terms = { expectedVersion: version, confirmed: confirm };
    const remove = (probe?: Probe) => deleteRole(caller, id, { ...terms, probe });
    const result = await (intent ? previewChange(caller, remove) : remove());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome === "rejected" && result.reason === "stale") {
      revalidatePath(LIST_PATH, "layout");
      return formError((await getTranslations("admin-roles.answers"))("staleDelete"));
    }
    if (result.outcome !== "deleted") return refusalState(result);
    await leaveFlash({ event: "role.deleted", id, label: flashLabel(role.name) });
    revalidatePath("/", "layout");
    redirect(LIST_PATH);
  });
}
