import "server-only";
import type { OfPeople } from "@/lib/personal-data/personal-table";
import { shown } from "@/lib/personal-data/personal-table";
import { TABLES_OF_ACCOUNTS } from "@/lib/personal-data/tables-of-accounts";
import { TABLES_OF_NOBODY } from "@/lib/personal-data/tables-of-nobody";
import { TABLES_OF_WORK } from "@/lib/personal-data/tables-of-work";

/** The account itself. */
const USERS = {
  rows: "t.id = $1::uuid",
  columns: {
    ...shown("id", "email", "name", "status", "email_verified", "image", "last_sign_in_at"),
    ...shown("created_at", "updated_at", "deletion_due_at", "locale", "time_zone"),
    grants_version: "internal",
    sign_in_epoch: "internal",
  },
  erasure: "subject",
} as const satisfies OfPeople;

/** Every table that has rows of people, in the order in which they are erased (F108, F109). */
export const TABLES_OF_PEOPLE = { ...TABLES_OF_ACCOUNTS, ...TABLES_OF_WORK, users: USERS };

export type TableOfPeople = keyof typeof TABLES_OF_PEOPLE;

/** Every table of the database. A test holds it against the schema: none can be forgotten. */
export const PERSONAL_TABLES = { ...TABLES_OF_NOBODY, ...TABLES_OF_PEOPLE };
