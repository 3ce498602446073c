import { beforeAll, beforeEach, expect, test } from "vitest";
import { requestEmailChange } from "@/lib/authn/change-email";
import { confirmEmailChange } from "@/lib/authn/confirm-email-change";
import { confirmRegistration } from "@/lib/authn/confirm-registration";
import { inviteUser } from "@/lib/authn/invite-user";
import { register } from "@/lib/authn/register";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { signInWithIdentity } from "@/lib/federation/sign-in-with-identity";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { addUser } from "@/lib/users/add-user";
import { updateUser } from "@/lib/users/update-user";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
} from "@/tests/support/builders";
import { aConnection, askedOf } from "@/tests/support/connections";
import { aVerifiedDomain } from "@/tests/support/domains";
import { tokenMailedTo } from "@/tests/support/mailbox";
import { anOrganization, defaultOrganizationId } from "@/tests/support/teams";

// Who joins an organization by an address at its verified domain: whoever has shown that they read
// its mail, and nobody on somebody else's word (F83).

const PASSWORD = "violet teapot under gravel";
let organizationId: string;
let email: string;

beforeAll(async () => {
  await anInstance();
});

beforeEach(async () => {
  organizationId = await anOrganization();
  const domain = `${newId()}.example`;
  await aVerifiedDomain(domain, organizationId, { autoJoin: true });
  email = `ada@${domain}`;
});

const isMember = async () =>
  (await prisma().membership.count({ where: { organizationId, user: { email } } })) === 1;

const anIdentity = (overrides: object = {}) => ({
  provider: "google",
  providerAccountId: newId(),
  type: "oidc",
  email,
  emailVerified: true,
  name: "Ada",
  ...overrides,
});

test("a confirmed sign-up joins, and one that waits does not", async () => {
  const browserSecret = newSecret();
  await register({ email, name: "Ada", password: PASSWORD, browserSecret }, aRequest());
  expect(await isMember()).toBe(false);
  const proof = { browserSecret, password: undefined };
  await confirmRegistration(await tokenMailedTo(email), proof, aRequest());
  expect(await isMember()).toBe(true);
});

test("an invitation joins once it is accepted, and not by being sent", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  await inviteUser(admin, { email, name: null, password: null, roleIds: [] });
  expect(await isMember()).toBe(false);
  const result = await resetPassword(await tokenMailedTo(email), PASSWORD, aRequest());
  expect(result.outcome).toBe("changed");
  expect(await isMember()).toBe(true);
});

test("an administrator's word joins nobody: not with a new user, not with a new address", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const user = { email, name: null, status: "active", roleIds: [] } as const;
  expect((await addUser(admin, { ...user, roleIds: [] }, async () => async () => {})).outcome).toBe(
    "created",
  );
  expect(await isMember()).toBe(false);
  await prisma().user.delete({ where: { email } });
  const other = await aUser({ roles: [] });
  const terms = { confirmed: false };
  expect((await updateUser(admin, other.id, { email }, terms)).outcome).toBe("updated");
  expect(await isMember()).toBe(false);
});

test("a change of address joins nobody: who was taken out does not come back by another mailbox", async () => {
  const user = await aUser({ roles: [] });
  const caller = await callerWith(await aSession(user.id));
  expect(await requestEmailChange(caller, email)).toEqual({ outcome: "requested" });
  await confirmEmailChange(await tokenMailedTo(user.email), null, aRequest());
  const last = await confirmEmailChange(await tokenMailedTo(email), user.id, aRequest());
  expect(last).toEqual({ outcome: "changed" });
  expect(await prisma().user.count({ where: { id: user.id, email } })).toBe(1);
  expect(await isMember()).toBe(false);
  expect(await prisma().userRole.count({ where: { userId: user.id } })).toBe(0);
});

test("a reset of a password joins nobody who did not ask for it", async () => {
  const { id } = await aUser({ roles: [] });
  await prisma().user.update({ where: { id }, data: { email } });
  await requestPasswordReset(email, aRequest());
  await resetPassword(await tokenMailedTo(email), PASSWORD, aRequest());
  expect(await isMember()).toBe(false);
});

test("a provider of the environment joins, where it has verified the address", async () => {
  expect((await signInWithIdentity(anIdentity(), aRequest())).outcome).toBe("accepted");
  expect(await isMember()).toBe(true);
});

test("a connection joins its own organization, and no other whose domain it names", async () => {
  const connection = await aConnection();
  const identity = anIdentity(askedOf(connection));
  // The domain is another organization's, so that its addresses are not this connection's to name.
  expect(await signInWithIdentity(identity, aRequest())).toMatchObject({
    outcome: "rejected",
    reason: "domain-not-allowed",
  });
  expect(await isMember()).toBe(false);
  const domain = `${newId()}.example`;
  const own = await defaultOrganizationId();
  await aVerifiedDomain(domain, own, { autoJoin: true });
  const colleague = anIdentity({ ...askedOf(connection), email: `ada@${domain}` });
  expect((await signInWithIdentity(colleague, aRequest())).outcome).toBe("accepted");
  const where = { organizationId: own, user: { email: `ada@${domain}` } };
  expect(await prisma().membership.count({ where })).toBe(1);
});
