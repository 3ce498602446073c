import { beforeAll, beforeEach, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { prisma } from "@/lib/platform/db/client";
import { AssuranceInsufficient, holdOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { acceptTerms, findTermsInForce, listOwnUnaccepted } from "@/lib/terms/accept-terms";
import { listPublishedTerms, publishTerms } from "@/lib/terms/publish-terms";
import type { NewTerms } from "@/lib/terms/terms.schema";
import { tamper } from "@/tests/support/audit";
import { aCaller, aRequest, aSession, callerOf } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { race } from "@/tests/support/race";

let administrator: Caller;
beforeAll(async () => {
  administrator = await aCaller({ roles: ["Admin"] });
});
beforeEach(() => tamper("DELETE FROM terms_acceptances", "DELETE FROM terms_versions"));

const someTerms = (overrides: Partial<NewTerms> = {}): NewTerms => ({
  document: "terms",
  title: "Terms of use",
  summary: "",
  text: "Be kind.",
  effectiveAt: null,
  ...overrides,
});
const shownTo = async (caller: Caller) =>
  (await listOwnUnaccepted(caller)).map(({ id, digest }) => ({
    id,
    digest: Buffer.from(digest).toString("hex"),
  }));
const again = (caller: Caller) => callerOf(caller.principal.userId);

test("without a published version nobody is asked (F115)", async () => {
  const caller = await aCaller();
  expect(holdOf(caller.principal)).toBeNull();
  expect(await listOwnUnaccepted(caller)).toEqual([]);
  expect(await findTermsInForce("terms")).toBeNull();
});

test("a version in force is asked of running sessions, and what is accepted is on record with version, time and address (F115)", async () => {
  const cookie = await aSession((await aCaller()).principal.userId);
  expect((await callApi({ method: "GET", path: "/api/v1/me", cookie })).status).toBe(200);
  const { id, number } = await publishTerms(administrator, someTerms());
  expect(number).toBe(1);
  const refused = await callApi({ method: "GET", path: "/api/v1/me", cookie });
  expect([refused.status, JSON.parse(refused.body ?? "{}")]).toMatchObject([
    403,
    { code: "terms_not_accepted", decisionId: expect.any(String) },
  ]);
  // What is theirs they may take along all the same.
  const copy = await callApi({ method: "GET", path: "/api/v1/account/data", cookie });
  expect(copy.status).toBe(200);
  const held = await aCaller();
  expect(holdOf(held.principal)).toBe("terms");
  const from = { ...held, request: aRequest({ ip: "203.0.113.7", userAgent: "Browser" }) };
  const before = Date.now();
  expect(await acceptTerms(from, await shownTo(held))).toEqual({ outcome: "accepted" });
  expect(holdOf((await again(held)).principal)).toBeNull();
  const { userId } = held.principal;
  const rows = await prisma().termsAcceptance.findMany({ where: { userId } });
  expect(rows).toMatchObject([{ versionId: id, ip: "203.0.113.7", userAgent: "Browser" }]);
  expect(Math.abs((rows[0]?.acceptedAt.getTime() ?? 0) - before)).toBeLessThan(60_000);
  const where = { action: "terms.accepted", actorId: userId, targetId: id };
  expect(await prisma().auditEvent.count({ where })).toBe(1);
});

test("a new version asks again, and the former acceptance stays on record (F115)", async () => {
  await publishTerms(administrator, someTerms());
  const caller = await aCaller();
  await acceptTerms(caller, await shownTo(caller));
  expect((await publishTerms(administrator, someTerms({ text: "Be kinder." }))).number).toBe(2);
  expect(holdOf((await again(caller)).principal)).toBe("terms");
  expect(await listOwnUnaccepted(caller)).toMatchObject([{ number: 2, text: "Be kinder." }]);
  await acceptTerms(caller, await shownTo(caller));
  const { userId } = caller.principal;
  expect(await prisma().termsAcceptance.count({ where: { userId } })).toBe(2);
});

test("what has come into force since a page was shown is not accepted by it (F115)", async () => {
  await publishTerms(administrator, someTerms());
  const caller = await aCaller();
  const shown = await shownTo(caller);
  await publishTerms(administrator, someTerms({ text: "Be kinder." }));
  expect(await acceptTerms(caller, shown)).toEqual({ outcome: "rejected", reason: "changed" });
  const [one] = await shownTo(caller);
  const forged = [{ id: one?.id ?? "", digest: "00" }];
  expect(await acceptTerms(caller, forged)).toEqual({ outcome: "rejected", reason: "changed" });
  expect(holdOf((await again(caller)).principal)).toBe("terms");
  const { userId } = caller.principal;
  expect(await prisma().termsAcceptance.count({ where: { userId } })).toBe(0);
});

test("of both documents each is asked, and of twenty acceptances at once one counts", async () => {
  await publishTerms(administrator, someTerms());
  await publishTerms(administrator, someTerms({ document: "privacy", title: "Privacy" }));
  const caller = await aCaller();
  const shown = await shownTo(caller);
  expect(shown).toHaveLength(2);
  const { userId } = caller.principal;
  // Where one of them is another than was shown, the other is not accepted either.
  for (const one of shown) {
    expect(await acceptTerms(caller, [one])).toMatchObject({ outcome: "rejected" });
    expect(await prisma().termsAcceptance.count({ where: { userId } })).toBe(0);
  }
  await race(20, () => acceptTerms(caller, shown));
  expect(await prisma().termsAcceptance.count({ where: { userId } })).toBe(2);
  const where = { action: "terms.accepted", actorId: userId };
  expect(await prisma().auditEvent.count({ where })).toBe(2);
});

test("one that is yet to come into force asks nobody", async () => {
  await publishTerms(administrator, someTerms());
  const effectiveAt = new Date(Date.now() + 86_400_000);
  await publishTerms(administrator, someTerms({ text: "Later.", effectiveAt }));
  expect((await findTermsInForce("terms"))?.text).toBe("Be kind.");
});

test("programs are asked nothing: a personal access token goes on (F115)", async () => {
  const made = await createToken(await aCaller(), {
    name: "CI",
    scopes: ["api:read"],
    lifetimeDays: 7,
  });
  if (made.outcome !== "created") throw new Error(made.reason);
  await publishTerms(administrator, someTerms());
  const headers = { authorization: `Bearer ${made.secret}` };
  expect((await callApi({ method: "GET", path: "/api/v1/me", headers })).status).toBe(200);
});

test("publishing takes the permission on the whole instance and a fresh proof, and what is published never changes", async () => {
  const caller = await aCaller();
  await expect(publishTerms(caller, someTerms())).rejects.toThrow(AccessDenied);
  await expect(listPublishedTerms(caller)).rejects.toThrow(AccessDenied);
  const { principal } = administrator;
  const old = { ...principal.session, authTime: new Date(Date.now() - 3_600_000) };
  const stale = { ...administrator, principal: { ...principal, session: old } };
  await expect(publishTerms(stale, someTerms())).rejects.toThrow(AssuranceInsufficient);
  const { id } = await publishTerms(administrator, someTerms());
  await expect(
    prisma().termsVersion.update({ where: { id }, data: { text: "Be quiet." } }),
  ).rejects.toThrow(/violated/);
  await expect(prisma().termsVersion.delete({ where: { id } })).rejects.toThrow(/violated/);
  expect(await findTermsInForce("terms")).toMatchObject({ id, text: "Be kind." });
  const numbers = await race(5, () => publishTerms(administrator, someTerms()));
  expect(numbers.map(({ number }) => number).toSorted()).toEqual([2, 3, 4, 5, 6]);
  expect((await listPublishedTerms(administrator)).map(({ number }) => number)).toHaveLength(6);
});
