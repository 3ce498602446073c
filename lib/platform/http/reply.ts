import "server-only";

/** What a handler answers, before a mount writes it to its kind of connection. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | null;
  /** In place of a body: sent as it comes, and no faster than it is taken. Each mount ends it. */
  stream?: AsyncGenerator<Uint8Array>;
}

/** Answers about people are never kept by a shared cache (ATK-04). */
export const PRIVATE = { "cache-control": "private, no-store" } as const;

export const jsonReply = (
  status: number,
  value: unknown,
  headers: Reply["headers"] = {},
): Reply => ({
  status,
  headers: {
    "content-type": "application/json; charset=utf-8",
    ...PRIVATE,
    ...headers,
  },
  body: JSON.stringify(value),
});

export const emptyReply = (status = 204, headers: Reply["headers"] = {}): Reply => ({
  status,
  headers: { ...PRIVATE, ...headers },
  body: null,
});

export interface Problem {
  status: number;
  /** Stable, for programs. */
  code: string;
  title: string;
  detail?: string | undefined;
  decisionId?: string;
  /** Of what kind the reason of a refusal is. */
  reason?: string;
  errors?: { path: string; message: string }[];
  /** What the client has to work on before it asks again (F119). */
  challenge?: { token: string; bits: number };
  /** With it the second factor is given. */
  mfa_token?: string;
  factors?: string[];
}

/** A problem document (RFC 9457). `type` is a path that the API's documentation explains. */
export const problemReply = (
  problem: Problem,
  requestId: string,
  headers: Reply["headers"] = {},
): Reply => ({
  status: problem.status,
  headers: {
    "content-type": "application/problem+json",
    ...PRIVATE,
    ...headers,
  },
  body: JSON.stringify({
    type: `/developers#${problem.code}`,
    ...problem,
    requestId,
  }),
});
