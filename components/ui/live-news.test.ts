import { expect, test } from "vitest";
import { answerOf, delayAfter, newsSince } from "@/components/ui/live-news";

const list = (...ids: string[]) => answerOf(JSON.stringify({ items: ids.map((id) => ({ id })) }));

test("nothing is news that is shown and has not changed", () => {
  expect(newsSince(null, ["a", "b"], list("a", "b"))).toBeNull();
  expect(newsSince(list("a", "b"), ["a", "b"], list("a", "b"))).toBeNull();
  expect(newsSince(null, [], list())).toBeNull();
});

test("what is not shown is counted, also at the first look", () => {
  expect(newsSince(null, ["a"], list("c", "b", "a"))).toEqual({ added: 2 });
  expect(newsSince(list("a"), ["a"], list("b", "a"))).toEqual({ added: 1 });
});

test("a change of what is shown is news, and nothing added", () => {
  const before = answerOf('{"items":[{"id":"a","state":"queued"}]}');
  const after = answerOf('{"items":[{"id":"a","state":"sent"}]}');
  expect(newsSince(before, ["a"], after)).toEqual({ added: 0 });
  expect(newsSince(null, null, list("a"))).toBeNull();
  expect(newsSince(list("a"), null, list("b"))).toEqual({ added: 0 });
  expect(newsSince(answerOf('{"cursor":1}'), null, answerOf('{"cursor":2}'))).toEqual({ added: 0 });
});

test("failures make it ask less often, up to five minutes", () => {
  expect([0, 1, 2, 20].map(delayAfter)).toEqual([8_000, 16_000, 32_000, 300_000]);
});

test("where only ids count, nothing else of what is shown is news", () => {
  const seen = (at: string) => answerOf(`{"items":[{"id":"a","lastSeenAt":"${at}"}]}`, true);
  expect(newsSince(seen("1"), ["a"], seen("2"))).toBeNull();
  expect(newsSince(seen("1"), ["a"], answerOf('{"items":[]}', true))).toEqual({ added: 0 });
});
