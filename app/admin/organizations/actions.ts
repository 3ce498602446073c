"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { impactState, invitationState } from "@/app/_impact/impact-state";
import { previewInvitation } from "@/app/_impact/preview-arrival";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { ORGANIZATIONS_PATH, organizationPath } from "@/app/admin/organizations/address";
import {
  DeleteOrganizationForm,
  InvitationForm,
  InviteForm,
  MemberForm,
  NewOrganizationForm,
  RenameOrganizationForm,
} from "@/app/admin/organizations/forms.schema";
import { refusalState } from "@/app/admin/organizations/refusals";
import { inviteMember, sendInvitationAgain } from "@/lib/authn/invite-member";
import type { Probe } from "@/lib/authz/impact/probe";
import { revokeInvitation } from "@/lib/invitations/manage-invitations";
import { removeMember } from "@/lib/memberships/remove-member";
import { createOrganization } from "@/lib/organizations/create-organization";
import {
  deleteOrganization,
  listWhomDeletionReaches,
} from "@/lib/organizations/delete-organization";
import { findOrganization } from "@/lib/organizations/find-organizations";
import { renameOrganization } from "@/lib/organizations/rename-organization";
import { type FormState, formError } from "@/lib/shared/form-state";

/** What the flash message has room for. */
const FLASH_LABEL_MAX = 50;
const flashLabel = (name: string): string =>
  name.length <= FLASH_LABEL_MAX ? name : `${name.slice(0, FLASH_LABEL_MAX - 1).trim()}…`;

const done = (message: string): FormState => {
  // Everything, because menus name organizations.
  revalidatePath("/", "layout");
  return { status: "success", message };
};

const words = () => getTranslations("admin-organizations.said");

async function limited(retryAfterSeconds: number): Promise<FormState> {
  const t = await words();
  return formError(t("limited", { count: Math.ceil(retryAfterSeconds / 60) }));
}

export async function createOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, NewOrganizationForm, async (caller, input) => {
    const result = await createOrganization(caller, input);
    if (result.outcome !== "created") return refusalState(result);
    const { id, name } = result.organization;
    await leaveFlash({ event: "organization.created", id, label: flashLabel(name) });
    revalidatePath("/", "layout");
    redirect(ORGANIZATIONS_PATH);
  });
}

export async function renameOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, RenameOrganizationForm, async (caller, { id, version, ...change }) => {
    const result = await renameOrganization(caller, id, change, version);
    if (result.outcome === "changed") {
      const t = await words();
      return done(t("saved", { name: result.organization.name }));
    }
    if (result.outcome === "rejected" && result.reason === "stale") {
      const now = await findOrganization(caller, id);
      if (now === null) return refusalState({ outcome: "not-found" });
      const stored = { name: now.name, slug: now.slug, version: String(now.version) };
      return { ...(await refusalState(result)), stored };
    }
    return refusalState(result);
  });
}

export async function deleteOrganizationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    DeleteOrganizationForm,
    async (caller, { id, version, confirm, intent }) => {
      const terms = { expectedVersion: version, confirmed: confirm };
      const remove = (probe?: Probe) => deleteOrganization(caller, id, { ...terms, probe });
      const result = await (intent
        ? previewChange(caller, remove, { userIds: await listWhomDeletionReaches(id) })
        : remove());
      if (result.outcome === "previewed") return impactState(result.impact);
      if (result.outcome !== "deleted") return refusalState(result);
      await leaveFlash({ event: "organization.deleted", id, label: flashLabel(result.name) });
      revalidatePath("/", "layout");
      redirect(ORGANIZATIONS_PATH);
    },
  );
}

export async function removeMemberAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, MemberForm, async (caller, { id, userId, intent }) => {
    const remove = (probe?: Probe) => removeMember(caller, id, userId, probe);
    const result = await (intent ? previewChange(caller, remove, { userIds: [userId] }) : remove());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "removed") return refusalState(result);
    const t = await words();
    return done(t("memberRemoved", { email: result.email }));
  });
}

export async function inviteMemberAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, InviteForm, async (caller, { id, intent, ...invitation }) => {
    const result = await (intent
      ? previewInvitation(caller, id, invitation)
      : inviteMember(caller, id, invitation));
    if (result.outcome === "previewed") return invitationState(result.impact, invitation.email);
    if (result.outcome === "limited") return limited(result.retryAfterSeconds);
    if (result.outcome !== "invited") return refusalState(result);
    revalidatePath(organizationPath(id));
    const t = await words();
    return { status: "success", message: t("invited", { email: invitation.email }) };
  });
}

export async function resendInvitationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, InvitationForm, async (caller, { id, invitationId }) => {
    const result = await sendInvitationAgain(caller, id, invitationId);
    if (result.outcome === "limited") return limited(result.retryAfterSeconds);
    if (result.outcome !== "sent") return refusalState(result);
    const t = await words();
    return done(t("sentAgain"));
  });
}

export async function revokeInvitationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, InvitationForm, async (caller, { id, invitationId }) => {
    const result = await revokeInvitation(caller, id, invitationId);
    if (result.outcome !== "revoked") return refusalState(result);
    const t = await words();
    return done(t("revoked"));
  });
}
