import "server-only";
import { z } from "zod";
import { searchEverything } from "@/app/_search/search-everything";
import { endpoint } from "@/app/api/endpoint";
import { tooManyRequests } from "@/app/api/problems";
import { jsonReply } from "@/lib/platform/http/reply";
import { SearchText } from "@/lib/shared/search.schema";
import { HIT_KINDS } from "@/lib/shared/search-hit";
import { SEARCH_LENGTH_MIN } from "@/lib/shared/search-length";

const HitResource = z.object({
  kind: z.enum(HIT_KINDS),
  id: z.string(),
  title: z.string(),
  detail: z.string().nullable().describe("What tells it from others of its name."),
  href: z.string().describe("The path of the page that shows it."),
});

export const searchEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/search",
  tag: "Search",
  summary:
    "What bears a name or an id, of every kind that the caller may see in their organization: the first few of each",
  access: "signed-in",
  query: z.strictObject({
    q: SearchText.min(SEARCH_LENGTH_MIN, `Search for at least ${SEARCH_LENGTH_MIN} characters.`),
  }),
  responses: {
    200: { description: "What was found", schema: z.object({ items: z.array(HitResource) }) },
  },
  run: async ({ caller, query: { q } }) => {
    const result = await searchEverything(caller, q);
    if (result.outcome === "limited") throw tooManyRequests(result.retryAfterSeconds);
    return jsonReply(200, { items: result.hits });
  },
});
