import "server-only";

/** Asked again and again, says yes at most once in so long: for what is worth a line of the log, and not one each time. */
export function pacedBy(intervalMs: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < intervalMs) return false;
    last = now;
    return true;
  };
}
