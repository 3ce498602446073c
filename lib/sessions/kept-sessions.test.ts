import { describe, expect, test } from "vitest";
import { newSecret } from "@/lib/platform/crypto";
import { formatKept, KEPT_MAX, parseKept, withKept } from "@/lib/sessions/kept-sessions";

const aKept = (name: string) => ({ secret: newSecret(), email: `${name}@example.com` });
const several = (count: number) => Array.from({ length: count }, (_, index) => aKept(`n${index}`));

test("a cookie says what was kept", () => {
  const kept = several(KEPT_MAX);
  expect(parseKept(formatKept(kept))).toEqual(kept);
  expect(parseKept(formatKept([]))).toEqual([]);
  expect(parseKept(undefined)).toEqual([]);
});

describe("a cookie that somebody else wrote", () => {
  const good = aKept("good");
  const secret = newSecret();
  test.each([
    ["no secret", `short:${good.email}`],
    ["no address", `${secret}:Call +1 555 0100 now`],
    ["an address in another form", `${secret}:Other@example.com`],
    ["markup", `${secret}:<b>x</b>@example.com`],
    ["nothing", secret],
    ["more fields", `${secret}:other@example.com:more`],
    ["the same secret again", `${good.secret}:other@example.com`],
    ["the same account again", `${secret}:${good.email}`],
  ])("keeps nothing of an entry with %s", (_what, entry) => {
    expect(parseKept(`${formatKept([good])},${entry}`)).toEqual([good]);
  });

  test("keeps no more than there may be", () => {
    expect(parseKept(formatKept(several(KEPT_MAX + 3)))).toHaveLength(KEPT_MAX);
  });
});

test("the newest is first, and the oldest leaves", () => {
  const kept = several(KEPT_MAX);
  const added = aKept("added");
  expect(withKept(kept, added)).toEqual({
    kept: [added, ...kept.slice(0, -1)],
    left: kept.slice(-1),
  });
});

test("an account is kept once: its former session leaves", () => {
  const [first, second] = [aKept("one"), aKept("two")];
  const again = { secret: newSecret(), email: first.email };
  expect(withKept([second, first], again)).toEqual({ kept: [again, second], left: [first] });
  expect(withKept([second, first], first)).toEqual({ kept: [first, second], left: [] });
});
