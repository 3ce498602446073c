import "server-only";

export const decisionPath = (id: string): string => `/admin/decisions/${encodeURIComponent(id)}`;
