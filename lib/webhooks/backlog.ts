import "server-only";

/**
 * Of an endpoint, no more messages wait than this. Nothing is lost by it: the log itself is what
 * waits, and the endpoint is told of the rest when it has taken what there is (FLT-31).
 */
export const BACKLOG_MAX = 10_000;
