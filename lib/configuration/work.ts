import "server-only";
import type { Operator } from "@/lib/authz/authority";
import type { Objector } from "@/lib/authz/guarded-change";
import type { Names } from "@/lib/configuration/names";
import type { Difference } from "@/lib/configuration/plan";
import type { Present } from "@/lib/configuration/present";
import type { Db } from "@/lib/platform/db/client";

/** By what right and in which transaction changes are made, of what is there. */
export interface Work {
  operator: Operator;
  present: Present;
  object: Objector;
  tx: Db;
}

/** The id of the organization whose something is; null is the whole installation's. */
export const placeOf = ({ organization }: Difference, names: Names): string | null =>
  organization === null ? null : names.organizationId(organization);

/** Finds a row by its name and place. */
export const isHere =
  (name: string, place: string | null) => (row: { name: string; organizationId: string | null }) =>
    row.name === name && row.organizationId === place;

/** The same of what is always an organization's. */
export const ownPlace = (one: Difference, names: Names): string => {
  const place = placeOf(one, names);
  if (place === null) throw new Error(`a ${one.kind} is of no organization`);
  return place;
};
