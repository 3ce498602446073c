import { beforeAll, beforeEach, expect, test } from "vitest";
import { askForRole, withdrawRequest } from "@/lib/access-requests/ask-for-role";
import { endAccess, endOwnAccess } from "@/lib/access-requests/end-access";
import {
  countOwnInbox,
  listInbox,
  listOwnRequests,
  listRequestableRoles,
  listRequestsInForce,
} from "@/lib/access-requests/list-requests";
import { purgeRequests } from "@/lib/access-requests/purge-requests";
import { approveRequest, denyRequest } from "@/lib/access-requests/review-request";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { hours, minutes } from "@/lib/shared/duration";
import { assignRoles } from "@/lib/users/assign-roles";
import { aCaller, callerOf } from "@/tests/support/builders";
import { race, whileUncommitted } from "@/tests/support/race";
import {
  aCallerHolding,
  aRole,
  aUserHolding,
  eventsOf,
  give,
  roleIdsOf,
} from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

// Roles for a time, by request and approval (F99).

const GIVES = { view_invoice: "all", create_invoice: "all" } as const;

let roleId = "";
let approver: Caller;

beforeAll(async () => {
  await aCaller();
  roleId = await aRole(GIVES, "Bookkeeper");
  approver = await aCallerHolding({ ...GIVES, approve_access: "all" });
});

let user: Caller;
beforeEach(async () => {
  user = await aCaller({ roles: [] });
});

const again = (caller: Caller): Promise<Caller> => callerOf(caller.principal.userId);

const wish = (durationSeconds = hours(2)) => ({
  roleId,
  reason: "Close the books",
  durationSeconds,
  decisionId: null,
});

async function ask(caller = user, seconds?: number): Promise<string> {
  const result = await askForRole(caller, wish(seconds));
  if (result.outcome !== "asked") throw new Error(result.reason);
  return result.id;
}

const grantsOf = ({ principal }: Caller) =>
  prisma().userRole.findMany({ where: { userId: principal.userId, roleId } });

const mailsTo = async (email: string): Promise<string[]> =>
  (await prisma().outboxMessage.findMany({ where: { recipient: email } })).map(({ kind }) => kind);

test("what is approved is held from the next request on, in that organization, until its time is over", async () => {
  const id = await ask();
  expect(await can(await again(user), INVOICE_PERMISSIONS.create)).toBe(false);
  const result = await approveRequest(approver, id, "Go ahead");
  expect(result).toMatchObject({ outcome: "approved", roleName: "Bookkeeper" });
  const [grant] = await grantsOf(user);
  expect(grant).toMatchObject({
    organizationId: user.principal.organizationId,
    grantedById: approver.principal.userId,
  });
  const length = (grant?.expiresAt?.getTime() ?? 0) - (grant?.createdAt.getTime() ?? 0);
  expect(Math.round(length / 1000)).toBe(hours(2));
  expect(await can(await again(user), INVOICE_PERMISSIONS.create)).toBe(true);
});

test("at the deadline the next request is refused, on a warm cache and with no job that runs (F99)", async () => {
  const id = await ask();
  await approveRequest(approver, id, "");
  await prisma().$executeRaw`
    UPDATE user_roles SET expires_at = now() + interval '1 second'
     WHERE user_id = ${user.principal.userId}::uuid`;
  const before = await again(user);
  await authorize(before, INVOICE_PERMISSIONS.create);
  await prisma().$queryRaw`SELECT pg_sleep(1.1)::text`;
  const after = await again(user);
  // Nothing has been written since, so that the rules in the cache are of this very version.
  expect(after.principal.grantsVersion).toBe(before.principal.grantsVersion);
  await expect(authorize(after, INVOICE_PERMISSIONS.create)).rejects.toThrow(AccessDenied);
  expect((await listOwnRequests(user))[0]).toMatchObject({ state: "approved", inForceUntil: null });
  expect(await endOwnAccess(user, id)).toMatchObject({ reason: "not-in-force" });
});

test("nobody approves their own request: by no session, app or token of theirs, and not by SQL", async () => {
  const own = await aCallerHolding({ approve_access: "all", view_roles: "all", ...GIVES });
  const role = await aRole({ view_roles: "all" });
  const result = await askForRole(own, { ...wish(), roleId: role });
  const id = result.outcome === "asked" ? result.id : "";
  for (const caller of [own, await again(own)]) {
    const answer = await approveRequest(caller, id, "");
    expect(answer).toMatchObject({ outcome: "rejected", reason: "own-request" });
    const events = await eventsOf(caller);
    expect(events.at(-1)).toMatchObject({ action: "authorization.denied", outcome: "denied" });
  }
  for (const means of ["app", "personal-token", "service"] as const) {
    const caller = { ...own, principal: { ...own.principal, means } };
    if (means === "service") caller.principal.userId = newId();
    await expect(approveRequest(caller, id, "")).rejects.toThrow(
      means === "service" ? AccessDenied : TokenInsufficient,
    );
  }
  await expect(
    prisma().$executeRaw`
      UPDATE access_requests SET state = 'approved', reviewed_by = user_id, reviewed_at = now()
       WHERE id = ${id}::uuid`,
  ).rejects.toThrow(/access_requests_reviewed_by_another/);
  expect(await roleIdsOf(own.principal.userId)).not.toContain(role);
});

test("whoever approves holds all that the role gives, the permission and a fresh proof", async () => {
  const id = await ask();
  const nobody = await aCallerHolding(GIVES);
  await expect(approveRequest(nobody, id, "")).rejects.toThrow(AccessDenied);
  const below = await aCallerHolding({ approve_access: "all", view_invoice: "all" });
  for (const review of [approveRequest, denyRequest]) {
    expect(await review(below, id, "")).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["create_invoice"],
    });
  }
  const old = {
    ...approver,
    principal: {
      ...approver.principal,
      session: { ...approver.principal.session, authTime: new Date(Date.now() - 3_600_000) },
    },
  };
  await expect(approveRequest(old, id, "")).rejects.toThrow(AssuranceInsufficient);
  const app = { ...approver, principal: { ...approver.principal, means: "app" as const } };
  await expect(approveRequest(app, id, "")).rejects.toThrow(TokenInsufficient);
  expect(await grantsOf(user)).toEqual([]);
});

test("another organization's request does not exist, and its approver approves nothing here", async () => {
  const id = await ask();
  const foreigner = await aForeignCaller(["Admin"]);
  const NOT_FOUND = { outcome: "not-found" };
  expect(await approveRequest(foreigner, id, "")).toEqual(NOT_FOUND);
  expect(await denyRequest(foreigner, id, "")).toEqual(NOT_FOUND);
  expect(await endAccess(foreigner, id)).toEqual(NOT_FOUND);
  expect((await listInbox(foreigner)).pending).toEqual([]);
  const theirs = newId();
  await prisma().role.create({
    data: { id: theirs, name: "Theirs", organizationId: foreigner.principal.organizationId },
  });
  expect(await askForRole(user, { ...wish(), roleId: theirs })).toMatchObject({
    reason: "unknown-role",
  });
  // Approval given in one organization counts in no other.
  await approveRequest(approver, id, "");
  expect((await grantsOf(user))[0]?.organizationId).toBe(user.principal.organizationId);
});

test("of twenty answers and withdrawals at once one counts, and there is at most one grant", async () => {
  for (let round = 0; round < 3; round += 1) {
    const caller = await aCaller({ roles: [] });
    const id = await ask(caller);
    const outcomes = await race(20, async (index) => {
      if (index % 3 === 0) return (await withdrawRequest(caller, id)) ? "withdrawn" : null;
      const review = index % 3 === 1 ? approveRequest : denyRequest;
      const { outcome } = await review(approver, id, "");
      return outcome === "approved" || outcome === "denied" ? outcome : null;
    });
    const counted = outcomes.filter((outcome) => outcome !== null);
    expect(counted).toHaveLength(1);
    const [row] = await listOwnRequests(caller);
    expect(row?.state).toBe(counted[0]);
    expect(await grantsOf(caller)).toHaveLength(counted[0] === "approved" ? 1 : 0);
  }
});

test("there is one open request a user and role; of twenty at once one is made", async () => {
  const results = await race(20, () => askForRole(user, wish()));
  expect(results.filter(({ outcome }) => outcome === "asked")).toHaveLength(1);
  expect(await prisma().accessRequest.count({ where: { userId: user.principal.userId } })).toBe(1);
  // The budget of a day is spent: nobody is mailed without end.
  expect(await askForRole(user, wish())).toMatchObject({ reason: "too-many-requests" });
});

test("what nobody answers in time is over, and can be asked for again", async () => {
  const id = await ask();
  await prisma().$executeRaw`
    UPDATE access_requests SET expires_at = now() - interval '1 second' WHERE id = ${id}::uuid`;
  expect(await approveRequest(approver, id, "")).toMatchObject({ reason: "decided" });
  expect(await denyRequest(approver, id, "")).toMatchObject({ reason: "decided" });
  expect(await withdrawRequest(user, id)).toBe(false);
  expect((await listOwnRequests(user))[0]?.state).toBe("expired");
  const next = await ask();
  expect(next).not.toBe(id);
  expect(await approveRequest(approver, next, "")).toMatchObject({ outcome: "approved" });
});

test("who holds the role for good is refused when they ask, and when it was given since", async () => {
  const id = await ask();
  await give(user.principal.userId, roleId);
  expect(await askForRole(user, wish())).toMatchObject({ reason: "already-held" });
  expect(await approveRequest(approver, id, "")).toMatchObject({ reason: "already-held" });
  expect(await grantsOf(user)).toHaveLength(1);
  expect(await denyRequest(approver, id, "")).toMatchObject({ outcome: "denied" });
});

test("a grant for a time is not shortened by a second one, and prolonged by a longer one", async () => {
  await approveRequest(approver, await ask(user, hours(8)), "");
  const [first] = await grantsOf(user);
  await approveRequest(approver, await ask(user, hours(1)), "");
  expect((await grantsOf(user))[0]?.expiresAt).toEqual(first?.expiresAt);
  await approveRequest(approver, await ask(user, hours(24)), "");
  const after = await grantsOf(user);
  expect(after).toHaveLength(1);
  expect(after[0]?.expiresAt?.getTime()).toBeGreaterThan(first?.expiresAt?.getTime() ?? 0);
});

test("a disabled requester, or one who is no member any more, gets nothing", async () => {
  const id = await ask();
  const { userId } = user.principal;
  await prisma().user.update({ where: { id: userId }, data: { status: "disabled" } });
  expect(await approveRequest(approver, id, "")).toMatchObject({ reason: "requester-gone" });
  await prisma().user.update({ where: { id: userId }, data: { status: "active" } });
  await prisma().membership.deleteMany({ where: { userId } });
  expect(await approveRequest(approver, id, "")).toMatchObject({ reason: "requester-gone" });
  expect(await grantsOf(user)).toEqual([]);
});

test("what is in force is ended early by its holder or by who could have approved it, and by nobody else", async () => {
  const id = await ask();
  await approveRequest(approver, id, "");
  const neighbour = await aCaller({ roles: [] });
  await expect(endAccess(neighbour, id)).rejects.toThrow(AccessDenied);
  expect(await endOwnAccess(neighbour, id)).toEqual({ outcome: "not-found" });
  const below = await aCallerHolding({ approve_access: "all" });
  expect(await endAccess(below, id)).toMatchObject({ reason: "beyond-own-permissions" });
  expect(await grantsOf(user)).toHaveLength(1);
  expect(await endAccess(approver, id)).toMatchObject({ outcome: "ended" });
  expect(await can(await again(user), INVOICE_PERMISSIONS.create)).toBe(false);
  expect(await endAccess(approver, id)).toMatchObject({ reason: "not-in-force" });

  const own = await ask();
  await approveRequest(approver, own, "");
  expect(await endOwnAccess(user, own)).toMatchObject({ outcome: "ended" });
  expect(await grantsOf(user)).toEqual([]);
  expect((await listOwnRequests(user)).map(({ inForceUntil }) => inForceUntil)).toEqual([
    null,
    null,
  ]);
});

test("saving the user's roles leaves it in force, and one that is given for good is ended by no request", async () => {
  const id = await ask();
  await approveRequest(approver, id, "");
  const admin = await aCaller({ roles: ["Admin"] });
  await assignRoles(admin, user.principal.userId, [], { confirmed: false });
  expect(await listRequestsInForce(approver, user.principal.userId)).toMatchObject([
    { id, roleId, inForceUntil: (await grantsOf(user))[0]?.expiresAt },
  ]);
  // Whoever answers no requests, or answers them elsewhere, is told of none.
  expect(await listRequestsInForce(user, user.principal.userId)).toEqual([]);
  const foreigner = await aForeignCaller(["Admin"]);
  expect(await listRequestsInForce(foreigner, user.principal.userId)).toEqual([]);
  await assignRoles(admin, user.principal.userId, [roleId], { confirmed: false });
  expect(await endOwnAccess(user, id)).toMatchObject({ reason: "not-in-force" });
  expect(await grantsOf(user)).toMatchObject([{ expiresAt: null }]);
  expect(await endAccess(approver, id)).toMatchObject({ reason: "not-in-force" });
  expect(await listRequestsInForce(approver, user.principal.userId)).toEqual([]);
});

test("who can approve is told, and nobody else; who asked is told what was decided", async () => {
  const below = await aCallerHolding({ approve_access: "all" });
  const foreigner = await aForeignCaller(["Admin"]);
  const before = (await mailsTo(approver.principal.email)).length;
  const id = await ask();
  expect(await mailsTo(approver.principal.email)).toHaveLength(before + 1);
  expect(await mailsTo(below.principal.email)).toEqual([]);
  expect(await mailsTo(user.principal.email)).toEqual([]);
  await denyRequest(approver, id, "Not now");
  expect(await mailsTo(user.principal.email)).toEqual(["access-decided"]);
  expect(foreigner.principal.organizationId).not.toBe(user.principal.organizationId);
});

test("a request can come from a refusal of one's own, and names the roles that would have allowed it", async () => {
  const refused = await aCaller({ roles: [] });
  const error = await authorize(refused, INVOICE_PERMISSIONS.create).catch((thrown) => thrown);
  const { decisionId } = error as AccessDenied;
  const { suggested } = await listRequestableRoles(refused, decisionId);
  expect(suggested.map(({ name }) => name)).toContain("Bookkeeper");
  expect(suggested.map(({ name }) => name).at(-1)).toBe("Admin");
  // What somebody else was refused tells nothing, and no more than names is told.
  expect((await listRequestableRoles(user, decisionId)).suggested).toEqual([]);
  expect((await listRequestableRoles(refused, "no id")).suggested).toEqual([]);
  expect(Object.keys(suggested[0] ?? {}).sort()).toEqual(["description", "id", "name"]);
});

test("a refusal suggests only a role that would have allowed it: none held, none whose condition is not met", async () => {
  const refused = await aCallerHolding({ view_invoice: "own" });
  const roles = {
    anywhere: await aRole({ view_invoice: "all" }, `Anywhere ${newId()}`),
    own: await aRole({ view_invoice: "own" }, `Own ${newId()}`),
    small: await aRole(
      { view_invoice: { kind: "field", field: "amount", operator: "at-most", value: 100 } },
      `Small ${newId()}`,
    ),
    others: await aRole(
      { view_invoice: { kind: "email-domain", domains: ["elsewhere.example"] } },
      `Others ${newId()}`,
    ),
  };
  // Met by whoever has the role, and by nobody before.
  const itself = await aRole({}, `Itself ${newId()}`);
  const { id: permissionId } = await prisma().permission.findUniqueOrThrow({
    where: { key: "view_invoice" },
  });
  const condition = { kind: "role", ids: [itself] };
  await prisma().rolePermission.create({ data: { roleId: itself, permissionId, condition } });
  const suggestedFor = async (amount: number): Promise<string[]> => {
    const caller = await again(refused);
    const foreign = { id: newId(), ownerId: newId(), amount };
    const error = await authorize(caller, INVOICE_PERMISSIONS.view, foreign).catch((it) => it);
    const { suggested } = await listRequestableRoles(caller, (error as AccessDenied).decisionId);
    return suggested.map(({ id }) => id);
  };
  const of = async (amount: number) => {
    const found = await suggestedFor(amount);
    return [...Object.values(roles), itself].filter((id) => found.includes(id));
  };
  expect(await of(500)).toEqual([roles.anywhere, itself]);
  expect(await of(50)).toEqual([roles.anywhere, roles.small, itself]);
  // By now they hold it: there is nothing to ask for, though the refusal stands.
  const error = await authorize(await again(refused), INVOICE_PERMISSIONS.view, {
    id: newId(),
    ownerId: newId(),
    amount: 500,
  }).catch((it) => it);
  const { decisionId } = error as AccessDenied;
  await give(refused.principal.userId, roles.anywhere);
  const { suggested } = await listRequestableRoles(refused, decisionId);
  expect(suggested.map(({ id }) => id)).not.toContain(roles.anywhere);
  expect(suggested.map(({ id }) => id)).toContain(itself);
});

test("the inbox says what a role gives and what of it is new, counts, and keeps one's own apart", async () => {
  const partly = await aCallerHolding({ view_invoice: "all" });
  const id = await ask(partly);
  const mine = (await listInbox(approver)).pending.find((request) => request.id === id);
  expect(mine).toMatchObject({ gained: ["create_invoice"], missing: [], own: false });
  expect(mine?.gives.map(({ key }) => key)).toEqual(["create_invoice", "view_invoice"]);
  const counted = await countOwnInbox(approver);
  expect(counted).toBeGreaterThan(0);
  expect(await countOwnInbox(user)).toBeNull();
  await expect(listInbox(user)).rejects.toThrow(AccessDenied);
  await denyRequest(approver, id, "");
  expect(await countOwnInbox(approver)).toBe((counted ?? 0) - 1);
});

test("a service account asks for nothing, nor does an app in its user's name", async () => {
  for (const means of ["service", "app", "personal-token"] as const) {
    const caller = { ...user, principal: { ...user.principal, means } };
    await expect(askForRole(caller, wish())).rejects.toThrow(TokenInsufficient);
  }
});

test("every step has its event, and old requests go when they are over", async () => {
  const id = await ask();
  await approveRequest(approver, id, "Go");
  await endOwnAccess(user, id);
  const events = await prisma().auditEvent.findMany({
    where: { targetId: id },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ action }) => action)).toEqual([
    "access.requested",
    "access.request_approved",
    "access.ended",
  ]);
  const waiting = await aUserHolding({});
  const kept = await ask(await callerOf(waiting.id), minutes(15));
  await prisma().$executeRaw`
    UPDATE access_requests SET created_at = now() - interval '400 days', granted_until = NULL
     WHERE id = ${id}::uuid`;
  expect(await purgeRequests()).toBe(1);
  expect(await prisma().accessRequest.count({ where: { id: { in: [id, kept] } } })).toBe(1);
});

test("whoever is no active member any more asks for nothing (ATK-44)", async () => {
  const { userId } = user.principal;
  const UNKNOWN = { outcome: "rejected", reason: "unknown-role" };
  await prisma().user.update({ where: { id: userId }, data: { status: "disabled" } });
  expect(await askForRole(user, wish())).toEqual(UNKNOWN);
  await prisma().user.update({ where: { id: userId }, data: { status: "active" } });
  const result = await whileUncommitted(
    (tx) => tx.membership.deleteMany({ where: { userId } }),
    () => askForRole(user, wish()),
  );
  expect(result).toEqual(UNKNOWN);
  expect(await prisma().accessRequest.count({ where: { userId } })).toBe(0);
});
