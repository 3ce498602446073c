import { expect, test } from "vitest";
import {
  OF_ALL,
  OF_ALL_A_DAY,
  PER_USER_A_DAY,
  spendMessage,
} from "@/lib/credentials/sms-code/sms-limits";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { giveBack, spend } from "@/lib/platform/rate-limit/limiter";
import { aNumber, anAddress } from "@/tests/support/factors";

type Message = Parameters<typeof spendMessage>[0];

const RANGE = aNumber().slice(0, -4);

/** What all messages have in common, and how many of such there are. */
const CASES: [what: string, common: () => Partial<Message>, most: number][] = [
  ["a number", () => ({ number: aNumber() }), 5],
  ["a user", () => ({ userId: newId() }), 10],
  ["a network", () => ({ ip: anAddress() }), 20],
];

const spendLike = async (common: Partial<Message>): Promise<boolean> => {
  const message = { number: aNumber(), userId: newId(), ip: anAddress(), use: "add" } as const;
  return (await spendMessage({ ...message, ...common })).allowed;
};

test.each(CASES)("%s get so many messages and no more (F120)", async (_what, commonOf, most) => {
  const common = commonOf();
  const allowed = [];
  for (let count = 0; count <= most; count += 1) allowed.push(await spendLike(common));
  expect(allowed.indexOf(false)).toBe(most);
});

test("numbers that differ in their last four digits get so many together", async () => {
  const allowed = [];
  for (let count = 0; count <= 10; count += 1) {
    allowed.push(await spendLike({ number: `${RANGE}${1_000 + count}` }));
  }
  expect(allowed.indexOf(false)).toBe(10);
});

test("a user who comes back every hour gets so many a day (F120)", async () => {
  const userId = newId();
  for (let count = 0; count < PER_USER_A_DAY.pointsMax; count += 1) {
    await prisma().rateLimit.deleteMany({ where: { key: { startsWith: "sms-user:" } } });
    expect(await spendLike({ userId })).toBe(true);
  }
  await prisma().rateLimit.deleteMany({ where: { key: { startsWith: "sms-user:" } } });
  expect(await spendLike({ userId })).toBe(false);
});

test.each([OF_ALL, OF_ALL_A_DAY])(
  "all users and networks together get so many, and whoever adds numbers leaves sign-ins theirs: $name (F120, ATK-35)",
  async (limit) => {
    await giveBack({ all: [[limit, "add"]] });
    await spend(limit, "add", limit.pointsMax - 1);
    expect(await spendLike({})).toBe(true);
    expect(await spendLike({})).toBe(false);
    expect(await spendLike({ use: "sign-in" })).toBe(true);
    await giveBack({ all: [[limit, "add"]] });
  },
);
