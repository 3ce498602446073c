import "server-only";
import { z } from "zod";
import { previewNewUser } from "@/app/_impact/preview-arrival";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import { inviteUser } from "@/lib/authn/invite-user";
import type { Probe } from "@/lib/authz/impact/probe";
import { NewPassword } from "@/lib/credentials/password/password.schema";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { Email, PersonName } from "@/lib/shared/email.schema";
import { pictureHref } from "@/lib/shared/picture";
import { assignRoles } from "@/lib/users/assign-roles";
import { deleteUser } from "@/lib/users/delete-user";
import { findUser, type HeldRole, type ListedUser, listUsers } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { listPictureDigests } from "@/lib/users/picture";
import { updateUser } from "@/lib/users/update-user";
import { RoleIds, UserChange, UserListing, UserStatus } from "@/lib/users/user.schema";

const PATH = "/api/v1/users";

const RoleReference = z.object({
  id: z.uuid(),
  name: z.string(),
  expiresAt: z.iso.datetime().nullable().describe("Null has no end."),
});

const Resource = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  picture: z.string().nullable().describe("Its path, which changes with it."),
  status: UserStatus,
  roles: z.array(RoleReference),
  createdAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime().nullable(),
});

const Roles = pageOf(RoleReference).extend({
  roleIds: z.array(z.uuid()).describe("Of all that have no end, which is what a PUT replaces."),
});

/** Text of any shape: an id that cannot exist is answered like one that does not. */
const Params = z.object({ id: z.string() });

const CONFIRM = z
  .boolean()
  .default(false)
  .describe("Goes on although the caller loses permissions of their own.");

const roleOf = ({ expiresAt, ...role }: HeldRole): z.infer<typeof RoleReference> => ({
  ...role,
  expiresAt: expiresAt?.toISOString() ?? null,
});

const lastingIds = (roles: HeldRole[]): string[] =>
  roles.filter(({ expiresAt }) => expiresAt === null).map(({ id }) => id);

async function resourcesOf(users: ListedUser[]): Promise<z.infer<typeof Resource>[]> {
  const digests = await listPictureDigests(users.map(({ id }) => id));
  return users.map((user) => describe(user, digests.get(user.id)));
}

const resourceOf = async (user: ListedUser): Promise<z.infer<typeof Resource>> =>
  describe(user, (await listPictureDigests([user.id])).get(user.id));

const describe = (user: ListedUser, digest: string | undefined): z.infer<typeof Resource> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  picture: digest === undefined ? null : pictureHref(user.id, digest),
  status: user.status,
  roles: user.roles.map(roleOf),
  createdAt: user.createdAt.toISOString(),
  lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
});

const listUsersEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Users",
  summary: "The users of the caller's organization",
  access: USER_PERMISSIONS.view,
  services: true,
  query: UserListing.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of users", schema: pageOf(Resource) } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const result = await listUsers(caller, listing, { limit, cursor });
    if (result.outcome !== "listed") throw refusalProblem("user", result);
    return jsonReply(200, {
      items: await resourcesOf(result.users),
      nextCursor: result.nextCursor,
      previousCursor: result.previousCursor,
    });
  },
});

const createUserEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Users",
  summary: "Create a user, verified on the caller's word; without a password they are invited",
  access: USER_PERMISSIONS.manage,
  fresh: "With a password",
  query: PREVIEW,
  body: z.strictObject({
    email: Email,
    name: PersonName.nullable().optional(),
    password: NewPassword.optional(),
    roleIds: RoleIds.optional().describe("Without them, the roles that every sign-up gets."),
  }),
  responses: {
    200: { description: "What creating them would do", schema: PREVIEWABLE },
    201: { description: "The new user", schema: Resource },
    403: { description: "A role gives what the caller lacks" },
    409: { description: "The address has a user" },
  },
  run: async ({ caller, query, body: { email, name = null, password = null, roleIds = null } }) => {
    const wanted = { email, name, password, roleIds };
    const result = await (isPreview(query)
      ? previewNewUser(caller, wanted)
      : inviteUser(caller, wanted));
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "created") throw refusalProblem("user", result);
    const { user } = result;
    return jsonReply(201, await resourceOf(user), { location: `${PATH}/${user.id}` });
  },
});

const getUserEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Users",
  summary: "One user",
  access: USER_PERMISSIONS.view,
  services: true,
  params: Params,
  responses: { 200: { description: "The user", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const user = await findUser(caller, id);
    if (user === null) throw notFound("user");
    return jsonReply(200, await resourceOf(user));
  },
});

const updateUserEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Users",
  summary: "Change the address, the name or the status; disabling ends every session",
  access: USER_PERMISSIONS.manage,
  fresh: "For another address",
  services: true,
  params: Params,
  query: PREVIEW,
  body: z
    .strictObject({ ...UserChange.shape, confirm: CONFIRM })
    .refine(({ confirm: _, ...change }) => Object.keys(change).length > 0, {
      message: "Name at least one field to change.",
    }),
  responses: {
    200: { description: "The changed user", schema: z.union([Resource, PREVIEWABLE]) },
    403: { description: "The user holds what the caller lacks" },
    409: { description: "The last administrator, an address that is taken, or unconfirmed" },
  },
  run: async ({ caller, params: { id }, query, body: { confirm: confirmed, ...change } }) => {
    const save = (probe?: Probe) => updateUser(caller, id, change, { confirmed, probe });
    const result = await (isPreview(query)
      ? previewChange(caller, save, { userIds: [id] })
      : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "updated") throw refusalProblem("user", result);
    return jsonReply(200, await resourceOf(result.user));
  },
});

const deleteUserEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Users",
  summary: "Delete a user, with their sessions, credentials and roles",
  access: USER_PERMISSIONS.manage,
  fresh: true,
  params: Params,
  query: PREVIEW.extend({ confirm: z.enum(["true", "false"]).default("false") }),
  responses: {
    200: { description: "What deleting them would do", schema: PREVIEWABLE },
    204: { description: "The user is gone" },
    403: { description: "The user holds what the caller lacks" },
    409: { description: "The last administrator, the owner of records, or unconfirmed" },
  },
  run: async ({ caller, params: { id }, query }) => {
    const confirmed = query.confirm === "true";
    const remove = (probe?: Probe) => deleteUser(caller, id, { confirmed, probe });
    const result = await (isPreview(query)
      ? previewChange(caller, remove, { userIds: [id] })
      : remove());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "deleted") throw refusalProblem("user", result);
    return emptyReply();
  },
});

const getUserRolesEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}/roles`,
  tag: "Users",
  summary: "The roles of a user",
  access: USER_PERMISSIONS.view,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of roles, and the ids of all", schema: Roles } },
  run: async ({ caller, params: { id }, query }) => {
    const user = await findUser(caller, id);
    if (user === null) throw notFound("user");
    const page = pageWithin(user.roles.map(roleOf), (role) => role.id, query);
    return jsonReply(200, { ...page, roleIds: lastingIds(user.roles) });
  },
});

const putUserRolesEndpoint = endpoint({
  method: "PUT",
  path: `${PATH}/{id}/roles`,
  tag: "Users",
  summary:
    "Make these the roles that a user has without an end, as one change; others end by themselves",

  access: USER_PERMISSIONS.assignRoles,
  params: Params,
  query: PREVIEW,
  body: z.strictObject({ roleIds: RoleIds, confirm: CONFIRM }),
  responses: {
    200: { description: "The roles that the user has now", schema: z.union([Roles, PREVIEWABLE]) },
    403: { description: "A role, or the user, holds what the caller lacks" },
    409: { description: "The last administrator, or unconfirmed" },
  },
  run: async ({ caller, params: { id }, query, body: { roleIds, confirm: confirmed } }) => {
    const save = (probe?: Probe) => assignRoles(caller, id, roleIds, { confirmed, probe });
    const result = await (isPreview(query)
      ? previewChange(caller, save, { userIds: [id] })
      : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "assigned") throw refusalProblem("user", result);
    const { roles } = result;
    const items = roles.map(roleOf);
    return jsonReply(200, { items, nextCursor: null, roleIds: lastingIds(roles) });
  },
});

export const USER_ENDPOINTS = [
  listUsersEndpoint,
  createUserEndpoint,
  getUserEndpoint,
  updateUserEndpoint,
  deleteUserEndpoint,
  getUserRolesEndpoint,
  putUserRolesEndpoint,
];
