import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

const SHOWN = { id: true, name: true, parameters: true } as const;

/** By name. */
export const listViewRows = (userId: string, list: string, db: Db = prisma()) =>
  db.savedView.findMany({
    where: { userId, list },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    select: SHOWN,
  });

export const countViews = (userId: string, list: string, db: Db): Promise<number> =>
  db.savedView.count({ where: { userId, list } });

export interface NewViewRow {
  id: string;
  userId: string;
  list: string;
  name: string;
  parameters: Record<string, string>;
}

export async function insertView(row: NewViewRow, db: Db): Promise<void> {
  await db.savedView.create({ data: row });
}

/** One view of a user's; of somebody else's with this id there is none. */
export interface OwnView {
  id: string;
  userId: string;
  list: string;
}

/** Whether there was one to rename. */
export async function renameViewRow(own: OwnView, name: string, db: Db = prisma()) {
  const { count } = await db.savedView.updateMany({ where: { ...own }, data: { name } });
  return count > 0;
}

/** Whether there was one to delete. */
export async function deleteViewRow(own: OwnView, db: Db = prisma()): Promise<boolean> {
  const { count } = await db.savedView.deleteMany({ where: { ...own } });
  return count > 0;
}
