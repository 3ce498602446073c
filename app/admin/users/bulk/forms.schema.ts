import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";

const SELECTED_FIELD = /^user\.\d{1,3}$/;

const Selection = z
  .looseObject({})
  .transform((fields) => ({
    userIds: Object.entries(fields).flatMap(([name, id]) =>
      SELECTED_FIELD.test(name) ? [id] : [],
    ),
  }))
  .pipe(
    z.object({
      // As many as a page shows, and some.
      userIds: z
        .array(Id)
        .min(1, "Select somebody first.")
        .max(100, "Select at most 100.")
        .transform((ids) => [...new Set(ids)]),
    }),
  );

const ROLE_CHANGES = ["add-role", "remove-role"] as const;

const Change = z.discriminatedUnion("change", [
  z.object({ change: z.enum(["disable", "enable", "end-sessions"]) }),
  z.object({ change: z.enum(ROLE_CHANGES), roleId: z.uuid("Choose a role.") }),
]);

export const ManyUsersForm = z.intersection(Change, Selection);
