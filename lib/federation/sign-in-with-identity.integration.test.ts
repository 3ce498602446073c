import { beforeAll, expect, test } from "vitest";
import { recordRefusedCallback } from "@/lib/federation/record-refused-callback";
import { signInWithIdentity, type UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

let sequence = 0;
const anIdentity = (overrides: Partial<UpstreamIdentity> = {}): UpstreamIdentity => {
  sequence += 1;
  return {
    provider: "google",
    providerAccountId: `subject-${sequence}`,
    type: "oidc",
    email: `upstream-${sequence}@example.com`,
    emailVerified: true,
    name: "Grace",
    ...overrides,
  };
};

test("an identity seen for the first time becomes a user, later the same one", async () => {
  const identity = anIdentity();
  const first = await signInWithIdentity(identity, aRequest());
  expect(first.outcome).toBe("accepted");
  expect(await signInWithIdentity(identity, aRequest())).toEqual(first);
});

test("an identity is not linked to a user by its address (ATK-15)", async () => {
  const user = await aUser();
  const request = aRequest();
  const result = await signInWithIdentity(anIdentity({ email: user.email }), request);
  expect(result).toEqual({ outcome: "rejected", reason: "account-exists" });
  expect(await prisma().account.count({ where: { userId: user.id } })).toBe(0);
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { requestId: request.requestId },
  });
  expect(event).toMatchObject({ outcome: "failure", reason: "google: account-exists" });
});

test.each([{ emailVerified: false }, { email: null }, { email: "not an address" }])(
  "without a verified address nobody comes in: %j",
  async (overrides) => {
    expect(await signInWithIdentity(anIdentity(overrides), aRequest())).toEqual({
      outcome: "rejected",
      reason: "email-unverified",
    });
  },
);

test("a disabled user stays out, whatever the provider says", async () => {
  const identity = anIdentity();
  const first = await signInWithIdentity(identity, aRequest());
  if (first.outcome !== "accepted") throw new Error(first.reason);
  await prisma().user.update({ where: { id: first.userId }, data: { status: "disabled" } });
  expect(await signInWithIdentity(identity, aRequest())).toEqual({
    outcome: "rejected",
    reason: "user-disabled",
  });
});

test("20 parallel first sign-ins make one user", async () => {
  const identity = anIdentity();
  const results = await race(20, () => signInWithIdentity(identity, aRequest()));
  expect(results.some(({ outcome }) => outcome === "accepted")).toBe(true);
  expect(await prisma().user.count({ where: { email: identity.email ?? "" } })).toBe(1);
  expect((await signInWithIdentity(identity, aRequest())).outcome).toBe("accepted");
});

test("refused callbacks from one network fill no log, and others are recorded all the same", async () => {
  const requests = Array.from({ length: 200 }, () => aRequest({ ip: "198.51.100.7" }));
  await race<unknown>(requests.length, (index) =>
    index % 2 === 0
      ? recordRefusedCallback("google", requests[index] ?? aRequest())
      : signInWithIdentity(anIdentity({ emailVerified: false }), requests[index] ?? aRequest()),
  );
  const events = await prisma().auditEvent.findMany({
    where: { requestId: { in: requests.map(({ requestId }) => requestId) } },
  });
  expect(events).toHaveLength(61);
  // The last one says that there are others.
  expect(events.filter(({ after }) => after !== null)).toHaveLength(1);

  const elsewhere = aRequest({ ip: "198.51.100.8" });
  await recordRefusedCallback("google", elsewhere);
  const { requestId } = elsewhere;
  expect(await prisma().auditEvent.count({ where: { requestId } })).toBe(1);
});
