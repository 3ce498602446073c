import "server-only";

/** Places of a chain from one to another, both of them included. */
export interface SeqRange {
  from: bigint;
  to: bigint;
}

/** The ranges without these places. Ranges are in order and apart, and stay so. */
export function without(ranges: SeqRange[], seqs: readonly bigint[]): SeqRange[] {
  let rest = ranges;
  for (const seq of seqs) {
    rest = rest.flatMap((range) => {
      if (seq < range.from || seq > range.to) return [range];
      const parts = [
        { from: range.from, to: seq - 1n },
        { from: seq + 1n, to: range.to },
      ];
      return parts.filter(({ from, to }) => from <= to);
    });
  }
  return rest;
}

/** The ranges with these places, which are in order and come after all of them. */
export function withLater(ranges: SeqRange[], seqs: readonly bigint[]): SeqRange[] {
  const all = [...ranges];
  for (const seq of seqs) {
    const last = all.at(-1);
    if (last?.to === seq - 1n) all[all.length - 1] = { from: last.from, to: seq };
    else all.push({ from: seq, to: seq });
  }
  return all;
}
