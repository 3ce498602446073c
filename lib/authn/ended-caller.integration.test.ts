import { beforeAll, expect, test, vi } from "vitest";
import { findOwnEmailChange, requestEmailChange } from "@/lib/authn/change-email";
import { changeFactor } from "@/lib/authn/change-factor";
import { changePassword } from "@/lib/authn/change-password";
import { enrolTotp, regenerateRecoveryCodes, startTotp } from "@/lib/authn/own-factors";
import { finishIdentityLink, startIdentityLink } from "@/lib/authn/own-identities";
import { disownSignIn } from "@/lib/authn/sign-in-alert";
import { insertAlert } from "@/lib/authn/sign-in-alert-store";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { attachIdentity } from "@/lib/federation/link-identity";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { revokeOwnSession } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";
import {
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { totpCode } from "@/tests/support/factors";

/** What happens while a password is being hashed, which is when there is time for it. */
const meanwhile = vi.hoisted(() => ({ happens: async (): Promise<unknown> => undefined }));
vi.mock("@/lib/credentials/password/hash-password", async (original) => {
  const actual = await original<typeof import("@/lib/credentials/password/hash-password")>();
  const hashPassword: typeof actual.hashPassword = async (password) => {
    await meanwhile.happens();
    return actual.hashPassword(password);
  };
  return { ...actual, hashPassword };
});

// A request that was let in, and whose session ends before it has done its work (INV-2).

beforeAll(async () => {
  await anInstance();
  const google = { id: "client", secret: "secret", issuer: "https://accounts.google.com" };
  Object.assign(getConfig(), { google });
});

async function aThief(): Promise<{ owner: TestUser; caller: Caller; end: () => Promise<unknown> }> {
  const owner = await aUser();
  const caller = await callerWith(await aSession(owner.id));
  const other = await callerWith(await aSession(owner.id));
  return { owner, caller, end: () => revokeOwnSession(other, caller.principal.session.id) };
}

const anIdentity = () => ({
  provider: "google",
  providerAccountId: newId(),
  type: "oidc",
  email: null,
  emailVerified: false,
  name: null,
});

test("an ended session adds no factor, whatever it had begun (INV-2)", async () => {
  const { owner, caller, end } = await aThief();
  const link = await startIdentityLink(caller, "google");
  const text = (await startTotp(caller))?.text ?? "";
  await end();
  expect(await finishIdentityLink(caller, link, anIdentity())).toBe("expired");
  expect(await enrolTotp(caller, totpCode(text))).toBeNull();
  expect(await regenerateRecoveryCodes(caller)).toBeNull();
  expect(await prisma().account.count({ where: { userId: owner.id } })).toBe(0);
  expect(await prisma().recoveryCode.count({ where: { userId: owner.id } })).toBe(0);
});

test("an ended session asks for no other address", async () => {
  const { caller, end } = await aThief();
  await end();
  await requestEmailChange(caller, `thief-${newId()}@example.com`);
  expect(await findOwnEmailChange(caller)).toBeNull();
});

test("a change of password whose session ends while it is hashed changes nothing", async () => {
  const { owner, caller, end } = await aThief();
  const stolen = "nineteen yellow kettles";
  meanwhile.happens = end;
  const change = await changePassword(caller, owner.password, stolen);
  meanwhile.happens = async () => undefined;
  expect(change.outcome).toBe("rejected");
  const attempt = await signInWithPassword(owner.email, stolen, undefined, aRequest());
  expect(attempt.outcome).toBe("rejected");
});

test("a factor that is added while the owner says it was not them is gone with the rest", async () => {
  const { owner, caller } = await aThief();
  const secret = newSecret();
  await insertAlert(
    {
      id: newId(),
      userId: owner.id,
      sessionId: caller.principal.session.id,
      tokenHash: hashSecret(secret),
      lifetimeSeconds: 60,
    },
    prisma(),
  );
  let disowning: Promise<unknown> = Promise.resolve();
  await changeFactor(caller, { factor: "federation", change: "added" }, async (tx) => {
    await attachIdentity(owner.id, anIdentity(), tx);
    disowning = disownSignIn(secret, aRequest());
    await new Promise((resolve) => setTimeout(resolve, 300));
    return true;
  });
  expect(await disowning).toMatchObject({ outcome: "disowned" });
  expect(await prisma().account.count({ where: { userId: owner.id } })).toBe(0);
});
