import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SeenCounts } from "@/lib/platform/rate-limit/seen-counts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WINDOW_MS = 60_000;
const of = (uses: number, msBeforeNext = WINDOW_MS) => ({ uses, msBeforeNext });

test("what Redis tells is what counts, also what others have used", () => {
  const seen = new SeenCounts();
  expect(seen.addRedis("a", of(1)).uses).toBe(1);
  expect(seen.addRedis("a", of(7)).uses).toBe(7);
  expect(seen.addRedis("b", of(1)).uses).toBe(1);
});

test("the database goes on where Redis has stopped, and Redis where the database has", () => {
  const seen = new SeenCounts();
  seen.addRedis("a", of(6));
  expect(seen.addDatabase("a", of(1)).uses).toBe(7);
  expect(seen.addDatabase("a", of(3)).uses).toBe(9);
  expect(seen.addRedis("a", of(7)).uses).toBe(10);
});

test("answers of the database out of order count nothing twice", () => {
  const seen = new SeenCounts();
  const answers = [3, 1, 2].map((uses) => seen.addDatabase("a", of(uses)).uses);
  expect(answers).toEqual([3, 1, 2]);
  expect(seen.addRedis("a", of(1)).uses).toBe(4);
});

test("a Redis that has lost its count begins where it was", () => {
  const seen = new SeenCounts();
  seen.addRedis("a", of(6));
  expect(seen.addRedis("a", of(1)).uses).toBe(7);
  expect(seen.addRedis("a", of(2)).uses).toBe(8);
  expect(seen.addRedis("a", of(1)).uses).toBe(9);
});

test("the next window begins anew", () => {
  const seen = new SeenCounts();
  seen.addRedis("a", of(6, 1_000));
  vi.advanceTimersByTime(1_000);
  expect(seen.addRedis("a", of(1)).uses).toBe(1);
  expect(seen.addDatabase("a", of(1)).uses).toBe(2);
});

test("of more callers than there is room for, those who came first are forgotten", () => {
  const seen = new SeenCounts();
  for (let caller = 0; caller <= 10_000; caller += 1) seen.addRedis(`caller ${caller}`, of(6));
  expect(seen.addDatabase("caller 0", of(1)).uses).toBe(1);
  expect(seen.addDatabase("caller 10000", of(1)).uses).toBe(7);
});
