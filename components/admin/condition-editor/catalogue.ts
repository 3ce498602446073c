/** Something that a condition names by its id, as people know it. */
export interface NamedChoice {
  id: string;
  name: string;
}

/** A list is all that the field can be. */
export type FieldKind = "text" | "number" | readonly string[];

/** What conditions about records of one type may ask. */
export interface RecordType {
  name: string;
  /** Whether its records have an owner. */
  ownable: boolean;
  fields: Readonly<Record<string, FieldKind>>;
  /** Fields that a policy can hide. */
  hideable: readonly string[];
}

/** All that the editor offers. It travels as props: the editor knows no schema. */
export interface ConditionCatalogue {
  recordTypes: readonly RecordType[];
  roles: readonly NamedChoice[];
  teams: readonly NamedChoice[];
  users: readonly NamedChoice[];
  timeZones: readonly string[];
}

/** What records of all these types have in common: a condition about them must fit each. */
export function commonType(catalogue: ConditionCatalogue, names: readonly string[]): RecordType {
  const types = names.map((name) => catalogue.recordTypes.find((type) => type.name === name));
  const [first] = types;
  const common = (field: string, kind: FieldKind): boolean =>
    types.every((type) => String(type?.fields[field]) === String(kind));
  return {
    name: names.join(", "),
    ownable: types.length > 0 && types.every((type) => type?.ownable === true),
    fields: Object.fromEntries(
      Object.entries(first?.fields ?? {}).filter(([field, kind]) => common(field, kind)),
    ),
    hideable: (first?.hideable ?? []).filter((field) =>
      types.every((type) => type?.hideable.includes(field)),
    ),
  };
}
