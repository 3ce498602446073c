import "server-only";
import type { Row } from "@/lib/authz/ability";
import type { ResourceSource } from "@/lib/authz/resource-source";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { findAskedUser, listUsersById } from "@/lib/users/user-resource-store";

/**
 * What a decision about the user is made from, in the caller's organization; of nobody there, the id
 * alone, so that every condition about them counts against the caller.
 */
export const askedUser = async (
  { principal }: Caller,
  userId: string,
): Promise<Row & { id: string }> =>
  (isId(userId) ? await findAskedUser(userId, principal.organizationId) : null) ?? { id: userId };

/** Users, for questions about what others may do with them. */
export const USER_RESOURCE: ResourceSource = {
  find: async (id, organizationId) => {
    if (!isId(id)) return null;
    const row = await findAskedUser(id, organizationId);
    return row && { ...row, label: row.email };
  },
  list: async (organizationId, rows, afterId, countMax) =>
    (await listUsersById(organizationId, rows, afterId, countMax)).map(({ id, email }) => ({
      id,
      label: email,
    })),
};
