"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { impactState } from "@/app/_impact/impact-state";
import { previewChange } from "@/app/_impact/preview-change";
import { getTranslations } from "@/app/_locale/translations";
import { LIST_PATH, teamPath } from "@/app/admin/teams/address";
import {
  AddMemberForm,
  DeleteTeamForm,
  DescribeTeamForm,
  GiveRoleForm,
  MoveTeamForm,
  NewTeamForm,
  RemoveMemberForm,
  TakeRoleForm,
} from "@/app/admin/teams/forms.schema";
import { refusalState } from "@/app/admin/teams/refusals";
import type { Probe } from "@/lib/authz/impact/probe";
import type { FormState } from "@/lib/shared/form-state";
import { createTeam } from "@/lib/teams/create-team";
import { deleteTeam } from "@/lib/teams/delete-team";
import { describeTeam } from "@/lib/teams/describe-team";
import { findCandidate } from "@/lib/teams/find-candidate";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";

const answers = () => getTranslations("admin-teams.answers");

/** Everything, because the navigation shows what its reader may open. */
function done(message: string): FormState {
  revalidatePath("/", "layout");
  return { status: "success", message };
}

export async function createTeamAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewTeamForm, async (caller, input) => {
    const result = await createTeam(caller, input);
    if (result.outcome !== "created") return refusalState(result);
    redirect(teamPath(result.team.id));
  });
}

export async function describeTeamAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DescribeTeamForm, async (caller, { id, version, name, description }) => {
    const result = await describeTeam(caller, id, { name, description }, version);
    if (result.outcome !== "changed") return refusalState(result);
    return done((await answers())("saved", { team: result.team.name }));
  });
}

export async function moveTeamAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, MoveTeamForm, async (caller, input) => {
    const { id, version, parentId, confirm, intent } = input;
    const terms = { expectedVersion: version, confirmed: confirm };
    const save = (probe?: Probe) => moveTeam(caller, id, parentId, { ...terms, probe });
    const result = await (intent ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "changed") return refusalState(result);
    return done((await answers())("moved", { team: result.team.name }));
  });
}

export async function deleteTeamAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DeleteTeamForm, async (caller, { id, version, confirm, intent }) => {
    const terms = { expectedVersion: version, confirmed: confirm };
    const remove = (probe?: Probe) => deleteTeam(caller, id, { ...terms, probe });
    const result = await (intent ? previewChange(caller, remove) : remove());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "deleted") return refusalState(result);
    revalidatePath("/", "layout");
    redirect(LIST_PATH);
  });
}

export async function addMemberAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AddMemberForm, async (caller, { id, email, intent }) => {
    const userId = await findCandidate(caller, email);
    if (userId === null) return refusalState({ outcome: "rejected", reason: "unknown-user" });
    const add = (probe?: Probe) => addTeamMember(caller, id, userId, { probe });
    const result = await (intent ? previewChange(caller, add, { userIds: [userId] }) : add());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "done") return refusalState(result);
    return done((await answers())(result.changed ? "isIn" : "wasIn", { email }));
  });
}

export async function removeMemberAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RemoveMemberForm, async (caller, { id, userId, confirm, intent }) => {
    const remove = (probe?: Probe) =>
      removeTeamMember(caller, id, userId, { confirmed: confirm, probe });
    const result = await (intent ? previewChange(caller, remove, { userIds: [userId] }) : remove());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "done") return refusalState(result);
    return done((await answers())(result.changed ? "isOut" : "wasOut"));
  });
}

export async function giveRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, GiveRoleForm, async (caller, { id, roleId, until, intent }) => {
    const role = { roleId, expiresAt: until };
    const give = (probe?: Probe) => giveTeamRole(caller, id, role, { probe });
    const result = await (intent ? previewChange(caller, give) : give());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "done") return refusalState(result);
    return done((await answers())(result.changed ? "given" : "wasGiven"));
  });
}

export async function takeRoleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, TakeRoleForm, async (caller, { id, roleId, confirm, intent }) => {
    const take = (probe?: Probe) => takeTeamRole(caller, id, roleId, { confirmed: confirm, probe });
    const result = await (intent ? previewChange(caller, take) : take());
    if (result.outcome === "previewed") return impactState(result.impact);
    if (result.outcome !== "done") return refusalState(result);
    return done((await answers())(result.changed ? "taken" : "wasGone"));
  });
}
