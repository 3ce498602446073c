"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { drawnFor, formOf, runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { impactState } from "@/app/_impact/impact-state";
import { previewNewUser } from "@/app/_impact/preview-arrival";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { USERS_PATH, userPath } from "@/app/admin/users/address";
import {
  ChangedUserForm,
  ImpersonationForm,
  NewUserForm,
  ProfileForm,
  ResetFactorsForm,
  UserAppForm,
  UserForm,
  UserRolesForm,
  UserSessionForm,
  UserTokenForm,
} from "@/app/admin/users/forms.schema";
import { impersonationRefusal, refusalState } from "@/app/admin/users/refusals";
import { PERMISSIONS } from "@/app/permissions";
import { inviteUser } from "@/lib/authn/invite-user";
import { findSessionSecret, keepOwnSession, setSessionCookie } from "@/lib/authn/kept-cookie";
import { resetFactors } from "@/lib/authn/reset-factors";
import { sendSignInLink } from "@/lib/authn/send-sign-in-link";
import type { Probe } from "@/lib/authz/impact/probe";
import { startImpersonation } from "@/lib/impersonation/start-impersonation";
import { revokeUserApp } from "@/lib/oidc/user-apps";
import { cancelDeletionOf } from "@/lib/personal-data/cancel-deletion";
import { revokeUserToken } from "@/lib/personal-tokens/user-tokens";
import type { Caller } from "@/lib/shared/caller";
import { type FormState, formError } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";
import { assignRoles } from "@/lib/users/assign-roles";
import { deleteUser } from "@/lib/users/delete-user";
import { updateUser } from "@/lib/users/update-user";
import { endUserSessions } from "@/lib/users/user-sessions";

const doneWords = () => getTranslations("admin-users.done");
const refusalWords = () => getTranslations("admin-users.refusals");

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
  return runAction(form, NewUserForm, async (caller, input) => {
    const { choosesRoles, roleIds, intent, ...invitation } = input;
    const wanted = { ...invitation, roleIds: choosesRoles ? roleIds : null };
    const result = await (intent ? previewNewUser(caller, wanted) : inviteUser(caller, wanted));
    if (result.outcome === "previewed") return impactState(result.impact);
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
    return result.outcome === "updated"
      ? done((await doneWords())("profile"))
      : refusalState(result);
  });
}

export async function assignRolesAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserRolesForm, async (caller, input) => {
    const { id, confirm: confirmed, roleIds, intent } = input;
    const save = (probe?: Probe) => assignRoles(caller, id, roleIds, { confirmed, probe });
    const result = await (intent ? previewChange(caller, save, { userIds: [id] }) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "assigned") return refusalState(result);
    // What they gave up may well be the right to see this page.
    if (confirmed && id === caller.principal.userId) redirect(HOME_PATH);
    return done((await doneWords())("roles"));
  });
}

export async function disableUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ChangedUserForm, async (caller, { id, confirm: confirmed, intent }) => {
    const disable = (probe?: Probe) =>
      updateUser(caller, id, { status: "disabled" }, { confirmed, probe });
    const result = await (intent ? previewChange(caller, disable, { userIds: [id] }) : disable());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "updated") return refusalState(result);
    if (id === caller.principal.userId) redirect("/sign-in");
    revalidatePath("/", "layout");
    const t = await doneWords();
    return {
      status: "success",
      message: t("disabled"),
      undo: { action: restoreUserAction.bind(null, id, drawnFor(caller.principal)) },
    };
  });
}

async function enable(caller: Caller, id: string, intent: boolean): Promise<FormState> {
  const save = (probe?: Probe) =>
    updateUser(caller, id, { status: "active" }, { confirmed: false, probe });
  const result = await (intent ? previewChange(caller, save, { userIds: [id] }) : save());
  if (result.outcome === "previewed") return impactState(result.impact);
  return result.outcome === "updated" ? done((await doneWords())("enabled")) : refusalState(result);
}

export async function enableUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ChangedUserForm, (caller, { id, intent }) => enable(caller, id, intent));
}

/** The way back that disabling offers, to the account that it was offered to. */
export async function restoreUserAction(id: string, account: string): Promise<FormState> {
  return runAction(formOf(account, { id }), UserForm, (caller, input) =>
    enable(caller, input.id, false),
  );
}

export async function deleteUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ChangedUserForm, async (caller, { id, confirm: confirmed, intent }) => {
    const remove = (probe?: Probe) => deleteUser(caller, id, { confirmed, probe });
    const result = await (intent ? previewChange(caller, remove, { userIds: [id] }) : remove());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "deleted") return refusalState(result);
    if (id === caller.principal.userId) redirect("/sign-in");
    await leaveFlash({ event: "user.deleted", id, label: flashLabel(result.email) });
    revalidatePath("/", "layout");
    redirect(USERS_PATH);
  });
}

export async function keepUserAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserForm, async (caller, { id }) => {
    const result = await cancelDeletionOf(caller, id);
    if (result.outcome === "cancelled") return done((await doneWords())("kept"));
    if (result.outcome === "nothing-pending") {
      return formError((await refusalWords())("keptAlready"));
    }
    return refusalState(result);
  });
}

export async function sendLinkAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, UserForm, async (caller, { id }) => {
    const result = await sendSignInLink(caller, id);
    const [t, refused] = [await doneWords(), await refusalWords()];
    switch (result.outcome) {
      case "sent":
        return done(t(result.kind === "reset" ? "resetSent" : "invitationSent"));
      case "limited":
        return formError(
          refused("tooManyMails", { count: Math.ceil(result.retryAfterSeconds / 60) }),
        );
      case "rejected":
        return result.reason === "disabled"
          ? formError(refused("enableFirst"))
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
    const t = await doneWords();
    if (result.outcome === "ended") return done(t("sessionEnded"));
    // Whoever asked wanted it gone, and it is.
    if (result.outcome === "not-found") return done(t("sessionEndedAlready"));
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
    return done((await doneWords())("sessionsEnded", { count: result.count }));
  });
}

export async function revokeUserTokenAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, UserTokenForm, async (caller, { id, tokenId }) => {
    const result = await revokeUserToken(caller, id, tokenId);
    const t = await doneWords();
    if (result.outcome === "revoked") return done(t("tokenRevoked"));
    if (result.outcome === "not-found") return done(t("tokenGone"));
    return refusalState(result);
  });
}

export async function revokeUserAppAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, UserAppForm, async (caller, { id, clientId }) => {
    const result = await revokeUserApp(caller, id, clientId);
    const t = await doneWords();
    if (result.outcome === "revoked") return done(t("appRevoked"));
    if (result.outcome === "not-found") return done(t("appHadNone"));
    return refusalState(result);
  });
}

export async function resetFactorsAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ResetFactorsForm, async (caller, { id, reason }) => {
    const result = await resetFactors(caller, id, reason);
    if (result.outcome === "reset") {
      revalidatePath(USERS_PATH, "layout");
      return done((await doneWords())("factorsReset"));
    }
    return result.outcome === "rejected" && result.reason === "self"
      ? formError((await refusalWords())("ownFactors"))
      : refusalState(result);
  });
}

export async function impersonateAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ImpersonationForm, async (caller, { id, reason, minutes }) => {
    const own = await findSessionSecret();
    // Whoever came by no cookie has no session that they could go back to.
    if (own === undefined) redirect("/sign-in");
    const wish = { userId: id, reason, minutes };
    const result = await startImpersonation(caller, wish, PERMISSIONS);
    if (result.outcome !== "started") return impersonationRefusal(result);
    await keepOwnSession(own);
    await setSessionCookie(result.sessionSecret);
    revalidatePath("/", "layout");
    redirect(HOME_PATH);
  });
}
