import { expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { listUserApps, revokeUserApp } from "@/lib/oidc/user-apps";
import { prisma } from "@/lib/platform/db/client";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import { codeFlow } from "@/tests/support/code-flow";
import {
  aCallerIn,
  anOrganization,
  defaultOrganizationId,
  join,
} from "@/tests/support/organizations";
import { CALLBACK } from "@/tests/support/relying-party";
import { aCallerHolding } from "@/tests/support/roles";

const send = serveMachinePaths();

async function anAppOf(userId: string) {
  const app = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
  const flow = codeFlow(send, () => app);
  const { accessToken } = await flow.tokens(await aSession(userId));
  const isActive = async () => (await flow.introspect(accessToken)).body["active"];
  return { ...app, isActive };
}

test("whoever may end sessions sees what acts for a user, and takes it back with its tokens (F40)", async () => {
  const user = await aUser({ roles: [] });
  const app = await anAppOf(user.id);
  const caller = await aCallerHolding({ revoke_sessions: "all" });
  expect(await app.isActive()).toBe(true);
  const listed = await listUserApps(caller, user.id);
  expect(listed).toMatchObject({ outcome: "listed", apps: [{ clientId: app.clientId }] });
  expect(await revokeUserApp(caller, user.id, app.clientId)).toEqual({ outcome: "revoked" });
  expect(await app.isActive()).toBe(false);
  expect(await revokeUserApp(caller, user.id, app.clientId)).toEqual({ outcome: "not-found" });
  const event = await prisma().auditEvent.findFirst({
    where: { action: "client.access_revoked", targetId: app.clientId },
  });
  expect(event).toMatchObject({
    actorId: caller.principal.userId,
    before: { grants: 1, userId: user.id },
  });
});

test("nobody does so without the right, above themselves, or to an account of another organization as well", async () => {
  const user = await aUser({ roles: ["Manager"] });
  const app = await anAppOf(user.id);
  const without = await aCallerHolding({ view_users: "all" });
  await expect(listUserApps(without, user.id)).rejects.toBeInstanceOf(AccessDenied);
  await expect(revokeUserApp(without, user.id, app.clientId)).rejects.toBeInstanceOf(AccessDenied);
  const below = await aCallerHolding({ revoke_sessions: "all" });
  expect(await revokeUserApp(below, user.id, app.clientId)).toMatchObject({
    reason: "beyond-own-permissions",
  });
  const here = await aCallerIn(await defaultOrganizationId(), { revoke_sessions: "all" });
  expect(await listUserApps(here, user.id)).toMatchObject({ outcome: "listed" });
  const elsewhere = await anOrganization();
  const outsider = await aUser({ roles: [] });
  await prisma().membership.deleteMany({ where: { userId: outsider.id } });
  await join(outsider.id, elsewhere.id);
  expect(await listUserApps(below, outsider.id)).toEqual({ outcome: "not-found" });
  await join(user.id, elsewhere.id);
  expect(await listUserApps(here, user.id)).toEqual({ outcome: "belongs-elsewhere" });
  // Whose right counts in every organization has it there, too.
  expect(await listUserApps(below, user.id)).toMatchObject({ outcome: "listed" });
  expect(await app.isActive()).toBe(true);
});
