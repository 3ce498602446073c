import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CircuitBreaker } from "@/lib/platform/rate-limit/circuit-breaker";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PAUSE_MS = 5_000;

test("three failures one after the other are enough, and fewer are not", () => {
  const breaker = new CircuitBreaker();
  breaker.failed();
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  breaker.failed();
  expect(breaker.lets()).toBe(true);
  breaker.failed();
  expect(breaker.lets()).toBe(false);
});

test("after a pause one of many tries, and the others wait until it has succeeded", () => {
  const breaker = new CircuitBreaker();
  breaker.trip();
  vi.advanceTimersByTime(PAUSE_MS - 1);
  expect(breaker.lets()).toBe(false);
  vi.advanceTimersByTime(1);
  expect([breaker.lets(), breaker.lets(), breaker.lets()]).toEqual([true, false, false]);
  breaker.succeeded();
  expect([breaker.lets(), breaker.lets()]).toEqual([true, true]);
});

test("one who tried and failed is the last for another pause", () => {
  const breaker = new CircuitBreaker();
  breaker.trip();
  vi.advanceTimersByTime(PAUSE_MS);
  expect(breaker.lets()).toBe(true);
  breaker.failed();
  vi.advanceTimersByTime(PAUSE_MS - 1);
  expect(breaker.lets()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(breaker.lets()).toBe(true);
});
