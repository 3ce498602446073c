import "server-only";

/** In words for whoever runs the other side: `fetch` wraps what really happened. */
export function describeOutboundFailure(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}
