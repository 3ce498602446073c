import { beforeAll, expect, test, vi } from "vitest";
import { createFirstAdministrator, setupIsOpen } from "@/lib/authn/first-administrator";
import { inviteUser, inviteUserAsOperator } from "@/lib/authn/invite-user";
import { inspectResetLink, resetPassword } from "@/lib/authn/reset-password";
import { sendSignInLink } from "@/lib/authn/send-sign-in-link";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { AccessDenied } from "@/lib/authz/authorize";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { updateUser } from "@/lib/users/update-user";
import { aCaller, anInstance, aRequest, aUser } from "@/tests/support/builders";
import { aCallerHolding, aUserHolding, eventsOf, roleIdNamed } from "@/tests/support/roles";

vi.mock(import("@/lib/credentials/password/hash-password"), { spy: true });

const PASSWORD = "violet teapot under gravel";
let admin: Caller;

const anInvitation = () => ({
  email: `${newId()}@example.com`,
  name: "Ines",
  password: null as string | null,
  roleIds: null as string[] | null,
});
const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });
const mailsTo = (recipient: string) =>
  prisma().outboxMessage.findMany({ where: { recipient }, orderBy: { id: "asc" } });

/** The secret in a mail's link. */
function secretIn(text: string | undefined): string {
  const token = /token=([\w-]+)/.exec(text ?? "")?.[1];
  if (token === undefined) throw new Error("the mail has no link");
  return token;
}

beforeAll(async () => {
  await anInstance();
  // Before anybody is an administrator: the set-up must be open to begin with.
  expect(await setupIsOpen()).toBe(true);
});

test("a user from the command line leaves set-up open, unless they may do everything (ATK-45)", async () => {
  const request = aRequest();
  const plain = await inviteUserAsOperator({ ...anInvitation(), password: PASSWORD }, request);
  expect(plain.result).toMatchObject({ outcome: "created", user: { status: "active" } });
  expect(await setupIsOpen()).toBe(true);
  const roleIds = [await roleIdNamed("Admin")];
  const { result, secret } = await inviteUserAsOperator({ ...anInvitation(), roleIds }, request);
  expect(result).toMatchObject({ outcome: "created", user: { status: "pending" } });
  expect(await setupIsOpen()).toBe(false);
  expect(await inspectResetLink(secret)).toMatchObject({ state: "pending", purpose: "invitation" });
  const late = { email: `${newId()}@example.com`, name: null, password: PASSWORD };
  expect(await createFirstAdministrator(late, null, request)).toMatchObject({
    outcome: "rejected",
  });
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

test("what the command line refuses leaves nothing behind and shows no link", async () => {
  const invitation = anInvitation();
  await inviteUserAsOperator(invitation, aRequest());
  expect(await inviteUserAsOperator(invitation, aRequest())).toEqual({
    result: { outcome: "rejected", reason: "address-taken" },
    secret: null,
  });
  const weak = { ...anInvitation(), password: "password123" };
  expect(await inviteUserAsOperator(weak, aRequest())).toEqual({
    result: { outcome: "rejected", reason: "common" },
    secret: null,
  });
  expect(await mailsTo(invitation.email)).toHaveLength(1);
});

test("an invitation lets its user choose a password once, and makes them active", async () => {
  const invitation = anInvitation();
  const caller = again(admin);
  const result = await inviteUser(caller, invitation);
  expect(result).toMatchObject({ outcome: "created", user: { status: "pending" } });
  expect(await eventsOf(caller)).toMatchObject([
    { action: "user.created", actorId: admin.principal.userId, after: { roles: ["User"] } },
  ]);
  const [mail] = await mailsTo(invitation.email);
  const secret = secretIn(mail?.text);
  const accepting = aRequest();
  expect(await resetPassword(secret, PASSWORD, accepting)).toMatchObject({
    outcome: "changed",
    first: true,
  });
  const done = await prisma().auditEvent.findMany({ where: { requestId: accepting.requestId } });
  expect(done.map(({ action }) => action)).toEqual(["user.password_set"]);
  // Nothing was changed that they could be told of.
  expect((await mailsTo(invitation.email)).map(({ kind }) => kind)).toEqual(["invitation"]);
  expect(await resetPassword(secret, PASSWORD, aRequest())).toMatchObject({ outcome: "rejected" });
  const user = await prisma().user.findUniqueOrThrow({ where: { email: invitation.email } });
  expect(user.status).toBe("active");
});

test("an invitation that another one took the place of says so, and not that it was used", async () => {
  const invitation = anInvitation();
  await inviteUser(again(admin), invitation);
  const user = await prisma().user.findUniqueOrThrow({ where: { email: invitation.email } });
  await sendSignInLink(again(admin), user.id);
  const [first, second] = (await mailsTo(invitation.email)).map(({ text }) => secretIn(text));
  expect(await inspectResetLink(first)).toEqual({ state: "replaced" });
  expect(await resetPassword(first, PASSWORD, aRequest())).toMatchObject({ reason: "replaced" });
  expect(await resetPassword(second, PASSWORD, aRequest())).toMatchObject({ outcome: "changed" });
  expect(await inspectResetLink(second)).toEqual({ state: "used" });
});

test("a user who was given a password signs in with it, and no mail goes out", async () => {
  const invitation = { ...anInvitation(), password: PASSWORD };
  await inviteUser(admin, invitation);
  expect(await mailsTo(invitation.email)).toEqual([]);
  const { email } = invitation;
  expect(await signInWithPassword(email, PASSWORD, undefined, aRequest())).toMatchObject({
    outcome: "authenticated",
  });
});

test("a password that is too close to the address is refused before anybody is made", async () => {
  const email = `quillwort.${newId()}@example.com`;
  const result = await inviteUser(admin, { ...anInvitation(), email, password: "quillwort.1" });
  expect(result).toMatchObject({ outcome: "rejected", reason: "personal" });
  expect(await prisma().user.count({ where: { email } })).toBe(0);
});

test("the roles of every sign-up need no right to assign roles; others do (ATK-42)", async () => {
  const creator = await aCallerHolding({ manage_users: "all" });
  expect(await inviteUser(creator, anInvitation())).toMatchObject({ outcome: "created" });
  expect(await inviteUser(creator, { ...anInvitation(), roleIds: [] })).toMatchObject({
    outcome: "created",
    user: { roles: [] },
  });
  const roleIds = [await roleIdNamed("User")];
  await expect(inviteUser(again(creator), { ...anInvitation(), roleIds })).rejects.toThrow(
    AccessDenied,
  );
});

test("a link is sent to the user alone, and the one before it stops working (ATK-37)", async () => {
  const user = await aUser();
  const caller = again(admin);
  expect(await sendSignInLink(caller, user.id)).toEqual({ outcome: "sent", kind: "reset" });
  await sendSignInLink(again(admin), user.id);
  const mails = await mailsTo(user.email);
  const [first, second] = mails.map((mail) => secretIn(mail.text));
  expect(await inspectResetLink(first)).toEqual({ state: "replaced" });
  expect(await inspectResetLink(second)).toMatchObject({ state: "pending" });
  expect(await eventsOf(caller)).toMatchObject([
    { action: "user.password_reset_requested", actorId: admin.principal.userId, targetId: user.id },
  ]);
});

test("who has not accepted an invitation is sent it again; who is disabled is sent nothing", async () => {
  const invitation = anInvitation();
  const invited = await inviteUser(admin, invitation);
  if (invited.outcome !== "created") throw new Error("the invitation was refused");
  const { id } = invited.user;
  expect(await sendSignInLink(again(admin), id)).toEqual({ outcome: "sent", kind: "invitation" });
  expect((await mailsTo(invitation.email)).map((mail) => mail.kind)).toEqual([
    "invitation",
    "invitation",
  ]);
  await updateUser(again(admin), id, { status: "disabled" }, { confirmed: false });
  expect(await sendSignInLink(again(admin), id)).toEqual({
    outcome: "rejected",
    reason: "disabled",
  });
});

test("nobody sends links to somebody above them, and nobody floods anybody (ATK-42, F120)", async () => {
  const helper = await aCallerHolding({ manage_users: "all", view_invoice: "own" });
  const above = await aUserHolding({ view_invoice: "all" });
  expect(await sendSignInLink(helper, above.id)).toMatchObject({
    reason: "beyond-own-permissions",
  });
  expect(await mailsTo(above.email)).toEqual([]);
  expect(await sendSignInLink(again(admin), newId())).toEqual({ outcome: "not-found" });
  const { id, email } = await aUser();
  for (let count = 0; count < 5; count += 1) await sendSignInLink(again(admin), id);
  expect(await sendSignInLink(again(admin), id)).toMatchObject({ outcome: "limited" });
  expect(await mailsTo(email)).toHaveLength(5);
});

test("whoever may add nobody has no password hashed for it (ATK-75)", async () => {
  const stranger = await aCaller({ roles: [] });
  vi.mocked(hashPassword).mockClear();
  const adding = inviteUser(stranger, { ...anInvitation(), password: PASSWORD });
  await expect(adding).rejects.toBeInstanceOf(AccessDenied);
  expect(hashPassword).not.toHaveBeenCalled();
  const added = await inviteUser(again(admin), { ...anInvitation(), password: PASSWORD });
  expect(added.outcome).toBe("created");
  expect(hashPassword).toHaveBeenCalledOnce();
});
