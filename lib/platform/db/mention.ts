import "server-only";
import { Prisma } from "@/generated/prisma/client";

// What an address or a number can go on with: `eve@example.co` is no mention of `steve@example.com`.
// Texts within JSON have their line ends as a letter after a backslash.
const BEFORE = String.raw`(^|[^[:alnum:]._%+-]|\\[bfnrt])`;
const AFTER = String.raw`(?![[:alnum:]-]|\.[[:alnum:]])`;

/** Whether one of these addresses, numbers or ids stands in the text, and not as a part of a longer one. */
export const mentionsOneOf = (text: Prisma.Sql, needles: readonly string[]): Prisma.Sql =>
  Prisma.sql`EXISTS (
    SELECT FROM unnest(${needles}::text[]) AS needle
     WHERE strpos(${text}, needle) > 0
       AND ${text} ~ (${BEFORE}::text
                      || regexp_replace(needle, '([^[:alnum:]])', ${String.raw`\\\1`}, 'g')
                      || ${AFTER}::text))`;
