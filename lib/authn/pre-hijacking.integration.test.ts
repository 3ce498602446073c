import { beforeAll, describe, expect, test, vi } from "vitest";
import { requestEmailChange } from "@/lib/authn/change-email";
import { confirmEmailChange } from "@/lib/authn/confirm-email-change";
import { confirmRegistration } from "@/lib/authn/confirm-registration";
import { inviteUser } from "@/lib/authn/invite-user";
import { finishIdentityLink, startIdentityLink } from "@/lib/authn/own-identities";
import { register } from "@/lib/authn/register";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { signInWithIdentity, type UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
} from "@/tests/support/builders";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";

// The five kinds of pre-hijacking that Sudhodanan and Paverd describe (USENIX Security 2022): an attacker does something with
// an address before its owner comes, and has the account, or part of it, once they came.

beforeAll(async () => {
  vi.stubEnv("AUTH_GOOGLE_ID", "client");
  vi.stubEnv("AUTH_GOOGLE_SECRET", "secret");
  await anInstance();
});

const anAddress = () => `victim-${newId()}@example.com`;
const ATTACKERS_PASSWORD = "eleven hostile anvils";
const VICTIMS_PASSWORD = "nineteen gentle rivers";

const identityWith = (email: string, emailVerified = true): UpstreamIdentity => ({
  provider: "google",
  providerAccountId: newId(),
  type: "oidc",
  email,
  emailVerified,
  name: "Victim",
});

async function attackerSignsUp(email: string): Promise<void> {
  const attacker = { email, name: null, password: ATTACKERS_PASSWORD, browserSecret: newSecret() };
  await register(attacker, aRequest());
}

const signIn = async (email: string, password: string) =>
  (await signInWithPassword(email, password, undefined, aRequest())).outcome;

async function reset(email: string): Promise<void> {
  await requestPasswordReset(email, aRequest());
  const result = await resetPassword(await tokenMailedTo(email), VICTIMS_PASSWORD, aRequest());
  expect(result.outcome).toBe("changed");
}

describe("classic-federated merge (ATK-15)", () => {
  test("a password chosen before the owner came by a provider opens nothing", async () => {
    const email = anAddress();
    await attackerSignsUp(email);
    const victim = await signInWithIdentity(identityWith(email), aRequest());
    expect(victim.outcome).toBe("accepted");
    expect(await signIn(email, ATTACKERS_PASSWORD)).toBe("rejected");
    // Not even by the link, should the owner click it in a browser of their own.
    const link = await tokenMailedTo(email);
    const proof = { browserSecret: newSecret(), password: ATTACKERS_PASSWORD };
    expect((await confirmRegistration(link, proof, aRequest())).outcome).toBe("rejected");
    expect(await signIn(email, ATTACKERS_PASSWORD)).toBe("rejected");
  });

  test("an identity with the address of an account is not merged into it, invited or not", async () => {
    const user = await aUser();
    const admin = await aCaller({ roles: ["Admin"] });
    const invited = anAddress();
    const invitation = { email: invited, name: null, password: null, roleIds: null };
    expect((await inviteUser(admin, invitation)).outcome).toBe("created");
    for (const email of [user.email, invited]) {
      expect(await signInWithIdentity(identityWith(email), aRequest())).toEqual({
        outcome: "rejected",
        reason: "account-exists",
      });
    }
  });
});

test("unexpired session (ATK-15): no session, link on its way or wish from before a reset lives on", async () => {
  const victim = await aUser();
  const cookie = await aSession(victim.id);
  const attacker = await callerWith(cookie);
  const link = await startIdentityLink(attacker, "google");
  await reset(victim.email);
  expect(await findPrincipal(cookie)).toBeNull();
  // Also when the request was already past the look at its session.
  const late = await finishIdentityLink(attacker, link, identityWith("attacker@example.com"));
  expect(late).toBe("expired");
  expect(await prisma().account.count({ where: { userId: victim.id } })).toBe(0);
});

describe("trojan identifier (ATK-15)", () => {
  test("there is no account to put one on before its address is confirmed", async () => {
    const email = anAddress();
    await attackerSignsUp(email);
    expect(await signIn(email, ATTACKERS_PASSWORD)).toBe("rejected");
    expect(await prisma().user.count({ where: { email } })).toBe(0);
  });

  test("an attacker's link, carried into the owner's browser, connects nothing to the owner", async () => {
    const attacker = await aCaller();
    const planted = await startIdentityLink(attacker, "google");
    const victim = await aCaller();
    const identity = identityWith("attacker@example.com");
    expect(await finishIdentityLink(victim, planted, identity)).toBe("expired");
    expect(await prisma().account.count({ where: { userId: victim.principal.userId } })).toBe(0);
  });
});

test("unexpired change of address (ATK-15): a wish from before a reset is not confirmed after it", async () => {
  const victim = await aUser();
  const attacker = await callerWith(await aSession(victim.id));
  const attackers = anAddress();
  await requestEmailChange(attacker, attackers);
  const link = await tokenMailedTo(attackers);
  await reset(victim.email);
  const owner = victim.id;
  expect((await confirmEmailChange(link, owner, aRequest())).outcome).toBe("rejected");
  const { email } = await prisma().user.findUniqueOrThrow({ where: { id: owner } });
  expect(email).toBe(victim.email);
});

describe("non-verifying provider (ATK-15)", () => {
  test("an address on a provider's word alone makes no account and takes none", async () => {
    const user = await aUser();
    for (const email of [anAddress(), user.email]) {
      expect(await signInWithIdentity(identityWith(email, false), aRequest())).toEqual({
        outcome: "rejected",
        reason: "email-unverified",
      });
    }
  });

  test("connected by its attacker, it neither gives them the address nor blocks its owner", async () => {
    const attacker = await aCaller();
    const email = anAddress();
    const link = await startIdentityLink(attacker, "google");
    expect(await finishIdentityLink(attacker, link, identityWith(email, false))).toBe("linked");
    expect(await mailsTo(email)).toEqual([]);
    const victim = await signInWithIdentity(identityWith(email), aRequest());
    if (victim.outcome !== "accepted") throw new Error(victim.reason);
    expect(victim.userId).not.toBe(attacker.principal.userId);
  });
});
