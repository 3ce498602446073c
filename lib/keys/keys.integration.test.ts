import { beforeAll, describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import { aTotp } from "@/tests/support/factors";
import { both, NEW_KEYS, restartWith } from "@/tests/support/keys";
import { aUserHolding } from "@/tests/support/roles";

const KEYS = "/api/v1/keys";
let admin: string;

beforeAll(async () => {
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
});

const publishedLongEnough = () => prisma().$executeRaw`
  UPDATE signing_keys SET since = now() - interval '61 minutes' WHERE state = 'next'`;

describe("keys", () => {
  test("are listed with when each is due, and nothing of them is private", async () => {
    const { email, password } = await aUser();
    await send(null, "POST", "/api/v1/auth/login", { email, password });
    const answer = await send(admin, "GET", KEYS);
    expect(answer.status).toBe(200);
    const { items } = answer.body;
    expect(items.map(({ state }: { state: string }) => state).sort()).toEqual([
      ...Array(3).fill("current"),
      ...Array(3).fill("next"),
    ]);
    for (const { state, since, readyAt, rotationDueAt } of items) {
      const dueMs = Date.parse(state === "next" ? readyAt : rotationDueAt) - Date.parse(since);
      expect(dueMs).toBe(state === "next" ? 3_600_000 : 90 * 86_400_000);
      expect(state === "next" ? rotationDueAt : readyAt).toBeNull();
    }
    const { authSecrets, dataEncryptionKeys } = getConfig();
    const text = JSON.stringify(answer.body);
    for (const secret of [...authSecrets, ...dataEncryptionKeys])
      expect(text).not.toContain(secret);
    expect(text).not.toContain('"d"');
  });

  test("are rotated by whoever may and has just proven who they are, on record", async () => {
    const viewer = await aSession((await aUserHolding({ view_keys: "all" })).id);
    expect((await send(viewer, "GET", KEYS)).status).toBe(200);
    expect((await send(viewer, "POST", `${KEYS}/rotate`, {})).status).toBe(403);
    const stale = await aUserHolding({ manage_keys: "all" });
    const session = await aSession(stale.id);
    await prisma().$executeRaw`
      UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = ${stale.id}::uuid`;
    expect((await send(session, "POST", `${KEYS}/rotate`, {})).status).toBe(401);
    expect(await send(admin, "POST", `${KEYS}/rotate`, {})).toMatchObject({
      status: 409,
      body: { code: "too_early" },
    });
    await publishedLongEnough();
    const rotated = await send(admin, "POST", `${KEYS}/rotate`, {});
    expect(rotated).toMatchObject({ status: 200 });
    expect(rotated.body.kids).toHaveLength(3);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: "signing_keys.rotated", actorType: "user" },
    });
    expect(event.after).toEqual({ kids: rotated.body.kids });
  });

  test("that are compromised are retired at once", async () => {
    const answer = await send(admin, "POST", `${KEYS}/rotate`, { compromised: true });
    expect(answer.status).toBe(200);
    const { items } = (await send(admin, "GET", `${KEYS}?limit=100`)).body;
    const live = items.filter(({ state }: { state: string }) => state !== "retired");
    expect(live).toHaveLength(6);
    expect(items.length).toBeGreaterThan(live.length);
  });

  test("of the configuration are told apart by names, with how much each has sealed", async () => {
    const encryption = async () => (await send(admin, "GET", KEYS)).body.encryption;
    const before = await encryption();
    expect(before).toMatchObject([{ state: "first" }]);
    const present = {
      authSecrets: getConfig().authSecrets,
      dataEncryptionKeys: getConfig().dataEncryptionKeys,
    };
    try {
      restartWith(both(NEW_KEYS, present));
      await aTotp((await aUser()).id);
      expect(await encryption()).toEqual([
        { name: expect.stringMatching(/^[0-9a-f]{8}$/), state: "first", values: 1 },
        { ...before[0], state: "further" },
      ]);
      restartWith(NEW_KEYS);
      expect(await encryption()).toMatchObject([
        { state: "first", values: 1 },
        { name: before[0].name, state: "missing", values: before[0].values },
      ]);
    } finally {
      restartWith(present);
    }
  });
});
