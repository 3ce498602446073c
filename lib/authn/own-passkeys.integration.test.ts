import { beforeAll, expect, test } from "vitest";
import {
  enrolPasskey,
  forgetPasskey,
  listOwnPasskeys,
  renamePasskey,
  startPasskey,
} from "@/lib/authn/own-passkeys";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AAL3, AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, anInstance, aRequest, callerWith } from "@/tests/support/builders";
import { aPasskey, ownSite } from "@/tests/support/passkeys";
import { createPasskey, type Tampering } from "@/tests/support/software-authenticator";

beforeAll(async () => {
  await anInstance();
});

/** Adds a passkey and goes on with the session as it raised it. */
async function withPasskey(caller: Caller, name: string): Promise<Caller> {
  const response = createPasskey(await startPasskey(caller), ownSite());
  const result = await enrolPasskey(caller, response, name);
  if (result.outcome !== "changed" || result.ticket === null) throw new Error(result.outcome);
  const redeemed = await redeemSignInTicket(
    result.ticket,
    { deviceSecret: undefined, sessionSecret: undefined },
    aRequest(),
  );
  if (redeemed === null) throw new Error("the ticket raised nothing");
  return callerWith(redeemed.sessionSecret);
}

/** The same session, a quarter of an hour later. */
const grownOld = ({ principal, request }: Caller): Caller => {
  const authTime = new Date(Date.now() - 900_000);
  return { principal: { ...principal, session: { ...principal.session, authTime } }, request };
};

test("a passkey that verified its user and stays on its device raises the session to AAL3 (F27, NIST-17)", async () => {
  const caller = await withPasskey(await aCaller(), "Laptop");
  expect(caller.principal.session.acr).toBe(AAL3);
  expect(caller.principal.secondFactorEnrolled).toBe(true);
  expect(await listOwnPasskeys(caller)).toMatchObject([
    { name: "Laptop", lastUsedAt: null, backupEligible: false, backedUp: false },
  ]);
});

test("a model that the organization does not name is refused, also one that says nothing (F28)", async () => {
  const caller = await aCaller();
  const { organizationId } = caller.principal;
  const models = (passkeyModels: string[]) =>
    prisma().signInPolicy.upsert({
      where: { organizationId },
      create: { organizationId, passkeyModels },
      update: { passkeyModels },
    });
  const yubikey = "9eb7eabc-9db5-49a1-b6c3-555a802093f4";
  const ofModel = (aaguid: string): Tampering => ({
    authData: (bytes) => {
      // After the hash of the site, the flags and the counter (WebAuthn L3 §6.5.1).
      Buffer.from(aaguid.replaceAll("-", ""), "hex").copy(bytes, 37);
      return bytes;
    },
  });
  const enrol = async (tampering: Tampering) => {
    const response = createPasskey(await startPasskey(caller), ownSite(), tampering);
    return enrolPasskey(caller, response, "Key");
  };
  try {
    await models([yubikey]);
    expect(await enrol({})).toEqual({ outcome: "rejected", reason: "model" });
    expect(await enrol(ofModel("6e8d1eae-8d40-4c25-bcf8-4633959afc71"))).toEqual({
      outcome: "rejected",
      reason: "model",
    });
    expect(await listOwnPasskeys(caller)).toEqual([]);
    expect(await enrol(ofModel(yubikey))).toMatchObject({ outcome: "changed" });
    expect(await listOwnPasskeys(caller)).toMatchObject([
      { model: "YubiKey 5 Series with NFC KVZR57" },
    ]);
  } finally {
    await prisma().signInPolicy.deleteMany();
  }
});

test("who has not proven lately who they are adds and forgets nothing (ATK-49)", async () => {
  const caller = await withPasskey(await aCaller(), "Laptop");
  const [passkey] = await listOwnPasskeys(caller);
  const old = grownOld(caller);
  await expect(startPasskey(old)).rejects.toThrow(AssuranceInsufficient);
  const response = createPasskey(await startPasskey(caller), ownSite());
  await expect(enrolPasskey(old, response, "Other")).rejects.toThrow(AssuranceInsufficient);
  await expect(forgetPasskey(old, String(passkey?.id))).rejects.toThrow(AssuranceInsufficient);
  expect(await listOwnPasskeys(caller)).toHaveLength(1);
  // The refusal did not use the challenge up.
  expect((await enrolPasskey(caller, response, "Other")).outcome).toBe("changed");
});

test("a passkey of somebody else is neither renamed nor forgotten (ATK-49)", async () => {
  const caller = await aCaller();
  const other = await aCaller();
  await aPasskey(other.principal.userId, "Theirs");
  const [theirs] = await listOwnPasskeys(other);
  for (const id of [String(theirs?.id), newId()]) {
    expect(await renamePasskey(caller, id, "Mine")).toBeNull();
    expect(await forgetPasskey(caller, id)).toBeNull();
  }
  expect(await listOwnPasskeys(other)).toMatchObject([{ name: "Theirs" }]);
});

test("a passkey gets another name, on record (F26)", async () => {
  const caller = await withPasskey(await aCaller(), "Laptop");
  const [passkey] = await listOwnPasskeys(caller);
  expect(await renamePasskey(caller, String(passkey?.id), "Telephone")).toBe(true);
  expect(await listOwnPasskeys(caller)).toMatchObject([{ name: "Telephone" }]);
  const events = await prisma().auditEvent.findMany({
    where: { action: "factor.renamed", targetId: caller.principal.userId },
  });
  expect(events).toMatchObject([{ before: { label: "Laptop" }, after: { label: "Telephone" } }]);
});

test("the last way in is not forgotten, and one of two is (F26)", async () => {
  const caller = await withPasskey(await withPasskey(await aCaller(), "One"), "Two");
  await prisma().passwordCredential.delete({ where: { userId: caller.principal.userId } });
  const [one, two] = await listOwnPasskeys(caller);
  expect(await forgetPasskey(caller, String(one?.id))).toMatchObject({ outcome: "changed" });
  expect(await forgetPasskey(caller, String(two?.id))).toEqual({
    outcome: "rejected",
    reason: "last-way-in",
  });
  expect(await listOwnPasskeys(caller)).toMatchObject([{ name: "Two" }]);
});

test("nobody has more than twenty", async () => {
  const caller = await withPasskey(await aCaller(), "First");
  for (let more = 1; more < 20; more += 1) await aPasskey(caller.principal.userId);
  const response = createPasskey(await startPasskey(caller), ownSite());
  expect(await enrolPasskey(caller, response, "Last")).toEqual({
    outcome: "rejected",
    reason: "taken",
  });
});
