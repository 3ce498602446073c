import "server-only";

/** A text that stands for itself within LIKE, to which Prisma passes `%` and `_` as they are. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
