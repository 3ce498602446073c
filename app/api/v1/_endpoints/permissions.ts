import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { listPermissions } from "@/lib/authz/list-roles";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { jsonReply } from "@/lib/platform/http/reply";

const Resource = z.object({
  key: z.string(),
  description: z.string(),
  resourceType: z.string(),
  ownable: z.boolean().describe("Whether a role can limit it to what the holder owns."),
});

export const listPermissionsEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/permissions",
  tag: "Roles",
  summary: "Every permission that can be given, by key",
  access: ROLE_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of permissions", schema: pageOf(Resource) } },
  run: async ({ caller, query }) =>
    jsonReply(
      200,
      pageWithin(await listPermissions(caller), ({ key }) => key, query),
    ),
});
