import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { KeptSession } from "@/lib/sessions/kept-sessions";
import { listKeptAccounts, resumeSession } from "@/lib/sessions/resume-session";
import { endBrowserSessions } from "@/lib/sessions/revoke-sessions";
import { holdOf } from "@/lib/shared/assurance";
import {
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});

interface Kept extends KeptSession {
  user: TestUser;
  sessionId: string;
}

/** Somebody whose session a browser keeps while another is in use. */
async function aKept(): Promise<Kept> {
  const user = await aUser();
  const secret = await aSession(user.id);
  const { principal } = await callerWith(secret);
  return { user, secret, email: user.email, sessionId: principal.session.id };
}

const liveOf = async (kept: KeptSession) => (await listKeptAccounts([kept]))[0]?.live ?? null;

describe("taking up a kept session (F36)", () => {
  test("gives it a new secret, and the former opens nothing (ATK-32)", async () => {
    const kept = await aKept();
    const request = aRequest();
    const before = await findPrincipal(kept.secret);
    const secret = await resumeSession(kept.secret, request);
    expect(secret).not.toBe(kept.secret);
    expect(await findPrincipal(kept.secret)).toBeNull();
    // It proves nothing: the session is what it was.
    expect(await findPrincipal(secret ?? "")).toEqual({ ...before, asOf: expect.any(Date) });
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { requestId: request.requestId },
    });
    expect(event).toMatchObject({ action: "session.resumed", actorId: kept.user.id });
  });

  test("of fifty that switch to it at once one gets it (DEC-1)", async () => {
    const kept = await aKept();
    const results = await race(50, () => resumeSession(kept.secret, aRequest()));
    const [resumed, ...others] = results.filter((result) => result !== null);
    expect(others).toEqual([]);
    expect(await findPrincipal(resumed ?? "")).toMatchObject({ userId: kept.user.id });
    const events = await prisma().auditEvent.count({
      where: { action: "session.resumed", targetId: kept.sessionId },
    });
    expect(events).toBe(1);
  });

  test("two switches to two accounts at once get one each, and never the other's", async () => {
    const [one, other] = [await aKept(), await aKept()];
    const results = await race(2, (index) =>
      resumeSession((index === 0 ? one : other).secret, aRequest()),
    );
    const [first, second] = await Promise.all(results.map((got) => findPrincipal(got ?? "")));
    expect(first?.userId).toBe(one.user.id);
    expect(second?.userId).toBe(other.user.id);
  });

  test("lets nobody past a rule that holds them (F20)", async () => {
    const kept = await aKept();
    const role = await prisma().role.create({
      data: { name: `Held ${kept.sessionId}`, mfaRequired: true },
    });
    await prisma().userRole.create({ data: { userId: kept.user.id, roleId: role.id } });
    const resumed = await resumeSession(kept.secret, aRequest());
    const principal = await findPrincipal(resumed ?? "");
    expect(principal && holdOf(principal)).toBe("second-factor");
  });
});

describe("a kept session that has ended is signed out, and says no more than the cookie", () => {
  const ENDINGS: Record<string, (kept: Kept) => Promise<unknown>> = {
    "is revoked": ({ sessionId }) =>
      prisma().session.update({ where: { id: sessionId }, data: { revokedAt: new Date() } }),
    "has been idle for too long": ({ sessionId }) =>
      prisma().session.update({ where: { id: sessionId }, data: { idleExpiresAt: new Date(0) } }),
    "has expired": ({ sessionId }) =>
      prisma().session.update({
        where: { id: sessionId },
        data: { absoluteExpiresAt: new Date(0) },
      }),
    "was signed out of with all others": ({ secret }) =>
      endBrowserSessions([secret], "signed_out", aRequest()),
    "belongs to somebody disabled": ({ user }) =>
      prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } }),
    "belongs to nobody of its organization any more": ({ user }) =>
      prisma().membership.deleteMany({ where: { userId: user.id } }),
    "is older than the rules of its organization let it be": async ({ sessionId }) => {
      const { organizationId } = await prisma().session.update({
        where: { id: sessionId },
        data: { createdAt: new Date(Date.now() - 31 * 86_400_000) },
      });
      await prisma().signInPolicy.create({ data: { organizationId, sessionLevel: "aal1" } });
    },
    "is deleted": ({ sessionId }) => prisma().session.delete({ where: { id: sessionId } }),
  };

  afterEach(async () => {
    await prisma().signInPolicy.deleteMany();
  });

  test.each(Object.entries(ENDINGS))("when it %s (ATK-39)", async (_what, end) => {
    const kept = await aKept();
    expect(await liveOf(kept)).toMatchObject({ sessionId: kept.sessionId, userId: kept.user.id });
    await end(kept);
    await prisma().user.update({
      where: { id: kept.user.id },
      data: { email: `today-${kept.user.email}` },
    });
    expect(await listKeptAccounts([kept])).toEqual([
      { keptAs: kept.email, email: kept.email, live: null },
    ]);
    expect(await resumeSession(kept.secret, aRequest())).toBeNull();
    expect(await findPrincipal(kept.secret)).toBeNull();
  });
});

test("signing out of all ends every session of the browser, and no other", async () => {
  const [active, kept, elsewhere] = [await aKept(), await aKept(), await aKept()];
  const others = await aSession(active.user.id);
  await endBrowserSessions(
    [active.secret, kept.secret, undefined, "nonsense"],
    "signed_out",
    aRequest(),
  );
  expect(await findPrincipal(active.secret)).toBeNull();
  expect(await findPrincipal(kept.secret)).toBeNull();
  expect(await findPrincipal(elsewhere.secret)).not.toBeNull();
  expect(await findPrincipal(others)).not.toBeNull();
  const events = await prisma().auditEvent.findMany({
    where: { action: "session.revoked", targetId: { in: [active.sessionId, kept.sessionId] } },
  });
  expect(events.map(({ reason }) => reason)).toEqual(["signed_out", "signed_out"]);
});

test("signing in to an account again replaces its kept session, and leaves the others", async () => {
  const [again, other] = [await aKept(), await aKept()];
  const ticket = await aTicket({
    userId: again.user.id,
    acr: "urn:gatehouse:aal1",
    amr: ["pwd"],
  });
  const keptSecrets = [other.secret, again.secret];
  const browser = { deviceSecret: undefined, sessionSecret: undefined, keptSecrets };
  const redeemed = await redeemSignInTicket(ticket, browser, aRequest());
  expect(await findPrincipal(redeemed?.sessionSecret)).toMatchObject({ userId: again.user.id });
  expect(await liveOf(again)).toBeNull();
  expect(await liveOf(other)).not.toBeNull();
});
