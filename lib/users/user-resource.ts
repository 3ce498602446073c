import "server-only";
import type { ResourceSource } from "@/lib/authz/resource-source";
import { isId } from "@/lib/shared/id.schema";
import { findAskedUser, listUsersById } from "@/lib/users/user-resource-store";

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
