import { beforeAll, beforeEach, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { AAL2, type Hold, holdOf } from "@/lib/shared/assurance";
import { tamper } from "@/tests/support/audit";
import { aClient, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { aConnection } from "@/tests/support/connections";
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
const userinfo = (token: string) =>
  send(`${getConfig().origin}/oidc/me`, { headers: { authorization: `Bearer ${token}` } });
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
  "whose account is to be deleted": {
    hold: "deletion",
    begin: () =>
      prisma().user.update({
        where: { id: user.id },
        data: { deletionDueAt: new Date(Date.now() + 60_000) },
      }),
    end: () => prisma().user.update({ where: { id: user.id }, data: { deletionDueAt: null } }),
  },
  "who has not accepted the terms in force": {
    hold: "terms",
    begin: () =>
      prisma().termsVersion.create({
        data: {
          document: "terms",
          number: 1,
          title: "Terms",
          text: "Be kind.",
          digest: Buffer.from("digest"),
          effectiveAt: minutesAgo(1),
          publishedById: user.id,
        },
      }),
    end: () => tamper("DELETE FROM terms_acceptances", "DELETE FROM terms_versions"),
  },
  "whose organization is opened only through its connections": {
    hold: "single-sign-on",
    async begin() {
      await aConnection();
      await rule({ ssoRequired: true });
    },
    end: () => prisma().signInPolicy.updateMany({ data: { ssoRequired: false } }),
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

test.each(Object.entries(HOLDINGS))(
  "no code and no token of somebody %s is good for anything until that is done (ATK-33)",
  async (_, { begin, end }) => {
    const lasting = await flow.tokens(cookie);
    const passing = await flow.tokens(cookie, { scope: "openid" });
    const unredeemed = await flow.aCode(cookie);
    const holds = async (active: boolean) => {
      for (const { accessToken } of [lasting, passing]) {
        expect((await flow.introspect(accessToken)).body["active"]).toBe(active);
        expect((await userinfo(accessToken)).status).toBe(active ? 200 : 401);
      }
    };
    await holds(true);
    await begin();
    await holds(false);
    const refused = await flow.refresh(lasting.refreshToken);
    expect([refused.status, refused.body["error"]]).toEqual([400, "invalid_grant"]);
    expect((await flow.redeem(unredeemed)).body["error"]).toBe("invalid_grant");
    await end();
    await holds(true);
    expect((await flow.refresh(lasting.refreshToken)).status).toBe(200);
  },
);

test("somebody who is held may still take back what they let others have, and sign out", async () => {
  const { refreshToken, accessToken } = await flow.tokens(cookie);
  await rule({ mfaRequired: true });
  await post(send, "/token/revocation", { token: refreshToken }, flow.auth());
  await prisma().signInPolicy.deleteMany();
  expect((await flow.introspect(accessToken)).body["active"]).toBe(false);
});
