import { z } from "zod";
import { VIEWED_LISTS, ViewName } from "@/lib/saved-views/saved-view.schema";

const list = z.enum(VIEWED_LISTS);

/** `query` is of the list's address, as the page that has the form was narrowed by it. */
export const SaveViewForm = z.object({ list, query: z.string().max(4_000), name: ViewName });

/** Two buttons of one form; only one of them looks at the name. */
export const ChangeViewForm = z.discriminatedUnion("change", [
  z.object({ change: z.literal("rename"), list, id: z.uuid(), name: ViewName }),
  z.object({ change: z.literal("delete"), list, id: z.uuid() }),
]);
