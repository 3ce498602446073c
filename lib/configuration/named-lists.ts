import "server-only";

/** A claim is of a client, or of all that have none of this name. */
export const claimName = ({ name, clientId }: { name: string; clientId: string | null }): string =>
  clientId === null ? name : `${name} of ${clientId}`;

interface NamedList {
  /** Where it stands in a place of the file. */
  list: string;
  kind: "connection" | "client" | "claim" | "domain" | "role" | "team" | "policy" | "duty";
  /** The field by which its items are called. */
  key: string;
  nameOf(item: Record<string, unknown>): string;
}

const by = (key: string) => ({
  key,
  nameOf: (item: Record<string, unknown>) => String(item[key]),
});

/** The lists of a place, in the order of a file. */
export const NAMED_LISTS: readonly NamedList[] = [
  { list: "domains", kind: "domain", ...by("domain") },
  { list: "roles", kind: "role", ...by("name") },
  { list: "teams", kind: "team", ...by("name") },
  { list: "policies", kind: "policy", ...by("name") },
  { list: "duties", kind: "duty", ...by("name") },
  { list: "connections", kind: "connection", ...by("slug") },
  { list: "clients", kind: "client", ...by("id") },
  {
    list: "claims",
    kind: "claim",
    key: "name",
    nameOf: (item) => claimName(item as { name: string; clientId: string | null }),
  },
];
