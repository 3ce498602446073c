import fc from "fast-check";
import { expect, test } from "vitest";
import { type SeqRange, withLater, without } from "@/lib/audit-chain/ranges";

const members = (ranges: SeqRange[]): bigint[] =>
  ranges.flatMap(({ from, to }) => {
    const all: bigint[] = [];
    for (let seq = from; seq <= to; seq += 1n) all.push(seq);
    return all;
  });
const Seqs = fc
  .uniqueArray(fc.bigInt(1n, 40n))
  .map((seqs) => seqs.toSorted((one, other) => Number(one - other)));

test("ranges have exactly what was put in and not taken out, in order", () => {
  fc.assert(
    fc.property(Seqs, Seqs, (put, taken) => {
      const ranges = withLater([], put);
      expect(members(ranges)).toEqual(put);
      const rest = without(ranges, taken);
      expect(members(rest)).toEqual(put.filter((seq) => !taken.includes(seq)));
    }),
  );
});
