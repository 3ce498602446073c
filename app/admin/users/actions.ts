"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { drawnFor, formOf, runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { USERS_PATH, userPath } from "@/app/admin/users/address";
import {
  NewUserForm,
  ProfileForm,
  ResetFactorsForm,
  UserForm,
  UserRolesForm,
  UserSessionForm,
  UserTokenForm,
} from "@/app/admin/users/forms.schema";
import { refusalState } from "@/app/admin/users/refusals";
import { inviteUser } from "@/lib/authn/invite-user";
import { resetFactors } from "@/lib/authn/reset-factors";
import { sendSignInLink } from "@/lib/authn/send-sign-in-link";
import type { Probe } from "@/lib/authz/impact/probe";
import { revokeUserToken } from "@/lib/personal-tokens/user-tokens";
import type { Caller } from "@/lib/shared/caller";
import type { FormState } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";
import { assignRoles } from "@/lib/users/assign-roles";
import { deleteUser } from "@/lib/users/delete-user";
import { updateUser } from "@/lib/users/update-user";
import { endUserSessions } from "@/lib/users/user-sessions";

const done = (message: string): FormState => {
  // Everything, because the navigation shows what its reader may open.
  revalidatePath("/", "layout");
  return { status: "success", message };
};

/** What the flash message has room for. */
const FLASH_LABEL_MAX = 50;
const flashLabel = (email: string): string =>
  email.length <= FLASH_LABEL_MAX ? email : `${email.slice(0, FLASH_LABEL_MAX - 1)}…`;

export async function createUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewUserForm, async (caller, { choosesRoles, roleIds, ...invitation }) => {
    const result = await inviteUser(caller, {
      ...invitation,
      roleIds: choosesRoles ? roleIds : null,
    });
    if (result.outcome !== "created") return refusalState(result);
    const { id, email, status } = result.user;
    const event = status === "pending" ? "user.invited" : "user.created";
    await leaveFlash({ event, id, label: flashLabel(email) });
    redirect(userPath(id));
  });
}

export async function updateProfileAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ProfileForm, async (caller, { id, confirm: confirmed, ...change }) => {
    const result = await updateUser(caller, id, change, { confirmed });
    return result.outcome === "updated" ? done("The profile is saved.") : refusalState(result);
  });
}

export async function assignRolesAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserRolesForm, async (caller, input) => {
    const { id, confirm: confirmed, roleIds, intent } = input;
    const save = (probe?: Probe) => assignRoles(caller, id, roleIds, { confirmed, probe });
    const result = await (intent ? previewChange(caller, save, [id]) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "assigned") return refusalState(result);
    // What they gave up may well be the right to see this page.
    if (confirmed && id === caller.principal.userId) redirect(HOME_PATH);
    return done("The roles are saved.");
  });
}

export async function disableUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserForm, async (caller, { id, confirm: confirmed }) => {
    const result = await updateUser(caller, id, { status: "disabled" }, { confirmed });
    if (result.outcome !== "updated") return refusalState(result);
    if (id === caller.principal.userId) redirect("/sign-in");
    revalidatePath("/", "layout");
    return {
      status: "success",
      message: "The user is disabled, and their sessions have ended.",
      undo: { action: restoreUserAction.bind(null, id, drawnFor(caller.principal)) },
    };
  });
}

async function enable(caller: Caller, id: string): Promise<FormState> {
  const result = await updateUser(caller, id, { status: "active" }, { confirmed: false });
  return result.outcome === "updated" ? done("The user is enabled.") : refusalState(result);
}

export async function enableUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserForm, (caller, { id }) => enable(caller, id));
}

/** The way back that disabling offers, to the account that it was offered to. */
export async function restoreUserAction(id: string, account: string): Promise<FormState> {
  return runAction(formOf(account, { id }), UserForm, (caller, input) => enable(caller, input.id));
}

export async function deleteUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserForm, async (caller, { id, confirm: confirmed }) => {
    const result = await deleteUser(caller, id, { confirmed });
    if (result.outcome !== "deleted") return refusalState(result);
    if (id === caller.principal.userId) redirect("/sign-in");
    await leaveFlash({ event: "user.deleted", id, label: flashLabel(result.email) });
    revalidatePath("/", "layout");
    redirect(USERS_PATH);
  });
}

export async function sendLinkAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserForm, async (caller, { id }) => {
    const result = await sendSignInLink(caller, id);
    switch (result.outcome) {
      case "sent":
        return done(
          result.kind === "reset"
            ? "A link to choose another password is on its way. It works for one hour."
            : "The invitation is on its way again. It works for 7 days.",
        );
      case "limited":
        return {
          status: "error",
          message: `This address was sent enough mails for now. Try again in ${Math.ceil(result.retryAfterSeconds / 60)} minutes.`,
        };
      case "rejected":
        return result.reason === "disabled"
          ? { status: "error", message: "Enable the user first: a disabled one cannot use a link." }
          : refusalState(result);
      default:
        return refusalState(result);
    }
  });
}

export async function endUserSessionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, UserSessionForm, async (caller, { id, sessionId }) => {
    const result = await endUserSessions(caller, id, sessionId);
    if (result.outcome === "ended") return done("The session has ended.");
    // Whoever asked wanted it gone, and it is.
    if (result.outcome === "not-found") return done("This session had ended already.");
    return refusalState(result);
  });
}

export async function endUserSessionsAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, UserForm, async (caller, { id }) => {
    const result = await endUserSessions(caller, id, null);
    if (result.outcome !== "ended") return refusalState(result);
    if (id === caller.principal.userId) redirect("/sign-in");
    return done(
      result.count === 1 ? "One session has ended." : `${result.count} sessions have ended.`,
    );
  });
}

export async function revokeUserTokenAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, UserTokenForm, async (caller, { id, tokenId }) => {
    const result = await revokeUserToken(caller, id, tokenId);
    if (result.outcome === "revoked") return done("The token is revoked.");
    if (result.outcome === "not-found") return done("The token was gone already.");
    return refusalState(result);
  });
}

export async function resetFactorsAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ResetFactorsForm, async (caller, { id, reason }) => {
    const result = await resetFactors(caller, id, reason);
    if (result.outcome === "reset") {
      revalidatePath(USERS_PATH, "layout");
      return done("Their second factors are gone, their sessions have ended, and they were told.");
    }
    return result.outcome === "rejected" && result.reason === "self"
      ? { status: "error", message: "Your own factors are changed on your security page." }
      : refusalState(result);
  });
}
