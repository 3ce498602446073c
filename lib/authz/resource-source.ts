import "server-only";
import type { Row } from "@/lib/authz/ability";

/**
 * Where the records of a resource type come from, for questions about others: `app/resources.ts`
 * gathers them. It asks for nobody's permission, so whoever uses it has decided who may ask.
 */
export interface ResourceSource {
  /** The record with what conditions may ask about it; null when the organization has none such. */
  find(id: string, organizationId: string): Promise<(Row & { id: string; label: string }) | null>;
  /** Records within a filter of `accessibleRows`, in the order of their ids. */
  list(
    organizationId: string,
    rows: Readonly<Record<string, unknown>>,
    afterId: string | null,
    countMax: number,
  ): Promise<{ id: string; label: string }[]>;
}
