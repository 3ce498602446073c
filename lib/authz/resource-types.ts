import "server-only";

/** What a condition may ask about a field; only columns that are never null are named here. */
export type FieldType = "text" | "number" | readonly string[];

export interface ResourceType {
  /** The field that names the owner; a grant for own records of a type without one allows nothing. */
  ownerField?: string;
  /** By name, as the row has them. A list is all that the field can be. */
  fields: Readonly<Record<string, FieldType>>;
  /** Fields that a policy can hide. */
  hideable?: readonly string[];
}

/** What is known of the records that permissions are about. A type that is not here has no fields. */
const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  Invoice: {
    ownerField: "ownerId",
    fields: {
      amount: "number",
      currency: "text",
      customer: "text",
      status: ["draft", "sent", "paid", "void"],
    },
    hideable: ["amount", "customer"],
  },
  User: {
    ownerField: "id",
    fields: { email: "text", status: ["active", "disabled", "pending"] },
  },
};

const UNKNOWN: ResourceType = { fields: {} };

export const resourceType = (name: string): ResourceType =>
  Object.hasOwn(RESOURCE_TYPES, name) ? (RESOURCE_TYPES[name] ?? UNKNOWN) : UNKNOWN;

export const ownerFieldOf = (name: string): string | undefined => resourceType(name).ownerField;

/** Every type that conditions know something of, by name. */
export const listResourceTypes = (): readonly (readonly [name: string, type: ResourceType])[] =>
  Object.entries(RESOURCE_TYPES);
