import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { listPermissionKeys, listRoleNames } from "@/lib/authz/list-held-permissions";
import { jsonReply } from "@/lib/platform/http/reply";
import { isPerson } from "@/lib/shared/assurance";
import { ownPictureHref } from "@/lib/shared/picture";
import type { Impersonation, Principal } from "@/lib/shared/principal";
import { listPictureDigests } from "@/lib/users/picture";

const Me = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  picture: z.string().nullable().describe("Its path, which changes with it."),
  locale: z.string().nullable().describe("The language that the user has set (BCP 47)."),
  timeZone: z.string().nullable().describe("The time zone that the user has set (IANA)."),
  organization: z.object({ id: z.uuid(), name: z.string() }),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  session: z
    .object({
      id: z.uuid(),
      acr: z.string(),
      amr: z.array(z.string()),
      authTime: z.iso.datetime(),
      act: z
        .object({
          id: z.uuid(),
          email: z.string(),
          name: z.string().nullable(),
          reason: z.string(),
          until: z.iso.datetime(),
        })
        .nullable()
        .describe("Who acts as the user, why and until when; null for the user's own session."),
    })
    .nullable()
    .describe("Null for a personal access token, which is in no session."),
});

const sessionOf = ({ session, act }: Principal) => ({
  ...session,
  authTime: session.authTime.toISOString(),
  act: act === undefined ? null : actorOf(act),
});

const actorOf = ({ userId: id, email, name, reason, until }: Impersonation) => ({
  id,
  email,
  name,
  reason,
  until: until.toISOString(),
});

export const getMe = endpoint({
  method: "GET",
  path: "/api/v1/me",
  tag: "Account",
  summary: "Who the caller is and what they may do, read from the database now",
  access: "signed-in",
  impersonated: true,
  responses: { 200: { description: "The caller", schema: Me } },
  run: async ({ caller }) => {
    const { principal } = caller;
    const [digests, roles, permissions] = await Promise.all([
      listPictureDigests([principal.userId]),
      listRoleNames(caller),
      listPermissionKeys(caller),
    ]);
    const digest = digests.get(principal.userId);
    return jsonReply(200, {
      id: principal.userId,
      email: principal.email,
      name: principal.name,
      picture: digest === undefined ? null : ownPictureHref(digest),
      locale: principal.locale,
      timeZone: principal.timeZone,
      organization: {
        id: principal.organizationId,
        name: principal.organizationName,
      },
      roles,
      permissions,
      session: isPerson(principal) ? sessionOf(principal) : null,
    });
  },
});
