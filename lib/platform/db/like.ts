import "server-only";
import { isId } from "@/lib/shared/id.schema";

/** A text that stands for itself within LIKE, to which Prisma passes `%` and `_` as they are. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** What bears a name that contains the text, or has it for an id. */
export const called = (q: string) => ({
  OR: [
    { name: { contains: escapeLike(q), mode: "insensitive" as const } },
    ...(isId(q) ? [{ id: q.toLowerCase() }] : []),
  ],
});
