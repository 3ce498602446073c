import { beforeEach, expect, test } from "vitest";
import {
  createFirstAdministrator,
  issueSetupToken,
  isValidSetupToken,
  setupIsOpen,
} from "@/lib/authn/first-administrator";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";

beforeEach(async () => {
  await anInstance();
  await prisma().user.deleteMany();
  await prisma().instance.update({ where: { id: 1 }, data: { setupCompletedAt: null } });
});

const administrator = (index = 0) => ({
  email: `first-${index}@example.com`,
  name: null,
  password: "a phrase nobody guesses",
});

const setUp = (secret: unknown, index = 0) =>
  createFirstAdministrator(administrator(index), { secret }, aRequest());

test("fifty parallel set-ups make one administrator, who may do everything (ATK-45)", async () => {
  const secret = await issueSetupToken();
  const results = await race(50, (index) => setUp(secret, index));
  expect(results.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
  const users = await prisma().user.findMany({
    include: { roles: { include: { role: { include: { permissions: true } } } } },
  });
  expect(users).toHaveLength(1);
  const held = users[0]?.roles.flatMap(({ role }) => role.permissions) ?? [];
  expect(held).toHaveLength(await prisma().permission.count());
});

test("set-up is closed for good afterwards", async () => {
  const secret = await issueSetupToken();
  await setUp(secret);
  expect(await setupIsOpen()).toBe(false);
  expect(await issueSetupToken()).toBeNull();
  expect(await isValidSetupToken(secret)).toBe(false);
  expect((await setUp(secret, 1)).outcome).toBe("rejected");
  expect((await createFirstAdministrator(administrator(2), null, aRequest())).outcome).toBe(
    "rejected",
  );
});

test("only the newest link works", async () => {
  const old = await issueSetupToken();
  const newest = await issueSetupToken();
  expect(await setUp(old)).toEqual({ outcome: "rejected", reason: "link-invalid" });
  expect((await setUp(newest)).outcome).toBe("created");
});

test.each([undefined, "", newSecret(), ["x"], { not: "" }])(
  "the token %j opens nothing",
  async (token) => {
    await issueSetupToken();
    expect(await setUp(token)).toEqual({ outcome: "rejected", reason: "link-invalid" });
    expect(await prisma().user.count()).toBe(0);
  },
);

test("a refused address or password leaves set-up open", async () => {
  const secret = await issueSetupToken();
  await prisma().user.create({ data: { email: "first-0@example.com" } });
  expect(await setUp(secret)).toEqual({ outcome: "rejected", reason: "address-taken" });
  const weak = { ...administrator(1), password: "password123" };
  expect(await createFirstAdministrator(weak, { secret }, aRequest())).toEqual({
    outcome: "rejected",
    reason: "common",
  });
  expect((await setUp(secret, 1)).outcome).toBe("created");
});

test.each(["password123", "first-0@example.com"])(
  "the first administrator's password is judged like any other: %j leaves set-up open",
  async (password) => {
    const secret = await issueSetupToken();
    const result = await createFirstAdministrator(
      { ...administrator(), password },
      { secret },
      aRequest(),
    );
    expect(result.outcome).toBe("rejected");
    expect(await setupIsOpen()).toBe(true);
    expect(await isValidSetupToken(secret)).toBe(true);
  },
);

test("an address that is taken leaves set-up open for another (ATK-45)", async () => {
  const taken = await aUser();
  const secret = await issueSetupToken();
  const attempt = { ...administrator(), email: taken.email };
  expect(await createFirstAdministrator(attempt, { secret }, aRequest())).toEqual({
    outcome: "rejected",
    reason: "address-taken",
  });
  expect(await setupIsOpen()).toBe(true);
  expect((await setUp(secret)).outcome).toBe("created");
});

test("without a role that may do everything nobody becomes administrator, and set-up stays open", async () => {
  const secret = await issueSetupToken();
  const removed = await prisma().rolePermission.deleteMany({ where: { role: { name: "Admin" } } });
  expect(removed.count).toBeGreaterThan(0);
  await expect(setUp(secret)).rejects.toThrow("no role holds every permission");
  expect(await setupIsOpen()).toBe(true);
  expect(await prisma().user.count()).toBe(0);
});
