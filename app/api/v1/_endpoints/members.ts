import "server-only";
import { z } from "zod";
import { previewInvitation } from "@/app/_impact/preview-arrival";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf } from "@/app/api/paging";
import { tooManyRequests } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import { inviteMember, sendInvitationAgain } from "@/lib/authn/invite-member";
import type { Probe } from "@/lib/authz/impact/probe";
import { NewInvitation } from "@/lib/invitations/invitation.schema";
import { listInvitations } from "@/lib/invitations/list-invitations";
import { type Invitation, revokeInvitation } from "@/lib/invitations/manage-invitations";
import { listMembers, type Member } from "@/lib/memberships/list-members";
import { removeMember } from "@/lib/memberships/remove-member";
import { Search } from "@/lib/organizations/organization.schema";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { UserStatus } from "@/lib/users/user.schema";

const MEMBERS = "/api/v1/organizations/{id}/members";
const INVITATIONS = "/api/v1/organizations/{id}/invitations";

const RoleReference = z.object({ id: z.uuid(), name: z.string() });

const MemberResource = z.object({
  userId: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  status: UserStatus,
  roles: z.array(RoleReference),
  joinedAt: z.iso.datetime(),
});

const InvitationResource = z.object({
  id: z.uuid(),
  email: z.string(),
  invitedBy: z.string().nullable(),
  roles: z.array(RoleReference),
  sentCount: z.int(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  hasExpired: z.boolean().describe("It can be sent again, with a new link."),
});

const Params = z.object({ id: z.string() });
const InvitationParams = z.object({ id: z.string(), invitationId: z.string() });

const memberOf = ({ joinedAt, ...member }: Member): z.infer<typeof MemberResource> => ({
  ...member,
  joinedAt: joinedAt.toISOString(),
});

const invitationOf = ({
  createdAt,
  expiresAt,
  ...invitation
}: Invitation): z.infer<typeof InvitationResource> => ({
  ...invitation,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});

const listMembersEndpoint = endpoint({
  method: "GET",
  path: MEMBERS,
  tag: "Organizations",
  summary: "The members of the caller's organization, newest first",
  access: ORGANIZATION_PERMISSIONS.view,
  services: true,
  params: Params,
  query: Search.extend(PAGE_QUERY),
  responses: { 200: { description: "A page of members", schema: pageOf(MemberResource) } },
  run: async ({ caller, params: { id }, query: { q, ...page } }) => {
    const result = await listMembers(caller, id, { q }, page);
    if (result.outcome !== "listed") throw refusalProblem("organization", result);
    const { members, nextCursor, previousCursor } = result;
    return jsonReply(200, { items: members.map(memberOf), nextCursor, previousCursor });
  },
});

const removeMemberEndpoint = endpoint({
  method: "DELETE",
  path: `${MEMBERS}/{userId}`,
  tag: "Organizations",
  summary: "Take a member out of the caller's organization, with what they had in it",
  access: ORGANIZATION_PERMISSIONS.manageMembers,
  params: z.object({ id: z.string(), userId: z.string() }),
  query: PREVIEW,
  responses: {
    200: { description: "What it would do", schema: PREVIEWABLE },
    204: { description: "They are no member any more" },
    403: { description: "They hold what the caller lacks" },
    409: { description: "They are in no other organization, or nobody could manage members" },
  },
  run: async ({ caller, params: { id, userId }, query }) => {
    const remove = (probe?: Probe) => removeMember(caller, id, userId, probe);
    const result = await (isPreview(query)
      ? previewChange(caller, remove, { userIds: [userId] })
      : remove());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "removed") throw refusalProblem("member", result);
    return emptyReply();
  },
});

const listInvitationsEndpoint = endpoint({
  method: "GET",
  path: INVITATIONS,
  tag: "Organizations",
  summary: "The open invitations of the caller's organization, newest first",
  access: ORGANIZATION_PERMISSIONS.view,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of invitations", schema: pageOf(InvitationResource) } },
  run: async ({ caller, params: { id }, query }) => {
    const result = await listInvitations(caller, id, query);
    if (result.outcome !== "listed") throw refusalProblem("organization", result);
    const { invitations, nextCursor, previousCursor } = result;
    return jsonReply(200, { items: invitations.map(invitationOf), nextCursor, previousCursor });
  },
});

const inviteEndpoint = endpoint({
  method: "POST",
  path: INVITATIONS,
  tag: "Organizations",
  summary: "Invite an address, with roles that the caller could give",
  access: ORGANIZATION_PERMISSIONS.manageMembers,
  params: Params,
  query: PREVIEW,
  body: NewInvitation,
  responses: {
    200: { description: "What accepting it would do", schema: PREVIEWABLE },
    201: { description: "The invitation is on its way", schema: InvitationResource },
    403: { description: "A role gives what the caller lacks" },
    409: { description: "The address is a member's, or has an open invitation" },
    429: { description: "Enough mails for now" },
  },
  run: async ({ caller, params: { id }, query, body }) => {
    const result = await (isPreview(query)
      ? previewInvitation(caller, id, body)
      : inviteMember(caller, id, body));
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome === "limited") throw tooManyRequests(result.retryAfterSeconds);
    if (result.outcome !== "invited") throw refusalProblem("organization", result);
    return jsonReply(201, invitationOf(result.invitation));
  },
});

const resendEndpoint = endpoint({
  method: "POST",
  path: `${INVITATIONS}/{invitationId}/resend`,
  tag: "Organizations",
  summary: "Send an open invitation again; its former link is dead",
  access: ORGANIZATION_PERMISSIONS.manageMembers,
  params: InvitationParams,
  responses: {
    200: { description: "It is on its way", schema: InvitationResource },
    403: { description: "A role gives what the caller lacks" },
    429: { description: "Enough mails for now" },
  },
  run: async ({ caller, params: { id, invitationId } }) => {
    const result = await sendInvitationAgain(caller, id, invitationId);
    if (result.outcome === "limited") throw tooManyRequests(result.retryAfterSeconds);
    if (result.outcome !== "sent") throw refusalProblem("invitation", result);
    return jsonReply(200, invitationOf(result.invitation));
  },
});

const revokeEndpoint = endpoint({
  method: "DELETE",
  path: `${INVITATIONS}/{invitationId}`,
  tag: "Organizations",
  summary: "Take an open invitation back",
  access: ORGANIZATION_PERMISSIONS.manageMembers,
  params: InvitationParams,
  responses: { 204: { description: "Its link opens nothing any more" } },
  run: async ({ caller, params: { id, invitationId } }) => {
    const result = await revokeInvitation(caller, id, invitationId);
    if (result.outcome !== "revoked") throw refusalProblem("invitation", result);
    return emptyReply();
  },
});

export const MEMBER_ENDPOINTS = [
  listMembersEndpoint,
  removeMemberEndpoint,
  listInvitationsEndpoint,
  inviteEndpoint,
  resendEndpoint,
  revokeEndpoint,
];
