import { beforeEach, expect, test, vi } from "vitest";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { answerConsent, findInteractionStep } from "@/lib/oidc/interactions";
import { prisma } from "@/lib/platform/db/client";
import { revokeOtherSessions } from "@/lib/sessions/revoke-sessions";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest, aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { tokenMailedTo } from "@/tests/support/mailbox";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

/** What happens once it is known what a session grants, and before it is stored. */
const meanwhile = vi.hoisted(() => ({ happens: async (): Promise<unknown> => undefined }));
vi.mock("@/lib/oidc/storable-grant", async (original) => {
  const actual = await original<typeof import("@/lib/oidc/storable-grant")>();
  const storableGrant: typeof actual.storableGrant = async (grant) => {
    const storable = await actual.storableGrant(grant);
    await meanwhile.happens();
    return storable;
  };
  return { ...actual, storableGrant };
});

// What a session grants to an app while it is being ended (INV-2).

const send = serveMachinePaths();

beforeEach(async () => {
  meanwhile.happens = async () => undefined;
  await prisma().rateLimit.deleteMany();
});

const anApp = async (firstParty = false) => {
  const app = await aClient({ name: "Mine", kind: "web", redirectUris: [CALLBACK], firstParty });
  return app.clientId;
};

async function resets(user: TestUser): Promise<() => Promise<unknown>> {
  await requestPasswordReset(user.email, aRequest());
  const token = await tokenMailedTo(user.email);
  return () => resetPassword(token, "an entirely different phrase", aRequest());
}

const grantsOf = (userId: string) => prisma().oidcGrant.count({ where: { userId } });

/** A session at the page where it is asked for its user's consent. */
async function asked() {
  const user = await aUser();
  const session = await aSession(user.id);
  const url = authorizationUrl(await anApp(), aPkce());
  const answer = await new Browser(send, session).get(url);
  const uid = /interaction\/([^/]+)$/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
  const caller = await callerWith(session);
  expect((await findInteractionStep(uid, caller)).step).toBe("consent");
  return { user, uid, caller };
}

test("a consent whose session ended before it is answered grants nothing (INV-2)", async () => {
  const { user, uid, caller } = await asked();
  await (await resets(user))();
  for (const allow of [true, false]) {
    expect(await answerConsent(caller, uid, allow)).toEqual({
      outcome: "rejected",
      reason: "gone",
    });
  }
  expect(await grantsOf(user.id)).toBe(0);
  expect(
    await prisma().auditEvent.count({ where: { actorId: user.id, targetType: "client" } }),
  ).toBe(0);
});

test("a consent in flight does not outlive a reset (INV-2)", async () => {
  const { user, uid, caller } = await asked();
  meanwhile.happens = await resets(user);
  expect(await answerConsent(caller, uid, true)).toEqual({ outcome: "rejected", reason: "gone" });
  expect(await grantsOf(user.id)).toBe(0);
  // It is as open as it was, for nobody.
  expect((await findInteractionStep(uid, null)).step).toBe("sign-in");
});

test("whichever comes first, a consent or a reset, no grant is left (INV-2)", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { user, uid, caller } = await asked();
    const reset = await resets(user);
    await Promise.all([answerConsent(caller, uid, true), reset()]);
    expect(await grantsOf(user.id)).toBe(0);
  }
});

test("what a first-party client is granted unasked does not outlive a reset either (INV-2)", async () => {
  const user = await aUser();
  const browser = new Browser(send, await aSession(user.id));
  meanwhile.happens = await resets(user);
  const end = await browser.authorize(authorizationUrl(await anApp(true), aPkce()));
  expect([end.origin, end.searchParams.get("error")]).toEqual([
    new URL(CALLBACK).origin,
    "login_required",
  ]);
  expect(await grantsOf(user.id)).toBe(0);
});

test("nor does a session that has ended get a copy of what was granted in another (INV-2)", async () => {
  const user = await aUser();
  const app = await anApp();
  const [own, stolen] = [await aSession(user.id), await aSession(user.id)];
  await new Browser(send, own).authorize(authorizationUrl(app, aPkce()));
  expect(await grantsOf(user.id)).toBe(1);
  meanwhile.happens = async () => revokeOtherSessions(await callerWith(own));
  const end = await new Browser(send, stolen).authorize(authorizationUrl(app, aPkce()));
  expect(end.searchParams.get("error")).toBe("login_required");
  expect(await grantsOf(user.id)).toBe(1);
});
