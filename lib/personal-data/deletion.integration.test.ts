import { beforeAll, expect, test } from "vitest";
import { placeHold, releaseHold } from "@/lib/audit-chain/holds";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { leaveOrganization } from "@/lib/memberships/leave-organization";
import {
  cancelDeletionOf,
  findDeletionOf,
  inspectDeletionLink,
  keepOwnAccount,
  undoDeletion,
} from "@/lib/personal-data/cancel-deletion";
import {
  eraseDueAccounts,
  listErasedAccounts,
  repeatErasures,
} from "@/lib/personal-data/erase-due-accounts";
import {
  findOwnDeletion,
  listOwnToHandOver,
  requestDeletion,
} from "@/lib/personal-data/request-deletion";
import { hashSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient, holdOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { asSuperuser, findingsNow, tamper } from "@/tests/support/audit";
import { aCaller, anInstance, aRequest, aSession, callerOf } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import {
  findTexts,
  insertEverywhere,
  listColumns,
  rowOf,
  type Somebody,
  somebody,
} from "@/tests/support/personal-rows";
import { race } from "@/tests/support/race";

const request = (caller: Caller) => requestDeletion(caller, caller.principal.email);

/** As if the grace were over. */
const isDue = (userId: string) =>
  prisma().accountDeletion.updateMany({
    where: { userId },
    data: { dueAt: new Date(Date.now() - 1_000), claimedUntil: null },
  });
const mailSent = () =>
  prisma().outboxMessage.updateMany({ where: { sentAt: null }, data: { sentAt: new Date() } });

/** Through every step of the job, with the mail sent in between. */
async function erased(userId: string): Promise<number> {
  await isDue(userId);
  const before = await eraseDueAccounts();
  await mailSent();
  await prisma().accountDeletion.updateMany({ where: { userId }, data: { claimedUntil: null } });
  return before + (await eraseDueAccounts());
}

const linkTo = async (email: string): Promise<string> => {
  const mail = await prisma().outboxMessage.findFirstOrThrow({
    where: { recipient: email, kind: "deletion-requested" },
    orderBy: { createdAt: "desc" },
  });
  return /undo-account-deletion\?token=([\w-]+)/.exec(mail.text)?.[1] ?? "";
};

let administrator: Caller;
beforeAll(async () => {
  await anInstance();
  administrator = await aCaller({ roles: ["Admin"] });
});

test("who asks for it is signed out everywhere, and can do nothing but keep the account (F109)", async () => {
  const caller = await aCaller();
  const { userId } = caller.principal;
  await aSession(userId);
  const result = await request(caller);
  expect(result.outcome).toBe("requested");
  expect(await prisma().session.count({ where: { userId, revokedAt: null } })).toBe(0);
  const cookie = await aSession(userId);
  const held = await callerOf(userId);
  expect(holdOf(held.principal)).toBe("deletion");
  const refused = await callApi({ method: "GET", path: "/api/v1/me", cookie });
  expect([refused.status, JSON.parse(refused.body ?? "{}")]).toMatchObject([
    403,
    { code: "account_deletion_pending", decisionId: expect.any(String) },
  ]);
  // What is theirs they can still take along.
  expect((await callApi({ method: "GET", path: "/api/v1/account/data", cookie })).status).toBe(200);
  expect(await keepOwnAccount(held)).toBe(true);
  expect(await keepOwnAccount(held)).toBe(false);
  expect((await callApi({ method: "GET", path: "/api/v1/me", cookie })).status).toBe(200);
});

test("it takes a fresh proof, and the address typed (F22, F109)", async () => {
  const caller = await aCaller();
  const { principal } = caller;
  expect(await requestDeletion(caller, "yes")).toEqual({
    outcome: "rejected",
    reason: "not-confirmed",
  });
  const old = { ...principal.session, authTime: new Date(Date.now() - 3_600_000) };
  await expect(request({ ...caller, principal: { ...principal, session: old } })).rejects.toThrow(
    AssuranceInsufficient,
  );
  expect(await findOwnDeletion(caller)).toBeNull();
});

test("asked for twenty times at once, it is asked for once, with one mail (INV-2)", async () => {
  const caller = await aCaller();
  const { userId, email } = caller.principal;
  const results = await race(20, () => request(caller));
  expect(results.filter(({ outcome }) => outcome === "requested")).toHaveLength(1);
  expect(await prisma().accountDeletion.count({ where: { userId } })).toBe(1);
  expect(await prisma().outboxMessage.count({ where: { recipient: email } })).toBe(1);
});

test("the link of the mail keeps the account once, of twenty that open it at once (F109, ATK-41)", async () => {
  const caller = await aCaller();
  const { userId, email } = caller.principal;
  await request(caller);
  const token = await linkTo(email);
  expect(await inspectDeletionLink(token)).toMatchObject({ state: "pending" });
  const undone = await race(20, () => undoDeletion(token, aRequest()));
  expect(undone.filter(Boolean)).toHaveLength(1);
  expect(await inspectDeletionLink(token)).toEqual({ state: "used" });
  expect(await inspectDeletionLink("nonsense")).toEqual({ state: "unknown" });
  expect(await findOwnDeletion(caller)).toBeNull();
  const where = { action: "user.deletion_cancelled", targetId: userId };
  expect(await prisma().auditEvent.count({ where })).toBe(1);
  expect(await erased(userId)).toBe(0);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(1);
});

test("who is alone in managing an organization hands it over first, and nobody counts on who leaves (F109, ATK-44)", async () => {
  const [first, second] = [administrator, await aCaller({ roles: ["Admin"] })];
  expect(await listOwnToHandOver(second)).toEqual([]);
  expect((await request(second)).outcome).toBe("requested");
  // Who stays is the only one now, though the other's account is still there.
  const { organizationId } = first.principal;
  expect((await listOwnToHandOver(first)).map(({ id }) => id)).toEqual([organizationId]);
  expect(await request(first)).toMatchObject({
    outcome: "rejected",
    reason: "hand-over",
    organizations: [{ id: organizationId }],
  });
  expect(await leaveOrganization(first, organizationId)).toMatchObject({
    reason: "last-administrator",
  });
  expect(await keepOwnAccount(await callerOf(second.principal.userId))).toBe(true);
  expect(await listOwnToHandOver(first)).toEqual([]);
});

test("of two administrators who ask at once, one stays (ATK-44)", async () => {
  const others = await prisma().userRole.findMany({
    where: { role: { name: "Admin" } },
    select: { userId: true },
  });
  for (const { userId } of others) {
    if (userId !== administrator.principal.userId) {
      await prisma().userRole.deleteMany({ where: { userId } });
    }
  }
  const both = [administrator, await aCaller({ roles: ["Admin"] })];
  const results = await Promise.all(both.map(request));
  expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(["rejected", "requested"]);
  for (const { principal } of both) await keepOwnAccount(await callerOf(principal.userId));
  administrator = await callerOf(administrator.principal.userId);
});

test("an administrator sees that it is pending, and keeps the account", async () => {
  const caller = await aCaller();
  const { userId } = caller.principal;
  await request(caller);
  expect(await findDeletionOf(administrator, userId)).toMatchObject({ userId, begun: false });
  expect(await cancelDeletionOf(administrator, userId)).toEqual({ outcome: "cancelled" });
  expect(await cancelDeletionOf(administrator, userId)).toEqual({ outcome: "nothing-pending" });
  expect(await findDeletionOf(administrator, userId)).toBeNull();
});

test("before the grace is over nothing is erased", async () => {
  const caller = await aCaller();
  await request(caller);
  await eraseDueAccounts();
  expect(await prisma().user.count({ where: { id: caller.principal.userId } })).toBe(1);
});

let anna: Somebody;
let bert: Somebody;

/** Events, mails, traces and reviews of others that speak of Anna. */
async function mentionsOf(one: Somebody, other: Somebody): Promise<void> {
  const columns = await listColumns();
  const of = (table: string) => columns.filter((column) => column.table === table);
  const invitation = { email: one.email };
  await asSuperuser(
    rowOf(of("audit_events"), other, one, {
      target_type: "invitation",
      target_id: newId(),
      reason: null,
      before: invitation,
      after: null,
    }),
  );
  const id = newId();
  const review = {
    id,
    author_id: one.id,
    author_name: one.email,
    closed_by: other.id,
    closed_by_name: other.email,
    state: "closed",
    evidence_hash: "none",
  };
  await tamper(
    rowOf(of("outbox"), other, one, { text: `Invited by ${one.email}` }),
    rowOf(of("decision_traces"), other, one, {
      trace: { facts: { principal: { id: other.id } }, names: { [one.id]: one.email } },
    }),
    rowOf(of("access_reviews"), other, one, review),
    rowOf(of("access_review_items"), one, other, {
      review_id: id,
      granted_by_name: other.email,
      reviewer_id: other.id,
      reviewer_name: other.email,
      decided_by: other.id,
      decided_by_name: other.email,
    }),
    rowOf(of("access_review_items"), other, one, {
      review_id: id,
      position: 2,
      granted_by_name: one.email,
      reviewer_id: one.id,
      reviewer_name: one.email,
      decided_by: one.id,
      decided_by_name: one.email,
    }),
  );
}

/** What there is of somebody who stays, but for where what was said of somebody else goes. */
const rowsOf = async (label: string) =>
  (await findTexts([label]))
    .filter((text) => !/^(outbox|decision_traces|audit_events|access_review_items)\./.test(text))
    .toSorted();

test("after the grace nothing in the whole database says who it was, and nobody else has lost anything (F109)", async () => {
  const { defaultOrganizationId } = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  anna = somebody("anna", defaultOrganizationId);
  bert = somebody("bert", defaultOrganizationId);
  await insertEverywhere(anna, bert);
  await insertEverywhere(bert, anna);
  await prisma().accountDeletion.deleteMany({ where: { userId: { in: [anna.id, bert.id] } } });
  await prisma().auditHold.deleteMany();
  await mentionsOf(anna, bert);
  await tamper(
    "DELETE FROM access_review_items WHERE review_id NOT IN (SELECT id FROM access_reviews)",
  );
  await sealEverything();
  await prisma().session.updateMany({
    where: { userId: anna.id },
    data: { acr: "urn:gatehouse:aal2", amr: ["pwd", "otp", "mfa"] },
  });
  const cookie = await aSession(anna.id);
  await prisma().session.updateMany({
    where: { tokenHash: hashSecret(cookie) },
    data: { acr: "urn:gatehouse:aal2", amr: ["pwd", "otp", "mfa"] },
  });
  const caller = await callerOf(anna.id);
  const proven = { ...caller.principal.session, acr: "urn:gatehouse:aal2" };
  const asked = { ...caller, principal: { ...caller.principal, session: proven } };
  expect(await findTexts([anna.email])).not.toEqual([]);
  const ofBert = await rowsOf("bert:");
  expect(ofBert.length).toBeGreaterThan(50);
  expect((await request(asked)).outcome).toBe("requested");
  // Two workers at once, and each step again after it was done.
  await isDue(anna.id);
  await race(4, eraseDueAccounts);
  await mailSent();
  await prisma().accountDeletion.updateMany({ data: { claimedUntil: null } });
  await race(4, eraseDueAccounts);
  await prisma().accountDeletion.updateMany({ data: { claimedUntil: null } });
  await eraseDueAccounts();
  expect(await findTexts([anna.email, anna.name, anna.phone])).toEqual([]);
  const left = (await findTexts(["anna:"])).filter(
    (text) => !/^(invoices|audit_events)\./.test(text) && !text.startsWith("outbox."),
  );
  expect(left.map((text) => text.split(":")[0]).toSorted()).toEqual(EVIDENCE);
  expect(await rowsOf("bert:")).toEqual(ofBert);
  const events = await prisma().auditEvent.findMany({ where: { actorId: anna.id } });
  expect(events.length).toBeGreaterThan(0);
  expect(events.filter(({ ip, userAgent }) => ip !== null || userAgent !== null)).toEqual([]);
  await sealEverything();
  expect(await findingsNow()).toEqual([]);
  const where = { action: "user.erased", targetId: anna.id };
  expect(await prisma().auditEvent.count({ where })).toBe(1);
  // An invoice keeps its owner, who is nobody.
  expect(await prisma().user.findUniqueOrThrow({ where: { id: anna.id } })).toMatchObject({
    email: `erased-${anna.id}@erased.invalid`,
    name: null,
    status: "disabled",
  });
  expect((await listErasedAccounts()).map(({ userId }) => userId)).toContain(anna.id);
  const [item] = await prisma().accessReviewItem.findMany({
    where: { userId: anna.id, position: 1 },
  });
  expect(item).toMatchObject({ subject: anna.id, subjectName: null });
});

/** What was asked and decided in an access review. Who it was about is an id. */
const EVIDENCE = [
  "access_review_items.client_id",
  "access_review_items.grant_name",
  "access_review_items.note",
];

test("one who owns nothing that is kept is gone, and the erasure can be repeated after a restored backup (F109)", async () => {
  const caller = await aCaller();
  const { userId, email, name } = caller.principal;
  await request(caller);
  expect(await erased(userId)).toBe(1);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(0);
  expect(await findTexts([email])).toEqual([]);
  // The backup of the day before.
  await prisma().accountDeletion.deleteMany({ where: { userId } });
  await prisma().user.create({ data: { id: userId, email, name, status: "active" } });
  expect(await repeatErasures([userId, newId()], aRequest())).toBe(1);
  expect(await repeatErasures([userId], aRequest())).toBe(1);
  expect(await erased(userId)).toBe(1);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(0);
  expect(await repeatErasures([userId], aRequest())).toBe(0);
});

test("an address that is a part of somebody else's takes nothing of theirs with it (F109, ATK-43)", async () => {
  const caller = await aCaller();
  const { userId } = caller.principal;
  const [email, longer, further] = ["eve@example.co", "steve@example.co", "eve@example.com"];
  await prisma().user.update({ where: { id: userId }, data: { email } });
  const ofOthers = [longer, further, `x.${email}`, `${email}.uk`];
  const own = [email, `said:\n${email}.`, `Eve <${email}>, here`];
  const written = async (text: string) => {
    const id = newId();
    await prisma().auditEvent.create({
      data: {
        id,
        at: new Date(),
        action: "thing.done",
        outcome: "success",
        requestId: "x",
        actorType: "system",
        targetType: "invitation",
        targetId: newId(),
        after: { text },
      },
    });
    await prisma().decisionTrace.create({
      data: { id, trace: { facts: { principal: { id: newId() } }, names: [text] } },
    });
    await prisma().outboxMessage.create({
      data: {
        id,
        kind: "x",
        recipient: "x@example.com",
        subject: "",
        text,
        html: "",
        sentAt: new Date(),
      },
    });
    return id;
  };
  const [kept, gone] = [
    await Promise.all(ofOthers.map(written)),
    await Promise.all(own.map(written)),
  ];
  expect((await requestDeletion(await callerOf(userId), email)).outcome).toBe("requested");
  expect(await erased(userId)).toBe(1);
  const counts = async (ids: string[]) => {
    const where = { id: { in: ids } };
    return [
      await prisma().auditEvent.count({ where: { ...where, detailSalt: { not: null } } }),
      await prisma().decisionTrace.count({ where }),
      await prisma().outboxMessage.count({ where }),
    ];
  };
  expect(await counts(kept)).toEqual([4, 4, 4]);
  expect(await counts(gone)).toEqual([0, 0, 0]);
});

test("one that is broken off is gone on with by another (F109)", async () => {
  const caller = await aCaller();
  const { userId } = caller.principal;
  await request(caller);
  await isDue(userId);
  await eraseDueAccounts();
  // Whoever was at it was killed: the claim stands until it is over.
  await mailSent();
  await prisma().accountDeletion.updateMany({
    where: { userId },
    data: { claimedUntil: new Date(Date.now() + 60_000) },
  });
  expect(await eraseDueAccounts()).toBe(0);
  expect(await undoDeletion(await linkTo(caller.principal.email), aRequest())).toBe(false);
  await prisma().accountDeletion.updateMany({ where: { userId }, data: { claimedUntil: null } });
  expect(await eraseDueAccounts()).toBe(1);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(0);
});

test("a hold keeps all of it until it is over (F109, F114)", async () => {
  const caller = await aCaller();
  const { userId } = caller.principal;
  await request(caller);
  await placeHold(userId, "case 9", aRequest());
  expect(await erased(userId)).toBe(0);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(1);
  await releaseHold(userId, "over", aRequest());
  expect(await erased(userId)).toBe(1);
  expect(await prisma().user.count({ where: { id: userId } })).toBe(0);
});
