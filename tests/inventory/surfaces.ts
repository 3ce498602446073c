import type { Subjects } from "./subjects";

// Every way into the program with what it takes to use it. The tests beside
// this file fail on what a build has and this does not, on what this has and
// no build does, and on every surface that answers somebody it should not.

/** `anonymous` needs no session, `signed-in` any; everything else is the key of a permission. */
export type Access = "anonymous" | "signed-in" | (string & {});

export interface PageSurface {
  access: Access;
  /** A concrete address, where the route has parameters or the page needs a query. */
  path?: (subjects: Subjects) => string;
  /** What the page needs besides, to show what it is for. */
  also?: string[];
  /** What it answers to whoever may open it and is signed in; 200 when left out. */
  status?: number;
  /** The same for whoever is not signed in. */
  anonymousStatus?: number;
}

export const PAGES: Record<string, PageSurface> = {
  "/": { access: "anonymous" },
  "/sign-in": { access: "anonymous", status: 307 },
  "/not-me": { access: "anonymous" },
  "/sign-in/link": { access: "anonymous" },
  "/sign-up": { access: "anonymous", status: 307 },
  "/verify-email": { access: "anonymous" },
  "/reset-password": { access: "anonymous" },
  "/setup": { access: "anonymous" },
  "/challenge": { access: "anonymous", status: 307, anonymousStatus: 307 },
  "/challenge/[factor]": {
    access: "anonymous",
    path: () => "/challenge/passkey",
    status: 307,
    anonymousStatus: 307,
  },
  "/developers": { access: "anonymous" },
  // Behind a proxy, as here, mails are never shown.
  "/dev/mail": { access: "anonymous", status: 404, anonymousStatus: 404 },
  "/dashboard": { access: "signed-in" },
  "/account/profile": { access: "signed-in" },
  "/account/security": { access: "signed-in" },
  // Each leads away who has no business there.
  "/account/security/authenticator": { access: "signed-in", status: 307 },
  "/account/security/enrol": {
    access: "signed-in",
    path: () => "/account/security/enrol?returnTo=%2Fdashboard",
  },
  "/account/security/password": {
    access: "signed-in",
    path: () => "/account/security/password?returnTo=%2Fdashboard",
    status: 307,
  },
  "/account/sessions": { access: "signed-in" },
  "/invoices": { access: "view_invoice" },
  "/invoices/new": { access: "create_invoice" },
  "/invoices/[id]": { access: "view_invoice", path: ({ invoice }) => `/invoices/${invoice}` },
  "/admin": { access: "view_users", status: 307 },
  "/admin/users": { access: "view_users" },
  "/admin/users/new": { access: "manage_users" },
  "/admin/users/[id]": { access: "view_users", path: ({ user }) => `/admin/users/${user.id}` },
  "/admin/roles": { access: "view_roles" },
  "/admin/roles/new": { access: "manage_roles", also: ["view_roles"] },
  "/admin/roles/[id]": { access: "view_roles", path: ({ role }) => `/admin/roles/${role}` },
  "/admin/sign-in": { access: "manage_sign_in_rules" },
  "/admin/sessions": { access: "revoke_sessions" },
  "/admin/audit": { access: "view_audit_log" },
};

export interface HandlerSurface {
  access: Access;
  path: string;
  /** What it answers to a GET without anything. */
  status: number;
}

/** Route handlers of Next. The API's own table is listed apart, as it answers behind one of them. */
export const HANDLERS: Record<string, HandlerSurface> = {
  "/api/auth/[...nextauth]": { access: "anonymous", path: "/api/auth/session", status: 404 },
  "/api/health/live": { access: "anonymous", path: "/api/health/live", status: 200 },
  "/api/health/ready": { access: "anonymous", path: "/api/health/ready", status: 200 },
  "/api/v1/[...path]": { access: "anonymous", path: "/api/v1/none", status: 404 },
  "/dev/mail/[id]": { access: "anonymous", path: "/dev/mail/sample-confirm-email", status: 404 },
  "/icon.svg": { access: "anonymous", path: "/icon.svg", status: 200 },
};

export interface ActionSurface {
  access: Access;
  fields?: (subjects: Subjects) => Record<string, string>;
  /** For an action that takes no form. */
  args?: (subjects: Subjects) => unknown[];
  also?: string[];
  /** A path whose page knows the action, where every such page has parameters. */
  path?: (subjects: Subjects) => string;
}

const PASSWORD = "violet teapot under gravel";

export const ACTIONS: Record<string, ActionSurface> = {
  "app/(auth)/actions.ts#signInAction": {
    access: "anonymous",
    fields: ({ user }) => ({ email: user.email, password: "wrong" }),
  },
  "app/(auth)/actions.ts#signInWithLinkAction": {
    access: "anonymous",
    fields: () => ({ token: "none" }),
    path: () => "/sign-in",
  },
  "app/(auth)/actions.ts#disownSignInAction": {
    access: "anonymous",
    fields: () => ({ token: "none" }),
  },
  "app/(auth)/actions.ts#signInWithProviderAction": {
    access: "anonymous",
    fields: () => ({ provider: "google" }),
  },
  "app/(auth)/actions.ts#signOutAction": { access: "anonymous", args: () => [] },
  "app/(auth)/actions.ts#signUpAction": {
    access: "anonymous",
    fields: ({ unique }) => ({ email: `${unique}@example.com`, password: PASSWORD }),
  },
  "app/(auth)/actions.ts#confirmEmailAction": {
    access: "anonymous",
    fields: () => ({ token: "none" }),
  },
  "app/(auth)/actions.ts#requestResetAction": {
    access: "anonymous",
    fields: ({ user }) => ({ email: user.email }),
  },
  "app/(auth)/actions.ts#resetPasswordAction": {
    access: "anonymous",
    fields: () => ({ token: "none", password: PASSWORD }),
  },
  "app/(auth)/actions.ts#setupAction": {
    access: "anonymous",
    fields: ({ unique }) => ({
      token: "none",
      email: `${unique}@example.com`,
      password: PASSWORD,
    }),
  },
  "app/(auth)/challenge/actions.ts#answerChallengeAction": {
    access: "anonymous",
    fields: () => ({ factor: "password", for: "sign-in", password: "wrong" }),
  },
  "app/(auth)/challenge/actions.ts#sendCodeAction": {
    access: "anonymous",
    fields: () => ({ factor: "email-code", for: "sign-in" }),
  },
  "app/(auth)/challenge/actions.ts#askPasskeyAction": {
    access: "anonymous",
    fields: () => ({ factor: "passkey", for: "sign-in" }),
  },
  "app/(auth)/challenge/actions.ts#beginWithPasskeyAction": {
    access: "anonymous",
    fields: () => ({ returnTo: "/dashboard" }),
  },
  "app/(account)/account/security/passkeys/actions.ts#startPasskeyAction": {
    access: "signed-in",
    fields: ({ unique }) => ({ name: unique }),
  },
  "app/(account)/account/security/passkeys/actions.ts#enrolPasskeyAction": {
    access: "signed-in",
    fields: ({ unique }) => ({ name: unique, response: "{}" }),
  },
  "app/(account)/account/security/passkeys/actions.ts#renamePasskeyAction": {
    access: "signed-in",
    fields: ({ passkey, unique }) => ({ passkeyId: passkey, name: unique }),
  },
  "app/(account)/account/security/passkeys/actions.ts#forgetPasskeyAction": {
    access: "signed-in",
    fields: ({ passkey }) => ({ passkeyId: passkey }),
  },
  "app/(account)/account/security/actions.ts#startTotpAction": { access: "signed-in" },
  "app/(account)/account/security/actions.ts#confirmTotpAction": {
    access: "signed-in",
    fields: () => ({ code: "000000" }),
  },
  "app/(account)/account/security/actions.ts#removeTotpAction": { access: "signed-in" },
  "app/(account)/account/security/actions.ts#regenerateRecoveryCodesAction": {
    access: "signed-in",
  },
  "app/(account)/account/security/actions.ts#distrustDevicesAction": { access: "signed-in" },
  "app/(account)/account/actions.ts#updateProfileAction": {
    access: "signed-in",
    fields: ({ unique }) => ({ name: unique }),
  },
  "app/(account)/account/actions.ts#changePasswordAction": {
    access: "signed-in",
    fields: () => ({ current: "wrong", password: PASSWORD }),
  },
  "app/(account)/account/actions.ts#revokeSessionAction": {
    access: "signed-in",
    fields: ({ session }) => ({ sessionId: session }),
  },
  "app/(account)/account/actions.ts#revokeOtherSessionsAction": { access: "signed-in" },
  "app/(product)/invoices/actions.ts#createInvoiceAction": {
    access: "create_invoice",
    fields: ({ unique }) => ({ customer: unique, amount: "12.50", currency: "EUR" }),
  },
  "app/(product)/invoices/actions.ts#updateInvoiceAction": {
    access: "update_invoice",
    also: ["view_invoice"],
    fields: ({ invoice, unique }) => ({
      id: invoice,
      version: "1",
      customer: unique,
      amount: "12.50",
      currency: "EUR",
      status: "sent",
    }),
    path: ({ invoice }) => `/invoices/${invoice}`,
  },
  "app/(product)/invoices/actions.ts#deleteInvoiceAction": {
    access: "delete_invoice",
    also: ["view_invoice"],
    fields: ({ invoice }) => ({ id: invoice, version: "1" }),
    path: ({ invoice }) => `/invoices/${invoice}`,
  },
  "app/(product)/invoices/actions.ts#restoreInvoiceAction": {
    access: "delete_invoice",
    also: ["view_invoice"],
    args: ({ deletedInvoice }) => [deletedInvoice],
  },
  "app/admin/users/actions.ts#createUserAction": {
    access: "manage_users",
    fields: ({ unique }) => ({
      email: `${unique}@example.com`,
      name: "",
      password: PASSWORD,
      choosesRoles: "yes",
    }),
    also: ["assign_roles"],
  },
  "app/admin/users/actions.ts#updateProfileAction": {
    access: "manage_users",
    fields: ({ user, unique }) => ({ id: user.id, email: user.email, name: unique }),
  },
  "app/admin/users/actions.ts#assignRolesAction": {
    access: "assign_roles",
    fields: ({ user, role }) => ({ id: user.id, "role.0": role }),
  },
  "app/admin/users/actions.ts#disableUserAction": {
    access: "manage_users",
    fields: ({ user }) => ({ id: user.id }),
  },
  "app/admin/users/actions.ts#enableUserAction": {
    access: "manage_users",
    fields: ({ disabledUser }) => ({ id: disabledUser.id }),
  },
  "app/admin/users/actions.ts#restoreUserAction": {
    access: "manage_users",
    args: ({ disabledUser }) => [disabledUser.id],
  },
  "app/admin/users/actions.ts#deleteUserAction": {
    access: "manage_users",
    fields: ({ user }) => ({ id: user.id }),
  },
  "app/admin/users/actions.ts#sendLinkAction": {
    access: "manage_users",
    fields: ({ user }) => ({ id: user.id }),
  },
  "app/admin/users/actions.ts#endUserSessionAction": {
    access: "revoke_sessions",
    fields: ({ user, session }) => ({ id: user.id, sessionId: session }),
  },
  "app/admin/users/actions.ts#endUserSessionsAction": {
    access: "revoke_sessions",
    fields: ({ user }) => ({ id: user.id }),
  },
  "app/admin/users/actions.ts#resetFactorsAction": {
    access: "reset_factors",
    fields: ({ user }) => ({ id: user.id, reason: "lost their phone" }),
    also: ["view_users"],
  },
  "app/admin/sign-in/actions.ts#changeSignInRulesAction": {
    access: "manage_sign_in_rules",
    fields: () => ({
      version: "0",
      trustedDeviceDays: "7",
      sessionsMax: "",
      passwordHistory: "0",
      passwordMaxAgeDays: "",
    }),
  },
  "app/admin/sessions/actions.ts#endSessionAction": {
    access: "revoke_sessions",
    fields: ({ user, session }) => ({ userId: user.id, sessionId: session }),
  },
  "app/admin/roles/actions.ts#createRoleAction": {
    access: "manage_roles",
    fields: ({ unique }) => ({ name: `New ${unique}`, description: "" }),
  },
  "app/admin/roles/actions.ts#describeRoleAction": {
    access: "manage_roles",
    fields: ({ role, unique }) => ({
      id: role,
      version: "1",
      name: `Other ${unique}`,
      description: "",
    }),
  },
  "app/admin/roles/actions.ts#setRolePermissionsAction": {
    access: "manage_roles",
    fields: ({ role }) => ({ id: role, version: "1", "grant.0": "manage_roles" }),
  },
  "app/admin/roles/actions.ts#deleteRoleAction": {
    access: "manage_roles",
    fields: ({ role }) => ({ id: role, version: "1" }),
    also: ["view_roles"],
  },
};

export interface EndpointSurface {
  access: Access;
  params?: (subjects: Subjects) => Record<string, string>;
  body?: (subjects: Subjects) => unknown;
  headers?: Record<string, string>;
  also?: string[];
}

const ofInvoice = ({ invoice }: Subjects) => ({ id: invoice });
const ofUser = ({ user }: Subjects) => ({ id: user.id });
const ofRole = ({ role }: Subjects) => ({ id: role });
const FIRST_VERSION = { "if-match": '"1"' };

export const ENDPOINT_SURFACES: Record<string, EndpointSurface> = {
  "GET /api/v1/openapi.json": { access: "anonymous" },
  "POST /api/v1/auth/register": {
    access: "anonymous",
    body: ({ unique }) => ({ email: `${unique}@example.com`, password: PASSWORD }),
  },
  "GET /api/v1/me": { access: "signed-in" },
  "GET /api/v1/sessions": { access: "signed-in" },
  "DELETE /api/v1/sessions": { access: "signed-in" },
  "DELETE /api/v1/sessions/{id}": {
    access: "signed-in",
    params: ({ session }) => ({ id: session }),
  },
  "GET /api/v1/invoices": { access: "view_invoice" },
  "POST /api/v1/invoices": {
    access: "create_invoice",
    body: ({ unique }) => ({ customer: unique, amount: 1250, currency: "EUR" }),
  },
  "GET /api/v1/invoices/{id}": { access: "view_invoice", params: ofInvoice },
  "PATCH /api/v1/invoices/{id}": {
    access: "update_invoice",
    also: ["view_invoice"],
    params: ofInvoice,
    headers: FIRST_VERSION,
    body: ({ unique }) => ({ customer: unique }),
  },
  "DELETE /api/v1/invoices/{id}": {
    access: "delete_invoice",
    also: ["view_invoice"],
    params: ofInvoice,
    headers: FIRST_VERSION,
  },
  "POST /api/v1/invoices/{id}/restore": {
    access: "delete_invoice",
    also: ["view_invoice"],
    params: ({ deletedInvoice }) => ({ id: deletedInvoice }),
  },
  "GET /api/v1/users": { access: "view_users" },
  "POST /api/v1/users": {
    access: "manage_users",
    also: ["assign_roles"],
    body: ({ unique }) => ({ email: `${unique}@example.com`, roleIds: [] }),
  },
  "GET /api/v1/users/{id}": { access: "view_users", params: ofUser },
  "PATCH /api/v1/users/{id}": {
    access: "manage_users",
    params: ofUser,
    body: ({ unique }) => ({ name: unique }),
  },
  "DELETE /api/v1/users/{id}": { access: "manage_users", params: ofUser },
  "GET /api/v1/users/{id}/roles": { access: "view_users", params: ofUser },
  "PUT /api/v1/users/{id}/roles": {
    access: "assign_roles",
    params: ofUser,
    body: ({ role }) => ({ roleIds: [role] }),
  },
  "GET /api/v1/users/{id}/sessions": { access: "revoke_sessions", params: ofUser },
  "DELETE /api/v1/users/{id}/sessions": { access: "revoke_sessions", params: ofUser },
  "DELETE /api/v1/users/{id}/sessions/{sessionId}": {
    access: "revoke_sessions",
    params: ({ user, session }) => ({ id: user.id, sessionId: session }),
  },
  "GET /api/v1/roles": { access: "view_roles" },
  "POST /api/v1/roles": {
    access: "manage_roles",
    body: ({ unique }) => ({ name: `New ${unique}` }),
  },
  "GET /api/v1/roles/{id}": { access: "view_roles", params: ofRole },
  "PATCH /api/v1/roles/{id}": {
    access: "manage_roles",
    params: ofRole,
    body: ({ unique }) => ({ name: `Other ${unique}` }),
  },
  "DELETE /api/v1/roles/{id}": { access: "manage_roles", params: ofRole },
  "GET /api/v1/roles/{id}/permissions": { access: "view_roles", params: ofRole },
  "PUT /api/v1/roles/{id}/permissions": {
    access: "manage_roles",
    params: ofRole,
    body: () => ({ permissions: ["manage_roles"] }),
  },
  "GET /api/v1/permissions": { access: "view_roles" },
  "GET /api/v1/audit-events": { access: "view_audit_log" },
};
