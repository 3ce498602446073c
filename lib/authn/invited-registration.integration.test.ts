import { beforeAll, expect, test, vi } from "vitest";
import type { confirmRegistration as Confirm } from "@/lib/authn/confirm-registration";
import type { register as Register } from "@/lib/authn/register";
import type { signInWithIdentity as SignIn } from "@/lib/federation/sign-in-with-identity";
import { acceptInvitation } from "@/lib/invitations/accept-invitation";
import { revokeInvitation } from "@/lib/invitations/manage-invitations";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, callerOf } from "@/tests/support/builders";
import { anAddress, anInvitation } from "@/tests/support/invitations";
import { tokenMailedTo } from "@/tests/support/mailbox";

// How people come in where sign-up is for the invited only (F82).

const PASSWORD = "violet teapot under gravel";
const browserSecret = newSecret();

let inviter: Caller;
let register: typeof Register;
let confirmRegistration: typeof Confirm;
let signInWithIdentity: typeof SignIn;

beforeAll(async () => {
  inviter = await aCaller({ roles: ["Admin"] });
  // Modules read their configuration once.
  vi.resetModules();
  vi.stubEnv("SIGN_UP", "invite");
  ({ register } = await import("@/lib/authn/register"));
  ({ confirmRegistration } = await import("@/lib/authn/confirm-registration"));
  ({ signInWithIdentity } = await import("@/lib/federation/sign-in-with-identity"));
});

const signUp = (email: string, invitation: unknown) =>
  register({ email, name: null, password: PASSWORD, browserSecret, invitation }, aRequest());

const CLOSED = { outcome: "rejected", reason: "sign-up-closed" };

test("an invited address signs up, confirms it and accepts", async () => {
  const { email, token } = await anInvitation(inviter);
  expect(await signUp(email, token)).toEqual({ outcome: "accepted" });
  const proof = { browserSecret, password: undefined };
  const link = await tokenMailedTo(email);
  expect(await confirmRegistration(link, proof, aRequest())).toEqual({
    outcome: "confirmed",
    email,
  });
  const user = await prisma().user.findUniqueOrThrow({ where: { email } });
  const accepted = await acceptInvitation(await callerOf(user.id), token);
  expect(accepted.outcome).toBe("accepted");
});

test("the secret opens sign-up for its own address, and the address alone opens none (ATK-38)", async () => {
  const { email, token } = await anInvitation(inviter);
  expect(await signUp(anAddress(), token)).toEqual(CLOSED);
  for (const wrong of [undefined, "", newSecret(), 7]) {
    expect(await signUp(email, wrong)).toEqual(CLOSED);
  }
  expect(await prisma().registration.count({ where: { email } })).toBe(0);
});

test("an invitation that is revoked or over opens no sign-up, and ends one under way (ATK-47)", async () => {
  const { id, email, token } = await anInvitation(inviter);
  await signUp(email, token);
  const link = await tokenMailedTo(email);
  const { organizationId } = inviter.principal;
  await revokeInvitation({ ...inviter, request: aRequest() }, organizationId, id);
  expect(await signUp(email, token)).toEqual(CLOSED);
  const proof = { browserSecret, password: undefined };
  expect(await confirmRegistration(link, proof, aRequest())).toEqual({
    outcome: "rejected",
    reason: "expired",
  });
  expect(await prisma().user.count({ where: { email } })).toBe(0);
});

test("an invitation by somebody who is out opens no sign-up (ATK-42)", async () => {
  const author = await aCaller({ roles: ["Admin"] });
  const { email, token } = await anInvitation(author);
  await prisma().user.update({
    where: { id: author.principal.userId },
    data: { status: "disabled" },
  });
  expect(await signUp(email, token)).toEqual(CLOSED);
});

test("a provider vouches for an invited address, and for no other", async () => {
  const { email } = await anInvitation(inviter);
  const identity = (address: string) => ({
    provider: "google",
    providerAccountId: address,
    type: "oidc" as const,
    email: address,
    emailVerified: true,
    name: null,
  });
  expect((await signInWithIdentity(identity(email), aRequest())).outcome).toBe("accepted");
  expect(await signInWithIdentity(identity(anAddress()), aRequest())).toEqual(CLOSED);
});
