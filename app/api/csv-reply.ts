import "server-only";
import { PRIVATE, type Reply } from "@/lib/platform/http/reply";

/** A file of comma-separated values (RFC 4180) to keep, with where the next one goes on. */
export const csvReply = (name: string, body: string, nextHref: string | null = null): Reply => ({
  status: 200,
  headers: {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}.csv"`,
    ...PRIVATE,
    ...(nextHref === null ? {} : { link: `<${nextHref}>; rel="next"` }),
  },
  body,
});
