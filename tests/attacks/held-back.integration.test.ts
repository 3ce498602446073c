import { beforeAll, beforeEach, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { AAL2, type Hold, holdOf } from "@/lib/shared/assurance";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { CALLBACK } from "@/tests/support/relying-party";

// Whoever a rule of their organization holds back is signed in nowhere else either (ATK-33).

const send = serveMachinePaths();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

let web: FlowClient;
let user: TestUser;
let cookie: string;
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
});
beforeEach(async () => {
  await prisma().signInPolicy.deleteMany();
  await prisma().role.updateMany({ data: { mfaRequired: false } });
  user = await aUser();
  cookie = await aSession(user.id);
});

const rule = async (data: object) => {
  const { defaultOrganizationId: organizationId } = await prisma().instance.findUniqueOrThrow({
    where: { id: 1 },
  });
  await prisma().signInPolicy.create({ data: { organizationId, ...data } });
};
const ofTheUser = () => ({ where: { userId: user.id } });

interface Holding {
  hold: Hold;
  begin(): Promise<unknown>;
  /** What the user does about it. */
  end(): Promise<unknown>;
}

const HOLDINGS: Record<string, Holding> = {
  "whose organization asks for a second factor": {
    hold: "second-factor",
    begin: () => rule({ mfaRequired: true }),
    end: () => prisma().session.updateMany({ ...ofTheUser(), data: { acr: AAL2 } }),
  },
  "whose role asks for a second factor": {
    hold: "second-factor",
    async begin() {
      await prisma().role.updateMany({ where: { name: "User" }, data: { mfaRequired: true } });
    },
    async end() {
      await prisma().role.updateMany({ where: { name: "User" }, data: { mfaRequired: false } });
    },
  },
  "whose password has expired": {
    hold: "password",
    async begin() {
      await rule({ passwordMaxAgeDays: 30 });
      const changedAt = minutesAgo(31 * 24 * 60);
      await prisma().passwordCredential.update({ ...ofTheUser(), data: { changedAt } });
    },
    end: () =>
      prisma().passwordCredential.update({ ...ofTheUser(), data: { changedAt: new Date() } }),
  },
  "who was away for longer than the level of sessions allows": {
    hold: "idle",
    async begin() {
      await rule({ sessionLevel: "aal2" });
      const long = minutesAgo(61);
      await prisma().session.updateMany({
        ...ofTheUser(),
        data: { lastSeenAt: long, authTime: long },
      });
    },
    end: () => prisma().session.updateMany({ ...ofTheUser(), data: { authTime: new Date() } }),
  },
};

test.each(Object.entries(HOLDINGS))(
  "somebody %s is nobody to clients until that is done (ATK-33)",
  async (_, { hold, begin, end }) => {
    await flow.aCode(cookie);
    await begin();
    expect(holdOf((await callerWith(cookie)).principal)).toBe(hold);
    const silent = await flow.request(cookie, { prompt: "none" });
    expect([silent.end.searchParams.get("error"), silent.code]).toEqual(["login_required", ""]);
    expect((await flow.request(cookie)).code).toBe("");
    await end();
    await flow.aCode(cookie, { prompt: "none" });
  },
);
