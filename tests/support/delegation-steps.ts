import fc from "fast-check";
import { askForRole } from "@/lib/access-requests/ask-for-role";
import { breakGlass } from "@/lib/access-requests/break-glass";
import { endAccess } from "@/lib/access-requests/end-access";
import { approveRequest } from "@/lib/access-requests/review-request";
import { answerItem } from "@/lib/access-reviews/answer-item";
import { closeReview } from "@/lib/access-reviews/close-review";
import { startReview } from "@/lib/access-reviews/start-review";
import { inviteMember } from "@/lib/authn/invite-member";
import { resetFactors } from "@/lib/authn/reset-factors";
import { createRole } from "@/lib/authz/create-role";
import { deleteRole } from "@/lib/authz/delete-role";
import { describeRole } from "@/lib/authz/describe-role";
import { RoleGrants } from "@/lib/authz/role.schema";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { joinByDomain } from "@/lib/domains/join-by-domain";
import { addDomain, setAutoJoin, verifyDomain } from "@/lib/domains/manage-domains";
import { acceptInvitation } from "@/lib/invitations/accept-invitation";
import { removeMember } from "@/lib/memberships/remove-member";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { createPolicy } from "@/lib/policies/create-policy";
import { deletePolicy } from "@/lib/policies/delete-policy";
import { PolicyContent } from "@/lib/policies/policy.schema";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { saveVersion } from "@/lib/policies/save-version";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import type { Caller } from "@/lib/shared/caller";
import { createTeam } from "@/lib/teams/create-team";
import { deleteTeam } from "@/lib/teams/delete-team";
import { describeTeam } from "@/lib/teams/describe-team";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";
import { addUser } from "@/lib/users/add-user";
import { assignRoles } from "@/lib/users/assign-roles";
import { deleteUser } from "@/lib/users/delete-user";
import { updateUser } from "@/lib/users/update-user";
import { inHours } from "@/tests/support/access-reviews";
import { aRequest } from "@/tests/support/builders";
import {
  at,
  conditionFrom,
  grantsShape,
  type PolicyShape,
  policyShape,
  type Shape,
  SPECIAL,
  type World,
} from "@/tests/support/delegation-world";
import { aResolver } from "@/tests/support/domains";
import { tokenMailedTo } from "@/tests/support/mailbox";

// Everything by which a delegate can change what somebody may do, by the use cases themselves.

const place = fc.nat(7);
const places = fc.uniqueArray(place, { maxLength: 3 });
const people = fc.uniqueArray(place, { minLength: 1, maxLength: 3 });
const perhaps = fc.option(place);
const minutes = fc.constantFrom(null, 20, 60);

const STEPS = {
  assign: { user: place, roles: places },
  "create-role": { grants: grantsShape, inherits: places },
  "edit-role": { role: place, grants: grantsShape },
  inherit: { role: place, inherits: places },
  "describe-role": { role: place, emergency: fc.boolean() },
  "delete-role": { role: place },
  "create-team": { parent: perhaps },
  "describe-team": { team: place },
  "move-team": { team: place, parent: perhaps },
  "delete-team": { team: place },
  "add-member": { team: place, user: place },
  "remove-member": { team: place, user: place },
  "give-role": { team: place, role: place, minutes },
  "take-role": { team: place, role: place },
  service: { roles: places },
  "add-user": { roles: places, special: fc.boolean() },
  address: { user: place, special: fc.boolean() },
  disable: { user: place },
  rename: { user: place },
  "delete-user": { user: place },
  "reset-factors": { user: place },
  "take-out": { user: place },
  invite: { roles: places, special: fc.boolean(), later: fc.boolean() },
  accept: { invitation: place, roles: places, special: fc.boolean() },
  "join-by-domain": {},
  ask: { user: place, role: place, later: fc.boolean(), days: fc.boolean() },
  approve: { request: place, user: place, role: place, days: fc.boolean() },
  "end-access": { request: place },
  "break-glass": { role: place },
  "new-policy": { content: policyShape, atOnce: fc.boolean() },
  "new-version": { policy: place, content: policyShape, atOnce: fc.boolean() },
  "put-in-force": { policy: place, version: fc.integer({ min: 1, max: 2 }) },
  "take-out-of-force": { policy: place },
  "delete-policy": { policy: place },
  review: { users: people, reviewer: place, answers: fc.array(fc.boolean(), { maxLength: 6 }) },
} satisfies Record<string, Record<string, fc.Arbitrary<unknown>>>;

type Steps = typeof STEPS;
export type Step = {
  [K in keyof Steps]: { kind: K } & {
    [F in keyof Steps[K]]: Steps[K][F] extends fc.Arbitrary<infer T> ? T : never;
  };
}[keyof Steps];

export const KINDS = Object.keys(STEPS) as Step["kind"][];

export const step = fc.oneof(
  ...Object.entries(STEPS).map(([kind, fields]) =>
    fc.record({ kind: fc.constant(kind), ...fields }),
  ),
) as fc.Arbitrary<Step>;

/** As the session query would describe them now, signed in with two factors a moment ago. */
export async function callerIn(organizationId: string, userId: string): Promise<Caller> {
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  return {
    principal: {
      userId: user.id,
      email: user.email,
      name: null,
      locale: null,
      timeZone: null,
      organizationId,
      organizationName: "Organization",
      means: "session",
      asOf: new Date(),
      networks: [],
      clientId: null,
      session: {
        id: newId(),
        acr: "urn:gatehouse:aal2",
        amr: ["pwd", "otp"],
        authTime: new Date(),
        deviceTrusted: false,
        idleBeyondSeconds: null,
      },
      secondFactorEnrolled: true,
      mfaRequired: false,
      adminMfaRequired: false,
      passwordExpired: false,
      deletionDueAt: null,
      termsPending: false,
      singleSignOnMissing: false,
      grantsVersion: `${user.grantsVersion}.${instance.authzVersion}`,
    },
    request: aRequest(),
  };
}

const TERMS = { expectedVersion: null, confirmed: true };

const grantsFrom = (shape: Record<string, Shape | null>, world: World) =>
  RoleGrants.parse(
    Object.fromEntries(
      Object.entries(shape).map(([key, condition]) => {
        if (condition === null) return [key, "all"];
        return [key, condition.kind === "own" ? "own" : conditionFrom(condition, world)];
      }),
    ),
  );

const contentFrom = ({ effect, key, condition }: PolicyShape, world: World) =>
  PolicyContent.parse({
    effect,
    permissions: [key],
    condition: condition === null ? null : conditionFrom(condition, world),
  });

const anAddress = (domain: string) => `${newId()}@${domain}`;
const domainOf = (special: boolean) => (special ? SPECIAL : "example.com");

/** Somebody who belongs nowhere yet, and has shown that the address is theirs. */
async function aStranger(domain: string, { users }: World): Promise<{ id: string; email: string }> {
  const user = { id: newId(), email: anAddress(domain) };
  await prisma().user.create({ data: { ...user, emailVerified: new Date() } });
  users.push(user.id);
  return user;
}

/** What was asked for, and the answer; whatever comes to be can be the target of a later step. */
export async function take(caller: Caller, next: Step, world: World): Promise<{ outcome: string }> {
  const { here, users, roles, teams, policies } = world;
  const rolesAt = (list: number[]) => [...new Set(list.map((it) => at(roles, it)))];
  switch (next.kind) {
    case "assign":
      return assignRoles(caller, at(users, next.user), rolesAt(next.roles), TERMS);
    case "create-role": {
      const grants = grantsFrom(next.grants, world);
      const inherits = rolesAt(next.inherits);
      const result = await createRole(caller, { name: newId(), description: "", grants, inherits });
      if (result.outcome === "created") roles.push(result.role.id);
      return result;
    }
    case "edit-role":
      return setRolePermissions(
        caller,
        at(roles, next.role),
        grantsFrom(next.grants, world),
        TERMS,
      );
    case "inherit":
      return setRoleInheritance(caller, at(roles, next.role), rolesAt(next.inherits), TERMS);
    case "describe-role": {
      const { emergency } = next;
      return describeRole(caller, at(roles, next.role), { name: newId(), emergency }, TERMS);
    }
    case "delete-role":
      return deleteRole(caller, at(roles, next.role), TERMS);
    case "create-team": {
      const parentId = next.parent === null ? null : at(teams, next.parent);
      const result = await createTeam(caller, { name: newId(), description: "", parentId });
      if (result.outcome === "created") teams.push(result.team.id);
      return result;
    }
    case "describe-team":
      return describeTeam(caller, at(teams, next.team), { name: newId() }, null);
    case "move-team": {
      const parentId = next.parent === null ? null : at(teams, next.parent);
      return moveTeam(caller, at(teams, next.team), parentId, TERMS);
    }
    case "delete-team":
      return deleteTeam(caller, at(teams, next.team), TERMS);
    case "add-member":
      return addTeamMember(caller, at(teams, next.team), at(users, next.user));
    case "remove-member":
      return removeTeamMember(caller, at(teams, next.team), at(users, next.user), TERMS);
    case "give-role": {
      const { minutes } = next;
      const expiresAt = minutes === null ? null : new Date(Date.now() + minutes * 60_000);
      return giveTeamRole(caller, at(teams, next.team), {
        roleId: at(roles, next.role),
        expiresAt,
      });
    }
    case "take-role":
      return takeTeamRole(caller, at(teams, next.team), at(roles, next.role), TERMS);
    case "service":
      return assignServiceRoles(caller, world.service, rolesAt(next.roles));
    case "add-user": {
      const email = anAddress(domainOf(next.special));
      const user = { email, name: null, status: "pending", roleIds: rolesAt(next.roles) } as const;
      const result = await addUser(caller, user, async () => async () => {});
      if (result.outcome === "created") users.push(result.user.id);
      return result;
    }
    case "address": {
      const email = anAddress(domainOf(next.special));
      return updateUser(caller, at(users, next.user), { email }, TERMS);
    }
    case "disable":
      return updateUser(caller, at(users, next.user), { status: "disabled" }, TERMS);
    case "rename":
      return updateUser(caller, at(users, next.user), { name: newId() }, TERMS);
    case "delete-user":
      return deleteUser(caller, at(users, next.user), TERMS);
    case "reset-factors":
      return resetFactors(caller, at(users, next.user), "Lost.");
    case "take-out":
      return removeMember(caller, here, at(users, next.user));
    case "invite":
      return invite(caller, next, world);
    case "accept":
      if (world.invitations.length === 0) return invite(caller, { ...next, later: false }, world);
      return accept(next.invitation, world);
    case "join-by-domain":
      return join(caller, world);
    case "ask":
      return ask(caller, next, world);
    case "approve": {
      if (world.requests.length === 0) return ask(caller, { ...next, later: false }, world);
      const [id] = world.requests.splice(next.request % world.requests.length, 1);
      return approve(caller, id ?? newId(), world);
    }
    case "end-access":
      return endAccess(caller, at(world.given, next.request));
    case "break-glass": {
      const roleId = at(roles, next.role);
      return breakGlass(caller, { roleId, reason: "Fire.", durationSeconds: 1_800 });
    }
    case "new-policy": {
      const content = contentFrom(next.content, world);
      const policy = { name: newId(), description: "", place: "organization", content } as const;
      const result = await createPolicy(caller, policy);
      if (result.outcome !== "created") return result;
      policies.push(result.policy.id);
      return next.atOnce ? activateVersion(caller, result.policy.id, 1, TERMS) : result;
    }
    case "new-version": {
      const id = at(policies, next.policy);
      const result = await saveVersion(caller, id, contentFrom(next.content, world), TERMS);
      if (result.outcome !== "saved" || !next.atOnce) return result;
      return activateVersion(caller, id, result.number, TERMS);
    }
    case "put-in-force":
      return activateVersion(caller, at(policies, next.policy), next.version, TERMS);
    case "take-out-of-force":
      return deactivatePolicy(caller, at(policies, next.policy), TERMS);
    case "delete-policy":
      return deletePolicy(caller, at(policies, next.policy), TERMS);
    case "review":
      return review(caller, next, world);
  }
}

type StepOf<K extends Step["kind"]> = Extract<Step, { kind: K }>;

type Invite = Omit<StepOf<"invite">, "kind">;

async function invite(caller: Caller, next: Invite, world: World) {
  const { id, email } = await aStranger(domainOf(next.special), world);
  const roleIds = [...new Set(next.roles.map((it) => at(world.roles, it)))];
  const result = await inviteMember(caller, world.here, { email, roleIds });
  if (result.outcome !== "invited") return result;
  world.invitations.push({ userId: id, token: await tokenMailedTo(email) });
  return next.later ? result : accept(world.invitations.length - 1, world);
}

const isThere = async (id: string) => (await prisma().user.count({ where: { id } })) === 1;

async function accept(which: number, { invitations, elsewhere }: World) {
  const [invitation] = invitations.splice(which % (invitations.length || 1), 1);
  if (invitation === undefined) return { outcome: "not-found" };
  if (!(await isThere(invitation.userId))) return { outcome: "not-found" };
  return acceptInvitation(await callerIn(elsewhere, invitation.userId), invitation.token);
}

/** Takes in whoever has an address at a new domain; somebody comes, whether that was allowed or not. */
async function join(caller: Caller, world: World) {
  const domain = `d-${newId()}.com`;
  const added = await addDomain(caller, domain);
  if (added.outcome !== "added") return added;
  const { id, record } = added.domain;
  await verifyDomain(caller, id, aResolver({ [record.name]: [record.value] }));
  const result = await setAutoJoin(caller, id, true);
  const user = await aStranger(domain, world);
  await inTransaction((tx) => joinByDomain({ userId: user.id, email: user.email }, aRequest(), tx));
  return result;
}

async function ask(caller: Caller, next: Omit<StepOf<"ask">, "kind">, world: World) {
  const userId = at(world.users, next.user);
  if (!(await isThere(userId))) return { outcome: "not-found" };
  const asked = await askForRole(await callerIn(world.here, userId), {
    roleId: at(world.roles, next.role),
    reason: "Work.",
    durationSeconds: next.days ? 3 * 86_400 : 1_200,
    decisionId: null,
  });
  if (asked.outcome !== "asked") return asked;
  world.askers.push(userId);
  if (!next.later) return approve(caller, asked.id, world);
  world.requests.push(asked.id);
  return asked;
}

async function approve(caller: Caller, id: string, { given }: World) {
  const result = await approveRequest(caller, id, "");
  if (result.outcome === "approved") given.push(id);
  return result;
}

/** Starts a review, answers it as its reviewer, and closes it: what is unanswered is taken away. */
async function review(caller: Caller, next: StepOf<"review">, world: World) {
  const reviewerId = at(world.users, next.reviewer);
  const { userId } = caller.principal;
  const started = await startReview(caller, {
    name: newId(),
    note: "",
    scope: {
      grants: "people",
      roleIds: [],
      userIds: [...new Set(next.users.map((it) => at(world.users, it)))],
      teams: true,
      services: true,
    },
    reviewerIds: [...new Set([reviewerId, userId])],
    dueAt: inHours(72),
  });
  if (started.outcome !== "started") return started;
  const items = await prisma().accessReviewItem.findMany({
    where: { reviewId: started.id, reviewerId: userId },
    orderBy: { position: "asc" },
  });
  for (const [index, keeps] of next.answers.entries()) {
    const item = items[index];
    const decision = keeps ? "keep" : "revoke";
    if (item) await answerItem(caller, started.id, item.id, { decision, note: "" });
  }
  return closeReview(caller, started.id, TERMS);
}
