import type { ConditionCatalogue } from "@/components/admin/condition-editor/catalogue";
import type { ConditionNames } from "@/components/admin/condition-words";

/** The names that a catalogue knows, for putting a condition into words. */
export const namesOf = ({ roles, teams, users }: ConditionCatalogue): ConditionNames =>
  Object.fromEntries([...roles, ...teams, ...users].map(({ id, name }) => [id, name]));
