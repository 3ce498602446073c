import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { listPermissionKeys, listRoleNames } from "@/lib/authz/list-held-permissions";
import { jsonReply } from "@/lib/platform/http/reply";
import { isPerson } from "@/lib/shared/assurance";
import type { Principal } from "@/lib/shared/principal";

const Me = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  organization: z.object({ id: z.uuid(), name: z.string() }),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  session: z
    .object({
      id: z.uuid(),
      acr: z.string(),
      amr: z.array(z.string()),
      authTime: z.iso.datetime(),
    })
    .nullable()
    .describe("Null for a personal access token, which is in no session."),
});

const sessionOf = ({ session }: Principal) => ({
  ...session,
  authTime: session.authTime.toISOString(),
});

export const getMe = endpoint({
  method: "GET",
  path: "/api/v1/me",
  tag: "Account",
  summary: "Who the caller is and what they may do, read from the database now",
  access: "signed-in",
  responses: { 200: { description: "The caller", schema: Me } },
  run: async ({ caller }) => {
    const { principal } = caller;
    return jsonReply(200, {
      id: principal.userId,
      email: principal.email,
      name: principal.name,
      organization: {
        id: principal.organizationId,
        name: principal.organizationName,
      },
      roles: await listRoleNames(caller),
      permissions: await listPermissionKeys(caller),
      session: isPerson(principal) ? sessionOf(principal) : null,
    });
  },
});
