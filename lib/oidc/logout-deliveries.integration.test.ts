import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { LOGOUT_ATTEMPTS_MAX } from "@/lib/oidc/deliver-due-logouts";
import { listLogoutDeliveries, retryLogoutDelivery } from "@/lib/oidc/logout-deliveries";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aClient } from "@/tests/support/authorization-server";
import { aCaller } from "@/tests/support/builders";
import { CALLBACK } from "@/tests/support/relying-party";

let clientId: string;
let administrator: Caller;

beforeAll(async () => {
  ({ clientId } = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    backchannelLogoutUri: "https://shop.example/out",
  }));
  administrator = await aCaller({ roles: ["Admin"] });
});

const aDelivery = (data: { attempts?: number; deliveredAt?: Date; lastError?: string }) =>
  prisma().oidcLogoutDelivery.create({
    data: { clientId, userId: newId(), sessionId: newId(), ...data },
  });

test("who may not see clients is refused, and who may not manage them tries nothing again", async () => {
  const nobody = await aCaller();
  const { id } = await aDelivery({ attempts: 3 });
  await expect(listLogoutDeliveries(nobody, clientId)).rejects.toThrow(AccessDenied);
  await expect(retryLogoutDelivery(nobody, clientId, id)).rejects.toThrow(AccessDenied);
  expect(await prisma().oidcLogoutDelivery.findUnique({ where: { id } })).toMatchObject({
    attempts: 3,
  });
});

test("what arrived, what waits and what was given up are told apart, with the last answer (F63)", async () => {
  await prisma().oidcLogoutDelivery.deleteMany();
  const lastError = "answered 500, not 200";
  await aDelivery({ attempts: 1, deliveredAt: new Date() });
  await aDelivery({ attempts: 2, lastError });
  await aDelivery({ attempts: LOGOUT_ATTEMPTS_MAX, lastError });
  const found = await listLogoutDeliveries(administrator, clientId);
  expect(found).toMatchObject({ clientName: "Shop", address: "https://shop.example/out" });
  const states = found?.deliveries.map(({ state, nextAttemptAt, lastError: told }) => [
    state,
    nextAttemptAt === null,
    told,
  ]);
  expect(new Set(states?.map((one) => JSON.stringify(one)))).toEqual(
    new Set(
      [
        ["delivered", true, null],
        ["waiting", false, lastError],
        ["given-up", true, lastError],
      ].map((one) => JSON.stringify(one)),
    ),
  );
  for (const unknown of ["none", "no\u0000ne", newId()]) {
    expect(await listLogoutDeliveries(administrator, unknown)).toBeNull();
  }
});

test("trying again begins anew, once, is in the audit log, and spares what has arrived", async () => {
  const { id } = await aDelivery({ attempts: LOGOUT_ATTEMPTS_MAX, lastError: "no answer in time" });
  expect(await retryLogoutDelivery(administrator, clientId, id)).toEqual({ outcome: "queued" });
  expect(await prisma().oidcLogoutDelivery.findUnique({ where: { id } })).toMatchObject({
    attempts: 0,
    lastError: "no answer in time",
  });
  expect(
    await prisma().auditEvent.count({
      where: { action: "client.logout_retried", actorId: administrator.principal.userId },
    }),
  ).toBe(1);
  const arrived = await aDelivery({ attempts: 1, deliveredAt: new Date() });
  const other = await aClient({ name: "Other", kind: "web", redirectUris: [CALLBACK] });
  for (const [client, delivery] of [
    [clientId, arrived.id],
    [other.clientId, id],
    [clientId, newId()],
    [clientId, "none"],
  ] as const) {
    const result = await retryLogoutDelivery(administrator, client, delivery);
    expect(result).toEqual({ outcome: "not-found" });
  }
});
