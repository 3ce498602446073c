import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { type ViewedList, ViewParameters } from "@/lib/saved-views/saved-view.schema";
import {
  countViews,
  deleteViewRow,
  insertView,
  listViewRows,
  renameViewRow,
} from "@/lib/saved-views/saved-view-store";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { lockUser } from "@/lib/users/user-identity";

/** More of one list than these nobody finds anything among. */
export const VIEWS_MAX = 20;

export interface SavedView {
  id: string;
  name: string;
  /** Of the list's address. */
  parameters: Record<string, string>;
}

/** The caller's own views of a list, by name. They follow the caller from one organization to another. */
export async function listOwnViews({ principal }: Caller, list: ViewedList): Promise<SavedView[]> {
  const rows = await listViewRows(principal.userId, list);
  return rows.map((row) => ({ ...row, parameters: ViewParameters.parse(row.parameters) }));
}

export type ViewSaving =
  | { outcome: "saved" }
  | { outcome: "rejected"; reason: "too-many" | "name-taken" | "says-nothing" };

/** A list, and what shows it: nobody keeps views of what they may not see. */
export interface Viewed {
  list: ViewedList;
  permission: Permission;
}

/** Saves a view for the caller; the parameters are those that the list takes, which whoever calls has made sure of. */
export async function saveView(
  caller: Caller,
  { list, permission }: Viewed,
  view: Omit<SavedView, "id">,
): Promise<ViewSaving> {
  await authorize(caller, permission);
  if (Object.keys(view.parameters).length === 0) {
    return { outcome: "rejected", reason: "says-nothing" };
  }
  const { userId } = caller.principal;
  try {
    return await inTransaction(async (tx): Promise<ViewSaving> => {
      // Of two at once, the second counts what the first has saved.
      await lockUser(userId, tx);
      if ((await countViews(userId, list, tx)) >= VIEWS_MAX) {
        return { outcome: "rejected", reason: "too-many" };
      }
      await insertView({ id: newId(), userId, list, ...view }, tx);
      return { outcome: "saved" };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "name-taken" };
    throw error;
  }
}

export type ViewChange = "changed" | "not-found" | "name-taken";

/** Renames one of the caller's own views of the list. */
export async function renameView(
  caller: Caller,
  { list, permission }: Viewed,
  { id, name }: Pick<SavedView, "id" | "name">,
): Promise<ViewChange> {
  await authorize(caller, permission);
  const own = { id, list, userId: caller.principal.userId };
  try {
    return (await renameViewRow(own, name)) ? "changed" : "not-found";
  } catch (error) {
    if (isUniqueViolation(error)) return "name-taken";
    throw error;
  }
}

/** Deletes one of the caller's own views of the list; false for one that is not theirs, or not any more. */
export async function deleteView(
  caller: Caller,
  { list, permission }: Viewed,
  id: string,
): Promise<boolean> {
  await authorize(caller, permission);
  return deleteViewRow({ id, list, userId: caller.principal.userId });
}
