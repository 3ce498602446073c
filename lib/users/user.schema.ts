import { z } from "zod";
import { Email, PersonName } from "@/lib/shared/email.schema";
import { SearchListing, SearchText } from "@/lib/shared/search.schema";

export const USER_STATUSES = ["active", "pending", "disabled"] as const;
export const UserStatus = z.enum(USER_STATUSES, "Choose active, pending or disabled.");

export const USER_SORTS = ["newest", "name", "email", "last-sign-in"] as const;
export const UserSort = z.enum(USER_SORTS, "Sort by newest, name, email or last-sign-in.");
export type UserSort = z.infer<typeof UserSort>;

/** Roles of one user, each once. Far more than anybody needs, far fewer than hurt. */
export const RoleIds = z
  .array(z.uuid("Use the id of a role."))
  .max(100, "Use at most 100 roles.")
  .transform((ids) => [...new Set(ids)]);

/** What narrows and orders a list of users, as its address says it. */
export const UserListing = z.strictObject({
  q: SearchText.optional(),
  status: UserStatus.optional(),
  role: z.uuid("Use the id of a role.").optional(),
  sort: UserSort.default("newest"),
});
export type UserListing = z.infer<typeof UserListing>;

/** What narrows a list of sessions, as its address says it: whose they are. */
export const SessionListing = SearchListing;
export type SessionListing = z.infer<typeof SessionListing>;

/** What somebody may change of another user. A pending user becomes active by their own doing only. */
export const UserChange = z
  .strictObject({
    email: Email.optional(),
    name: PersonName.nullable().optional(),
    status: z.enum(["active", "disabled"], "Choose active or disabled.").optional(),
  })
  .refine((change) => Object.keys(change).length > 0, "Name at least one field to change.");
export type UserChange = z.infer<typeof UserChange>;
