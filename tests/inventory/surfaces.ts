import type { Subjects } from "./subjects";

// Every way into the program with what it takes to use it. The tests beside
// this file fail on what a build has and this does not, on what this has and
// no build does, and on every surface that answers somebody it should not.

/** What a surface asks of a session besides being one (F22). */
interface Proofs {
  /** Needs a proof of the last minutes, with the second factor of whoever has one. */
  fresh?: true;
  /** Leads out of a hold, and so is open to whoever is held by it. */
  during?: "single-sign-on" | "second-factor" | "deletion" | "terms" | "password";
  /** Takes a second factor, of whoever has one or not. */
  secondFactor?: true;
  /** Also for whoever acts as somebody else (F101). What is for everybody and shows a page is so anyway. */
  impersonated?: true;
}

/** `anonymous` needs no session, `signed-in` any; everything else is the key of a permission. */
export type Access = "anonymous" | "signed-in" | (string & {});

export interface PageSurface extends Proofs {
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
  "/accounts": { access: "anonymous", anonymousStatus: 307 },
  "/not-me": { access: "anonymous" },
  "/confirm-email-change": { access: "anonymous" },
  "/undo-email-change": { access: "anonymous" },
  "/undo-account-deletion": { access: "anonymous" },
  // Leads away who has accepted all there is.
  "/terms": { access: "signed-in", during: "terms", status: 307 },
  "/legal/[document]": {
    access: "anonymous",
    path: () => "/legal/terms",
    status: 404,
    anonymousStatus: 404,
  },
  // Leads away whose account stays.
  "/account-deletion": { access: "signed-in", during: "deletion", status: 307 },
  "/signed-out": { access: "anonymous", status: 307 },
  "/invitations": { access: "anonymous" },
  "/sign-in/link": { access: "anonymous" },
  "/sign-in/onward": { access: "anonymous", status: 307, anonymousStatus: 307 },
  "/interaction/[uid]": {
    access: "anonymous",
    path: () => "/interaction/none",
    status: 404,
    anonymousStatus: 404,
  },
  "/end-session/[uid]": {
    access: "anonymous",
    path: () => "/end-session/none",
    status: 404,
    anonymousStatus: 404,
  },
  "/device": { access: "signed-in" },
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
  "/dashboard": { access: "signed-in", impersonated: true },
  "/account/profile": { access: "signed-in", impersonated: true },
  "/account/security": { access: "signed-in", impersonated: true },
  // Each leads away who has no business there.
  "/account/security/authenticator": {
    access: "signed-in",
    status: 307,
    fresh: true,
    during: "second-factor",
  },
  "/account/security/phone": {
    access: "signed-in",
    status: 307,
    fresh: true,
    during: "second-factor",
  },
  "/account/security/enrol": {
    access: "signed-in",
    fresh: true,
    during: "second-factor",
    path: () => "/account/security/enrol?returnTo=%2Fdashboard",
  },
  "/account/security/password": {
    access: "signed-in",
    during: "password",
    path: () => "/account/security/password?returnTo=%2Fdashboard",
    status: 307,
  },
  "/single-sign-on": {
    access: "signed-in",
    during: "single-sign-on",
    path: () => "/single-sign-on?returnTo=%2Fdashboard",
    status: 307,
  },
  "/account/sessions": { access: "signed-in", impersonated: true },
  "/account/activity": { access: "signed-in", impersonated: true },
  "/account/organizations": { access: "signed-in", impersonated: true },
  "/account/tokens": { access: "signed-in", impersonated: true },
  "/account/apps": { access: "signed-in", impersonated: true },
  "/account/data": { access: "signed-in", during: "terms" },
  "/account/requests": { access: "signed-in", impersonated: true },
  "/account/requests/new": { access: "signed-in" },
  "/invoices": { access: "view_invoice", impersonated: true },
  "/invoices/new": { access: "create_invoice", impersonated: true },
  "/invoices/[id]": {
    access: "view_invoice",
    impersonated: true,
    path: ({ invoice }) => `/invoices/${invoice}`,
  },
  "/admin": { access: "view_audit_log" },
  "/admin/users": { access: "view_users" },
  "/admin/users/new": { access: "manage_users" },
  "/admin/users/import": { access: "manage_users", fresh: true },
  "/admin/users/import/[id]": {
    access: "manage_users",
    fresh: true,
    path: ({ userImport }) => `/admin/users/import/${userImport}`,
  },
  "/admin/users/[id]": { access: "view_users", path: ({ user }) => `/admin/users/${user.id}` },
  "/admin/users/[id]/access": {
    access: "view_decisions",
    path: ({ user }) => `/admin/users/${user.id}/access`,
    also: ["view_users"],
  },
  "/admin/decisions/[id]": {
    access: "view_decisions",
    path: ({ decision }) => `/admin/decisions/${decision}`,
  },
  "/admin/access": { access: "view_decisions" },
  "/admin/simulate": { access: "view_decisions" },
  // Who sees their own only is led to it.
  "/admin/organizations": { access: "view_organization", also: ["manage_organizations"] },
  "/admin/organizations/new": { access: "manage_organizations", fresh: true },
  "/admin/organizations/[id]": {
    access: "view_organization",
    path: ({ organization }) => `/admin/organizations/${organization}`,
  },
  "/admin/roles": { access: "view_roles" },
  "/admin/roles/graph": { access: "view_roles" },
  "/admin/roles/new": { access: "manage_roles", also: ["view_roles"], fresh: true },
  "/admin/roles/[id]": { access: "view_roles", path: ({ role }) => `/admin/roles/${role}` },
  "/admin/policies": { access: "view_policies" },
  "/admin/policies/new": { access: "manage_policies", also: ["view_policies"], fresh: true },
  "/admin/policies/[id]": {
    access: "view_policies",
    path: ({ policy }) => `/admin/policies/${policy}`,
  },
  "/admin/reviews": { access: "answer_reviews" },
  "/admin/reviews/new": { access: "manage_reviews", fresh: true },
  "/admin/reviews/[id]": {
    access: "answer_reviews",
    also: ["manage_reviews"],
    path: ({ review }) => `/admin/reviews/${review}`,
  },
  "/admin/reviews/[id]/evidence": {
    access: "manage_reviews",
    fresh: true,
    path: ({ endedReview }) => `/admin/reviews/${endedReview}/evidence`,
  },
  "/admin/teams": { access: "view_teams" },
  "/admin/teams/new": { access: "manage_teams", also: ["view_teams"], fresh: true },
  "/admin/teams/[id]": { access: "view_teams", path: ({ team }) => `/admin/teams/${team}` },
  "/admin/domains": { access: "view_domains" },
  "/admin/webhooks": { access: "view_webhooks" },
  "/admin/webhooks/new": { access: "manage_webhooks", fresh: true },
  "/admin/webhooks/[id]": {
    access: "view_webhooks",
    path: ({ webhook }) => `/admin/webhooks/${webhook}`,
  },
  "/admin/outbox": { access: "view_outbox" },
  "/admin/settings": { access: "view_settings" },
  "/admin/gateway": { access: "view_gateway" },
  "/admin/coverage": { access: "view_coverage" },
  "/admin/sign-in": { access: "manage_sign_in_rules", fresh: true },
  "/admin/branding": { access: "manage_branding", fresh: true },
  "/admin/connections": { access: "view_connections" },
  "/admin/connections/new": { access: "manage_connections", fresh: true },
  "/admin/connections/[id]": {
    access: "view_connections",
    path: ({ connection }) => `/admin/connections/${connection}`,
  },
  // A result is for the session that asked, which no subject of these tests is.
  "/admin/connections/[id]/test/[testId]": {
    access: "view_connections",
    path: ({ connection }) => `/admin/connections/${connection}/test/${connection}`,
    status: 404,
  },
  "/admin/claims": { access: "view_clients" },
  "/admin/keys": { access: "view_keys" },
  "/admin/clients": { access: "view_clients" },
  "/admin/clients/new": {
    access: "manage_clients",
    fresh: true,
    path: () => "/admin/clients/new?kind=web",
  },
  "/admin/clients/[id]": {
    access: "view_clients",
    path: ({ client }) => `/admin/clients/${client}`,
  },
  "/admin/clients/[id]/logouts": {
    access: "view_clients",
    path: ({ untoldClient }) => `/admin/clients/${untoldClient}/logouts`,
  },
  "/admin/clients/[id]/roles": {
    access: "view_roles",
    path: ({ service }) => `/admin/clients/${service}/roles`,
  },
  "/admin/search": { access: "signed-in", path: () => "/admin/search?q=Ada" },
  "/admin/requests": { access: "approve_access" },
  "/admin/duties": { access: "view_duties" },
  "/admin/sessions": { access: "revoke_sessions" },
  "/admin/audit": { access: "view_audit_log" },
  "/admin/terms": { access: "manage_terms", fresh: true },
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
  "/api/auth/backchannel-logout/[provider]": {
    access: "anonymous",
    path: "/api/auth/backchannel-logout/google",
    status: 405,
  },
  "/api/health/live": { access: "anonymous", path: "/api/health/live", status: 200 },
  "/api/health/ready": { access: "anonymous", path: "/api/health/ready", status: 200 },
  "/api/gateway/[...path]": { access: "anonymous", path: "/api/gateway/none", status: 404 },
  // Not there without METRICS_TOKEN, which no program of these tests has.
  "/api/metrics": { access: "anonymous", path: "/api/metrics", status: 404 },
  // Nor without CRON_SECRET.
  "/api/cron": { access: "anonymous", path: "/api/cron", status: 404 },
  "/oidc/[...path]": { access: "anonymous", path: "/oidc/none", status: 404 },
  "/.well-known/oauth-authorization-server/oidc": {
    access: "anonymous",
    path: "/.well-known/oauth-authorization-server/oidc",
    status: 200,
  },
  "/.well-known/oauth-protected-resource/api/v1": {
    access: "anonymous",
    path: "/.well-known/oauth-protected-resource/api/v1",
    status: 200,
  },
  "/.well-known/authzen-configuration": {
    access: "anonymous",
    path: "/.well-known/authzen-configuration",
    status: 200,
  },
  "/access/v1/[...path]": { access: "anonymous", path: "/access/v1/none", status: 404 },
  "/api/v1/[...path]": { access: "anonymous", path: "/api/v1/none", status: 404 },
  "/dev/mail/[id]": { access: "anonymous", path: "/dev/mail/sample-confirm-email", status: 404 },
  "/icon.svg": { access: "anonymous", path: "/icon.svg", status: 200 },
};

export interface ActionSurface extends Proofs {
  access: Access;
  fields?: (subjects: Subjects) => Record<string, string>;
  /** For an action that takes no form. */
  args?: (subjects: Subjects, account: string) => unknown[];
  also?: string[];
  /** A path whose page knows the action, where every such page has parameters. */
  path?: (subjects: Subjects) => string;
  /** Whoever merely holds the permission has nothing there to change: it is asked of others. */
  unchanged?: true;
}

const CONNECTION_DETAILS = {
  authMethod: "client_secret_basic",
  scopes: "openid email",
  domains: "",
};
const versioned = (id: string) => ({ id, version: "1" });
const ofConnection = ({ connection }: Subjects) => `/admin/connections/${connection}`;

const CLIENT_DETAILS = { postLogoutRedirectUris: "", backchannelLogoutUri: "" };
const ofClientPage = ({ client }: Subjects) => `/admin/clients/${client}`;

const ofTeamPage = ({ team }: Subjects) => `/admin/teams/${team}`;
const ofTeam = ({ team }: Subjects) => ({ id: team });
const ofWebhook = ({ webhook }: Subjects) => ({ id: webhook });
const ofWebhookPage = ({ webhook }: Subjects) => `/admin/webhooks/${webhook}`;
/** Told of nothing that happens: what is queued by itself would look like a change. */
const NEW_WEBHOOK = { name: "Hook", url: "https://hooks.example.com/" };
const managesWebhook: ActionSurface = {
  access: "manage_webhooks",
  also: ["view_webhooks"],
  fresh: true,
  fields: ofWebhook,
  path: ofWebhookPage,
};
const ofMessage = ({ failedMessage }: Subjects) => ({ id: failedMessage });
const managesOutbox: ActionSurface = {
  access: "manage_outbox",
  also: ["view_outbox"],
  fresh: true,
  fields: ofMessage,
  path: () => "/admin/outbox",
};
const ofDomain = ({ domain }: Subjects) => ({ id: domain });
const ofPolicyPage = ({ policy }: Subjects) => `/admin/policies/${policy}`;
const changedPolicy: ActionSurface = {
  access: "manage_policies",
  also: ["view_policies", "view_invoice"],
  fresh: true,
  path: ofPolicyPage,
};

const PASSWORD = "violet teapot under gravel";
export const NO_ID = "00000000-0000-4000-8000-000000000000";

const DAY_MS = 86_400_000;
/** Beyond the day in which reviewers are reminded by mail, whenever that happens. */
const inThreeDays = (): string => new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10);

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
  "app/(auth)/confirm-email-change/actions.ts#confirmEmailChangeAction": {
    access: "anonymous",
    fields: () => ({ token: "none" }),
  },
  "app/(auth)/undo-email-change/actions.ts#undoEmailChangeAction": {
    access: "anonymous",
    fields: () => ({ token: "none" }),
  },
  "app/(auth)/undo-account-deletion/actions.ts#undoDeletionAction": {
    access: "anonymous",
    fields: () => ({ token: "none" }),
  },
  "app/(auth)/terms/actions.ts#acceptTermsAction": { access: "signed-in", during: "terms" },
  "app/admin/terms/actions.ts#publishTermsAction": {
    access: "manage_terms",
    fresh: true,
    // In force long after this: else everybody who calls next would be asked to accept them.
    fields: ({ unique }) => ({
      document: "terms",
      title: unique,
      summary: "",
      text: unique,
      effectiveOn: "2099-01-01",
    }),
  },
  "app/(account)/account/data/actions.ts#requestDeletionAction": {
    access: "signed-in",
    during: "terms",
    fresh: true,
    // Not their address: whoever calls is still there afterwards.
    fields: () => ({ email: "somebody.else@example.com" }),
  },
  "app/(account)/account/data/actions.ts#keepAccountAction": {
    access: "signed-in",
    during: "deletion",
  },
  "app/(auth)/actions.ts#signInWithProviderAction": {
    access: "anonymous",
    fields: () => ({ provider: "google" }),
  },
  "app/(auth)/actions.ts#signOutAction": { access: "anonymous" },
  "app/(auth)/impersonation/actions.ts#stopImpersonationAction": {
    access: "anonymous",
    impersonated: true,
    path: () => "/sign-in",
  },
  "app/(auth)/accounts/actions.ts#switchAccountAction": {
    access: "anonymous",
    path: () => "/accounts",
    fields: ({ user }) => ({ account: user.email }),
  },
  "app/(auth)/accounts/actions.ts#forgetAccountAction": {
    access: "anonymous",
    path: () => "/accounts",
    fields: ({ user }) => ({ account: user.email }),
  },
  "app/(auth)/accounts/actions.ts#addAccountAction": {
    access: "anonymous",
    path: () => "/accounts",
  },
  "app/(auth)/accounts/actions.ts#signOutOfAllAction": {
    access: "anonymous",
    path: () => "/accounts",
  },
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
    fresh: true,
    during: "second-factor",
    fields: ({ unique }) => ({ name: unique }),
  },
  "app/(account)/account/security/passkeys/actions.ts#enrolPasskeyAction": {
    access: "signed-in",
    fresh: true,
    during: "second-factor",
    fields: ({ unique }) => ({ name: unique, response: "{}" }),
  },
  "app/(account)/account/security/passkeys/actions.ts#renamePasskeyAction": {
    access: "signed-in",
    fields: ({ passkey, unique }) => ({ passkeyId: passkey, name: unique }),
  },
  "app/(account)/account/security/passkeys/actions.ts#forgetPasskeyAction": {
    access: "signed-in",
    fresh: true,
    fields: ({ passkey }) => ({ passkeyId: passkey }),
  },
  "app/(account)/account/security/connected/actions.ts#linkIdentityAction": {
    access: "signed-in",
    during: "single-sign-on",
    fresh: true,
    fields: () => ({ provider: "none" }),
  },
  "app/(account)/account/security/connected/actions.ts#unlinkIdentityAction": {
    access: "signed-in",
    fresh: true,
    fields: ({ identity }) => ({ identityId: identity }),
  },
  "app/(account)/account/security/actions.ts#startTotpAction": {
    access: "signed-in",
    fresh: true,
    during: "second-factor",
  },
  "app/(account)/account/security/actions.ts#confirmTotpAction": {
    access: "signed-in",
    fresh: true,
    during: "second-factor",
    fields: () => ({ code: "000000" }),
  },
  "app/(account)/account/security/actions.ts#removeTotpAction": {
    access: "signed-in",
    fresh: true,
  },
  "app/(account)/account/security/phone/actions.ts#startPhoneAction": {
    access: "signed-in",
    fresh: true,
    during: "second-factor",
    fields: () => ({ number: "+436641234567" }),
  },
  "app/(account)/account/security/phone/actions.ts#confirmPhoneAction": {
    access: "signed-in",
    fresh: true,
    during: "second-factor",
    fields: () => ({ code: "000000" }),
  },
  "app/(account)/account/security/phone/actions.ts#removePhoneAction": {
    access: "signed-in",
    fresh: true,
  },
  "app/(account)/account/security/actions.ts#regenerateRecoveryCodesAction": {
    access: "signed-in",
    fresh: true,
  },
  "app/(account)/account/security/actions.ts#distrustDevicesAction": { access: "signed-in" },
  "app/(auth)/interaction/[uid]/actions.ts#answerConsentAction": {
    access: "signed-in",
    fields: () => ({ uid: "none", answer: "allow" }),
    path: () => "/interaction/none",
  },
  "app/(auth)/interaction/[uid]/actions.ts#chooseAnotherAccountAction": {
    access: "signed-in",
    path: () => "/interaction/none",
    fields: () => ({ uid: "none" }),
  },
  "app/(auth)/end-session/[uid]/actions.ts#confirmEndSessionAction": {
    access: "signed-in",
    fields: () => ({ uid: "none" }),
    path: () => "/end-session/none",
  },
  "app/(auth)/device/actions.ts#findDeviceAction": {
    access: "signed-in",
    fields: () => ({ shown: "BBBB-CCCC" }),
  },
  "app/(auth)/device/actions.ts#answerDeviceAction": {
    access: "signed-in",
    fields: () => ({ request: "none", answer: "allow" }),
  },
  "app/(account)/account/apps/actions.ts#revokeAppAction": {
    access: "signed-in",
    fields: ({ untoldClient }) => ({ clientId: untoldClient }),
  },
  "app/admin/clients/[id]/logouts/actions.ts#retryLogoutAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ untoldClient, logoutDelivery }) => ({
      clientId: untoldClient,
      deliveryId: logoutDelivery,
    }),
    path: ({ untoldClient }) => `/admin/clients/${untoldClient}/logouts`,
  },
  "app/(account)/account/profile/actions.ts#requestEmailChangeAction": {
    access: "signed-in",
    fresh: true,
    fields: ({ unique }) => ({ email: `${unique}@example.com` }),
  },
  "app/(account)/account/profile/actions.ts#cancelEmailChangeAction": { access: "signed-in" },
  // Without a file, which these fields cannot have, it says that one is missing.
  "app/(account)/account/profile/actions.ts#changePictureAction": { access: "signed-in" },
  "app/(account)/account/profile/actions.ts#removePictureAction": { access: "signed-in" },
  "app/(account)/account/profile/actions.ts#updateLanguageAction": {
    access: "signed-in",
    fields: () => ({ locale: "en", timeZone: "UTC" }),
  },
  "app/_locale/actions.ts#chooseLanguageAction": {
    access: "anonymous",
    path: () => "/sign-in",
    fields: () => ({ locale: "en" }),
  },
  "app/(account)/account/actions.ts#updateProfileAction": {
    access: "signed-in",
    fields: ({ unique }) => ({ name: unique }),
  },
  "app/(account)/account/actions.ts#changePasswordAction": {
    access: "signed-in",
    fresh: true,
    during: "password",
    fields: () => ({ current: "wrong", password: PASSWORD }),
  },
  "app/(account)/account/actions.ts#revokeSessionAction": {
    access: "signed-in",
    fields: ({ session }) => ({ sessionId: session }),
  },
  "app/(account)/account/actions.ts#revokeOtherSessionsAction": { access: "signed-in" },
  "app/(account)/account/tokens/actions.ts#createTokenAction": {
    access: "signed-in",
    fresh: true,
    fields: ({ unique }) => ({ name: unique, lifetimeDays: "30", read: "on" }),
  },
  "app/(account)/account/tokens/actions.ts#revokeTokenAction": {
    access: "signed-in",
    fields: ({ token }) => ({ tokenId: token }),
  },
  "app/(product)/invoices/actions.ts#createInvoiceAction": {
    access: "create_invoice",
    impersonated: true,
    fields: ({ unique }) => ({ customer: unique, amount: "12.50", currency: "EUR" }),
  },
  "app/(product)/invoices/actions.ts#updateInvoiceAction": {
    access: "update_invoice",
    impersonated: true,
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
    impersonated: true,
    also: ["view_invoice"],
    fields: ({ invoice }) => ({ id: invoice, version: "1" }),
    path: ({ invoice }) => `/invoices/${invoice}`,
  },
  "app/(product)/invoices/actions.ts#restoreInvoiceAction": {
    access: "delete_invoice",
    impersonated: true,
    also: ["view_invoice"],
    args: ({ deletedInvoice }, account) => [deletedInvoice, account],
  },
  "app/admin/users/actions.ts#createUserAction": {
    access: "manage_users",
    fresh: true,
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
    fresh: true,
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
    args: ({ disabledUser }, account) => [disabledUser.id, account],
  },
  "app/admin/users/actions.ts#deleteUserAction": {
    access: "manage_users",
    fresh: true,
    fields: ({ user }) => ({ id: user.id }),
  },
  "app/admin/users/actions.ts#keepUserAction": {
    access: "manage_users",
    fields: ({ leavingUser }) => ({ id: leavingUser.id }),
    path: ({ leavingUser }) => `/admin/users/${leavingUser.id}`,
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
  "app/admin/users/actions.ts#revokeUserAppAction": {
    access: "revoke_sessions",
    // The owner of the grant has the role of sign-ups: it takes as much to act on them.
    also: ["view_users", "view_invoice"],
    fields: ({ owner, untoldClient }) => ({ id: owner.id, clientId: untoldClient }),
    path: ({ owner }) => `/admin/users/${owner.id}`,
  },
  "app/admin/users/actions.ts#revokeUserTokenAction": {
    access: "revoke_sessions",
    also: ["view_users"],
    fields: ({ user, token }) => ({ id: user.id, tokenId: token }),
    path: ({ user }) => `/admin/users/${user.id}`,
  },
  "app/admin/users/actions.ts#resetFactorsAction": {
    access: "reset_factors",
    fresh: true,
    fields: ({ user }) => ({ id: user.id, reason: "lost their phone" }),
    also: ["view_users"],
  },
  "app/admin/users/actions.ts#impersonateAction": {
    access: "impersonate_users",
    also: ["view_users"],
    fresh: true,
    secondFactor: true,
    fields: ({ user }) => ({ id: user.id, reason: "a question of theirs", minutes: "15" }),
    path: ({ user }) => `/admin/users/${user.id}`,
  },
  "app/admin/users/bulk/actions.ts#changeManyAction": {
    access: "manage_users",
    fields: ({ user }) => ({ change: "disable", "user.0": user.id }),
    also: ["view_users"],
  },
  "app/admin/users/import/actions.ts#checkImportAction": {
    access: "manage_users",
    fresh: true,
    fields: () => ({ format: "csv" }),
    // Fields alone are no file, and there is nothing to keep then.
    unchanged: true,
  },
  "app/admin/users/import/actions.ts#applyImportAction": {
    access: "manage_users",
    fresh: true,
    fields: ({ userImport }) => ({ id: userImport }),
    path: ({ userImport }) => `/admin/users/import/${userImport}`,
  },
  "app/admin/reviews/actions.ts#startReviewAction": {
    access: "manage_reviews",
    fresh: true,
    fields: ({ reviewed, reviewer, unique }) => ({
      name: unique,
      note: "",
      dueOn: inThreeDays(),
      grants: "people",
      people: reviewed.email,
      "reviewer.0": reviewer.id,
    }),
  },
  "app/admin/reviews/actions.ts#answerItemsAction": {
    access: "answer_reviews",
    fresh: true,
    also: ["manage_reviews"],
    fields: ({ review, reviewItem }) => ({ id: review, only: reviewItem, decision: "revoke" }),
    path: ({ review }) => `/admin/reviews/${review}`,
    unchanged: true,
  },
  "app/admin/reviews/actions.ts#closeReviewAction": {
    access: "manage_reviews",
    fresh: true,
    also: ["answer_reviews"],
    fields: ({ review }) => ({ id: review }),
    path: ({ review }) => `/admin/reviews/${review}`,
  },
  "app/admin/reviews/actions.ts#cancelReviewAction": {
    access: "manage_reviews",
    fresh: true,
    also: ["answer_reviews"],
    fields: ({ review }) => ({ id: review }),
    path: ({ review }) => `/admin/reviews/${review}`,
  },
  "app/admin/sign-in/actions.ts#changeSignInRulesAction": {
    access: "manage_sign_in_rules",
    fresh: true,
    fields: () => ({
      version: "0",
      smsAllowed: "on",
      riskChecked: "on",
      sessionLevel: "",
      sessionHoursMax: "",
      networks: "",
      passkeyModels: "",
      trustedDeviceDays: "7",
      sessionsMax: "",
      passwordHistory: "0",
      passwordMaxAgeDays: "",
    }),
  },
  "app/admin/branding/actions.ts#saveBrandingAction": {
    access: "manage_branding",
    fresh: true,
    fields: ({ brandingVersion }) => ({ name: "", accent: "#1f6feb", version: brandingVersion }),
  },
  // Without a file, which these fields cannot have, it says that one is missing.
  "app/admin/branding/actions.ts#changeLogoAction": {
    access: "manage_branding",
    fresh: true,
    unchanged: true,
    fields: () => ({ scheme: "light" }),
  },
  // There is none to be taken away.
  "app/admin/branding/actions.ts#removeLogoAction": {
    access: "manage_branding",
    fresh: true,
    unchanged: true,
    fields: () => ({ scheme: "light" }),
  },
  "app/admin/branding/actions.ts#resetBrandingAction": { access: "manage_branding", fresh: true },
  "app/admin/connections/actions.ts#createConnectionAction": {
    access: "manage_connections",
    fresh: true,
    fields: ({ unique }) => ({
      preset: "openid",
      name: unique,
      slug: `new-${unique}`,
      issuer: "https://id.example.com",
      clientId: "gatehouse",
      clientSecret: "secret",
      ...CONNECTION_DETAILS,
    }),
    path: () => "/admin/connections/new?preset=openid",
  },
  "app/admin/connections/actions.ts#changeConnectionAction": {
    access: "manage_connections",
    fresh: true,
    also: ["view_connections"],
    fields: ({ connection, unique }) => ({
      ...versioned(connection),
      name: unique,
      issuer: "https://id.example.com",
      clientId: "gatehouse",
      clientSecret: "secret",
      ...CONNECTION_DETAILS,
    }),
    path: ofConnection,
  },
  "app/admin/connections/actions.ts#replaceSecretAction": {
    access: "manage_connections",
    fresh: true,
    also: ["view_connections"],
    fields: ({ connection }) => ({ ...versioned(connection), clientSecret: "other" }),
    path: ofConnection,
  },
  "app/admin/connections/actions.ts#enableConnectionAction": {
    access: "manage_connections",
    fresh: true,
    also: ["view_connections"],
    fields: ({ connection }) => versioned(connection),
    path: ofConnection,
  },
  "app/admin/connections/actions.ts#disableConnectionAction": {
    access: "manage_connections",
    fresh: true,
    also: ["view_connections"],
    fields: ({ connection }) => versioned(connection),
    path: ofConnection,
  },
  "app/admin/connections/actions.ts#testConnectionAction": {
    access: "manage_connections",
    fresh: true,
    also: ["view_connections"],
    fields: ({ connection }) => ({ id: connection }),
    path: ofConnection,
  },
  "app/admin/connections/actions.ts#deleteConnectionAction": {
    access: "manage_connections",
    fresh: true,
    also: ["view_connections"],
    fields: ({ connection }) => ({ id: connection }),
    path: ofConnection,
  },
  "app/admin/clients/[id]/roles/actions.ts#assignServiceRolesAction": {
    access: "assign_roles",
    also: ["view_roles"],
    fresh: true,
    fields: ({ service, role }) => ({ id: service, "role.0": role }),
    path: ({ service }) => `/admin/clients/${service}/roles`,
  },
  "app/(account)/account/requests/actions.ts#askForRoleAction": {
    access: "signed-in",
    path: () => "/account/requests/new",
    // Of a role that there is not: what is asked for is mailed to whoever can answer.
    fields: () => ({ roleId: NO_ID, reason: "To see it", minutes: "60" }),
  },
  "app/(account)/account/requests/actions.ts#withdrawRequestAction": {
    access: "signed-in",
    path: () => "/account/requests",
    fields: ({ accessRequest }) => ({ requestId: accessRequest }),
  },
  "app/(account)/account/requests/actions.ts#endOwnAccessAction": {
    access: "signed-in",
    path: () => "/account/requests",
    fields: ({ emergency }) => ({ requestId: emergency }),
  },
  "app/(account)/account/requests/actions.ts#breakGlassAction": {
    access: "use_break_glass",
    fresh: true,
    secondFactor: true,
    path: () => "/account/requests",
    fields: ({ emergencyRole }) => ({ roleId: emergencyRole, reason: "It burns", minutes: "15" }),
  },
  "app/admin/requests/actions.ts#approveRequestAction": {
    access: "approve_access",
    fresh: true,
    path: () => "/admin/requests",
    fields: ({ accessRequest }) => ({ requestId: accessRequest, note: "" }),
  },
  "app/admin/requests/actions.ts#denyRequestAction": {
    access: "approve_access",
    fresh: true,
    path: () => "/admin/requests",
    fields: ({ accessRequest }) => ({ requestId: accessRequest, note: "" }),
  },
  "app/admin/requests/actions.ts#endAccessAction": {
    access: "approve_access",
    fresh: true,
    path: () => "/admin/requests",
    fields: ({ emergency }) => ({ requestId: emergency }),
  },
  "app/admin/requests/actions.ts#acknowledgeEmergencyAction": {
    access: "approve_access",
    fresh: true,
    path: () => "/admin/requests",
    fields: ({ emergency }) => ({ requestId: emergency, note: "All well" }),
  },
  "app/admin/duties/actions.ts#createConflictAction": {
    access: "manage_duties",
    also: ["view_duties"],
    fresh: true,
    fields: ({ unique }) => ({
      name: unique,
      description: "",
      "left.0": "create_invoice",
      "right.0": "delete_invoice",
    }),
  },
  "app/admin/duties/actions.ts#deleteConflictAction": {
    access: "manage_duties",
    also: ["view_duties"],
    fresh: true,
    fields: ({ dutyConflict }) => ({ conflictId: dutyConflict }),
  },
  "app/admin/duties/actions.ts#waiveConflictAction": {
    access: "manage_duties",
    also: ["view_duties"],
    fresh: true,
    fields: ({ dutyConflict, user }) => ({
      conflictId: dutyConflict,
      user: user.id,
      reason: "For now",
      days: "7",
    }),
  },
  "app/admin/duties/actions.ts#endWaiverAction": {
    access: "manage_duties",
    also: ["view_duties"],
    fresh: true,
    fields: ({ dutyWaiver }) => ({ waiverId: dutyWaiver }),
  },
  "app/admin/claims/actions.ts#createClaimAction": {
    access: "manage_clients",
    also: ["view_clients"],
    fresh: true,
    fields: ({ unique, service }) => ({
      name: `c${unique}`,
      kind: "text",
      value: "fixed",
      scope: "profile",
      userinfo: "on",
      clientId: service,
    }),
  },
  "app/admin/claims/actions.ts#deleteClaimAction": {
    access: "manage_clients",
    also: ["view_clients"],
    fresh: true,
    fields: ({ claim }) => ({ id: claim }),
  },
  "app/admin/keys/actions.ts#rotateKeysAction": {
    access: "manage_keys",
    also: ["view_keys"],
    fresh: true,
    path: () => "/admin/keys",
  },
  "app/admin/keys/actions.ts#retireKeysAction": {
    access: "manage_keys",
    also: ["view_keys"],
    fresh: true,
    path: () => "/admin/keys",
  },
  "app/admin/clients/actions.ts#createClientAction": {
    access: "manage_clients",
    fresh: true,
    fields: ({ unique }) => ({
      kind: "web",
      name: unique,
      redirectUris: "https://app.example.com/callback",
      ...CLIENT_DETAILS,
    }),
    path: () => "/admin/clients/new?kind=web",
  },
  "app/admin/clients/actions.ts#changeClientAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ client, unique }) => ({
      ...versioned(client),
      name: unique,
      redirectUris: "https://app.example.com/callback",
      ...CLIENT_DETAILS,
    }),
    path: ofClientPage,
  },
  "app/admin/clients/actions.ts#replaceKeysAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ signingClient }) => ({
      id: signingClient,
      publicKeys: "https://app.example.com/jwks",
    }),
    path: ({ signingClient }) => `/admin/clients/${signingClient}`,
  },
  "app/admin/clients/actions.ts#enableClientAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ disabledClient }) => ({ id: disabledClient }),
    path: ({ disabledClient }) => `/admin/clients/${disabledClient}`,
  },
  "app/admin/clients/actions.ts#disableClientAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ client }) => ({ id: client }),
    path: ofClientPage,
  },
  "app/admin/clients/actions.ts#addSecretAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ oneSecretClient }) => ({ id: oneSecretClient }),
    path: ({ oneSecretClient }) => `/admin/clients/${oneSecretClient}`,
  },
  "app/admin/clients/actions.ts#removeSecretAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ client, clientSecret }) => ({ id: client, secretId: clientSecret }),
    path: ofClientPage,
  },
  "app/admin/clients/actions.ts#deleteClientAction": {
    access: "manage_clients",
    fresh: true,
    also: ["view_clients"],
    fields: ({ client }) => ({ id: client }),
    path: ofClientPage,
  },
  "app/admin/sessions/actions.ts#endSessionAction": {
    access: "revoke_sessions",
    fields: ({ user, session }) => ({ userId: user.id, sessionId: session }),
  },
  "app/admin/_views/actions.ts#saveViewAction": {
    access: "view_users",
    unchanged: true,
    path: () => "/admin/users",
    fields: ({ unique }) => ({ list: "users", query: "status=active", name: unique }),
  },
  "app/admin/_views/actions.ts#changeViewAction": {
    access: "view_users",
    unchanged: true,
    path: () => "/admin/users",
    fields: ({ savedView }) => ({ list: "users", id: savedView, change: "delete" }),
  },
  "app/(account)/account/organizations/actions.ts#switchOrganizationAction": {
    access: "signed-in",
    during: "single-sign-on",
    fields: ({ otherOrganization }) => ({ id: otherOrganization }),
  },
  "app/(account)/account/organizations/actions.ts#leaveOrganizationAction": {
    access: "signed-in",
    fresh: true,
    fields: ({ otherOrganization }) => ({ id: otherOrganization }),
  },
  "app/(auth)/invitations/actions.ts#continueToInvitationAction": {
    access: "anonymous",
    fields: ({ unique }) => ({ token: unique, by: "sign-in" }),
  },
  "app/(auth)/invitations/actions.ts#acceptInvitationAction": {
    access: "signed-in",
    fields: ({ unique }) => ({ token: unique }),
  },
  "app/admin/organizations/actions.ts#createOrganizationAction": {
    access: "manage_organizations",
    fresh: true,
    fields: ({ unique }) => ({ name: unique, slug: `new-${unique}` }),
  },
  "app/admin/organizations/actions.ts#renameOrganizationAction": {
    access: "manage_organizations",
    fresh: true,
    fields: ({ otherOrganization, unique }) => ({
      id: otherOrganization,
      version: "1",
      name: unique,
      slug: `other-${unique}`,
    }),
  },
  "app/admin/organizations/actions.ts#deleteOrganizationAction": {
    access: "manage_organizations",
    fresh: true,
    fields: ({ otherOrganization }) => ({ id: otherOrganization, version: "1" }),
  },
  "app/admin/organizations/actions.ts#removeMemberAction": {
    access: "manage_members",
    fresh: true,
    fields: ({ organization, member }) => ({ id: organization, userId: member.id }),
  },
  "app/admin/organizations/actions.ts#inviteMemberAction": {
    access: "manage_members",
    fresh: true,
    fields: ({ organization, unique }) => ({
      id: organization,
      email: `${unique}@example.com`,
    }),
  },
  "app/admin/organizations/actions.ts#resendInvitationAction": {
    access: "manage_members",
    fresh: true,
    fields: ({ organization, invitation }) => ({ id: organization, invitationId: invitation }),
  },
  "app/admin/organizations/actions.ts#revokeInvitationAction": {
    access: "manage_members",
    fresh: true,
    fields: ({ organization, invitation }) => ({ id: organization, invitationId: invitation }),
  },
  "app/admin/teams/actions.ts#createTeamAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ outerTeam, unique }) => ({
      name: `New ${unique}`,
      description: "",
      parentId: outerTeam,
    }),
    path: () => "/admin/teams/new",
  },
  "app/admin/teams/actions.ts#describeTeamAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team, unique }) => ({
      ...versioned(team),
      name: `Other ${unique}`,
      description: "",
    }),
    path: ofTeamPage,
  },
  "app/admin/teams/actions.ts#moveTeamAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team, outerTeam }) => ({ ...versioned(team), parentId: outerTeam }),
    path: ofTeamPage,
  },
  "app/admin/teams/actions.ts#deleteTeamAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team }) => versioned(team),
    path: ofTeamPage,
  },
  "app/admin/teams/actions.ts#addMemberAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team, disabledUser }) => ({ id: team, email: disabledUser.email }),
    path: ofTeamPage,
  },
  "app/admin/teams/actions.ts#removeMemberAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team, user }) => ({ id: team, userId: user.id }),
    path: ofTeamPage,
  },
  "app/admin/teams/actions.ts#giveRoleAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team, otherRole }) => ({ id: team, roleId: otherRole, until: "" }),
    path: ofTeamPage,
  },
  "app/admin/teams/actions.ts#takeRoleAction": {
    access: "manage_teams",
    also: ["view_teams"],
    fresh: true,
    fields: ({ team, role }) => ({ id: team, roleId: role }),
    path: ofTeamPage,
  },
  "app/admin/webhooks/actions.ts#createWebhookAction": {
    access: "manage_webhooks",
    also: ["view_audit_log"],
    fresh: true,
    fields: () => ({ ...NEW_WEBHOOK, eventTypes: "none.such", scope: "organization" }),
    path: () => "/admin/webhooks/new",
  },
  "app/admin/webhooks/actions.ts#changeWebhookAction": {
    ...managesWebhook,
    also: ["view_webhooks", "view_audit_log"],
    fields: ({ webhook }) => ({ id: webhook, ...NEW_WEBHOOK, eventTypes: "none.other" }),
  },
  "app/admin/webhooks/actions.ts#switchWebhookOnAction": {
    ...managesWebhook,
    also: ["view_webhooks", "view_audit_log"],
    fields: ({ offWebhook }) => ({ id: offWebhook }),
    path: ({ offWebhook }) => `/admin/webhooks/${offWebhook}`,
  },
  "app/admin/webhooks/actions.ts#switchWebhookOffAction": managesWebhook,
  "app/admin/webhooks/actions.ts#rotateSecretAction": managesWebhook,
  "app/admin/webhooks/actions.ts#removeWebhookAction": managesWebhook,
  "app/admin/webhooks/actions.ts#sendTestAction": managesWebhook,
  "app/admin/webhooks/actions.ts#redeliverAction": {
    ...managesWebhook,
    fields: ({ webhook, webhookDelivery }) => ({ id: webhook, deliveryId: webhookDelivery }),
  },
  "app/admin/webhooks/actions.ts#redeliverGivenUpAction": {
    ...managesWebhook,
    fields: ({ webhook }) => ({ id: webhook, since: "2026-01-01" }),
  },
  "app/admin/outbox/actions.ts#retryMessageAction": managesOutbox,
  "app/admin/outbox/actions.ts#retryFailedAction": { ...managesOutbox, fields: () => ({}) },
  "app/admin/outbox/actions.ts#discardMessageAction": managesOutbox,
  "app/admin/domains/actions.ts#addDomainAction": {
    access: "manage_domains",
    also: ["view_domains"],
    fresh: true,
    fields: ({ unique }) => ({ domain: `new-${unique}.example` }),
    path: () => "/admin/domains",
  },
  "app/admin/domains/actions.ts#verifyDomainAction": {
    access: "manage_domains",
    also: ["view_domains"],
    fresh: true,
    fields: ({ domain }) => ({ id: domain }),
    path: () => "/admin/domains",
  },
  "app/admin/domains/actions.ts#startJoiningAction": {
    access: "manage_domains",
    also: ["view_domains", "view_invoice"],
    fresh: true,
    fields: ({ domain }) => ({ id: domain }),
    path: () => "/admin/domains",
  },
  "app/admin/domains/actions.ts#stopJoiningAction": {
    access: "manage_domains",
    also: ["view_domains"],
    fresh: true,
    fields: ({ joinedDomain }) => ({ id: joinedDomain }),
    path: () => "/admin/domains",
  },
  "app/admin/domains/actions.ts#removeDomainAction": {
    access: "manage_domains",
    also: ["view_domains"],
    fresh: true,
    fields: ({ domain }) => ({ id: domain }),
    path: () => "/admin/domains",
  },
  "app/admin/roles/actions.ts#createRoleAction": {
    access: "manage_roles",
    fresh: true,
    fields: ({ unique }) => ({ name: `New ${unique}`, description: "" }),
  },
  "app/admin/roles/actions.ts#describeRoleAction": {
    access: "manage_roles",
    fresh: true,
    fields: ({ role, unique }) => ({
      id: role,
      version: "1",
      name: `Other ${unique}`,
      description: "",
    }),
  },
  "app/admin/roles/actions.ts#setRolePermissionsAction": {
    access: "manage_roles",
    fresh: true,
    fields: ({ role }) => ({ id: role, version: "1", "grant.0": "manage_roles" }),
  },
  "app/admin/roles/actions.ts#setRoleInheritanceAction": {
    access: "manage_roles",
    fresh: true,
    fields: ({ role, otherRole }) => ({ id: role, version: "1", "inherits.0": otherRole }),
  },
  "app/admin/roles/actions.ts#deleteRoleAction": {
    access: "manage_roles",
    fresh: true,
    fields: ({ role }) => ({ id: role, version: "1" }),
    also: ["view_roles"],
  },
  "app/admin/policies/actions.ts#createPolicyAction": {
    access: "manage_policies",
    also: ["view_policies"],
    fresh: true,
    path: () => "/admin/policies/new",
    fields: ({ unique }) => ({
      name: `New ${unique}`,
      description: "",
      effect: "deny",
      "permission.0": "view_invoice",
    }),
  },
  "app/admin/policies/actions.ts#saveVersionAction": {
    ...changedPolicy,
    fields: ({ policy }) => ({
      ...versioned(policy),
      effect: "allow",
      "permission.0": "view_invoice",
    }),
  },
  "app/admin/policies/actions.ts#describePolicyAction": {
    ...changedPolicy,
    fields: ({ policy, unique }) => ({
      ...versioned(policy),
      name: `Other ${unique}`,
      description: "",
    }),
  },
  "app/admin/policies/actions.ts#activateVersionAction": {
    ...changedPolicy,
    fields: ({ policy }) => ({ ...versioned(policy), number: "1" }),
  },
  "app/admin/policies/actions.ts#setShadowAction": {
    ...changedPolicy,
    fields: ({ policy }) => ({ ...versioned(policy), number: "1" }),
  },
  "app/admin/policies/actions.ts#deactivatePolicyAction": {
    ...changedPolicy,
    fields: ({ activePolicy }) => versioned(activePolicy),
    path: ({ activePolicy }) => `/admin/policies/${activePolicy}`,
  },
  "app/admin/policies/actions.ts#deletePolicyAction": {
    ...changedPolicy,
    fields: ({ policy }) => versioned(policy),
  },
  "app/admin/policies/actions.ts#tryPolicyAction": {
    access: "view_policies",
    path: ofPolicyPage,
    fields: ({ user }) => ({ email: user.email, asked: "view_invoice" }),
    // It is tried out, and nothing comes of it.
    unchanged: true,
  },
};

export interface EndpointSurface extends Proofs {
  access: Access;
  params?: (subjects: Subjects) => Record<string, string>;
  query?: (subjects: Subjects) => Record<string, string>;
  body?: (subjects: Subjects) => unknown;
  headers?: Record<string, string>;
  also?: string[];
  /** What it answers to whoever brings nothing that it could do anything with. */
  status?: number;
}

/** The path and query of a request to an endpoint, with these parameters. */
export function addressOf(
  name: string,
  params: Record<string, string> = {},
  query: Record<string, string> = {},
): string {
  const template = name.slice(name.indexOf(" ") + 1);
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => String(params[key]));
  const search = new URLSearchParams(query).toString();
  return search === "" ? path : `${path}?${search}`;
}

const WHO_SEES = ({ invoice }: Subjects) => ({ permission: "view_invoice", record: invoice });
const ofInvoice = ({ invoice }: Subjects) => ({ id: invoice });
const ofUser = ({ user }: Subjects) => ({ id: user.id });
const ofOrganization = ({ organization }: Subjects) => ({ id: organization });
const ofInvitation = ({ organization, invitation }: Subjects) => ({
  id: organization,
  invitationId: invitation,
});
const ofRole = ({ role }: Subjects) => ({ id: role });
const ofPolicy = ({ policy }: Subjects) => ({ id: policy });
const ofClient = ({ client }: Subjects) => ({ id: client });
/** What a client asks; a person who holds the permission is told that only a client can. */
const ASKED = ({ user, invoice }: Subjects) => ({
  subject: { type: "user", id: user.id },
  action: { name: "view_invoice" },
  resource: { type: "Invoice", id: invoice },
});
const OF_CLIENTS = { access: "evaluate_access", body: ASKED, status: 403 } as const;
const ofReview = ({ review }: Subjects) => ({ id: review });
const FIRST_VERSION = { "if-match": '"1"' };

export const ENDPOINT_SURFACES: Record<string, EndpointSurface> = {
  "GET /api/v1/access-requests": { access: "signed-in" },
  "GET /api/v1/access-requests/pending": { access: "approve_access", fresh: true },
  "POST /api/v1/access-requests": {
    access: "signed-in",
    body: () => ({ roleId: NO_ID, reason: "To see it", durationMinutes: 60 }),
    status: 422,
  },
  "POST /api/v1/access-requests/break-glass": {
    access: "use_break_glass",
    fresh: true,
    secondFactor: true,
    body: ({ emergencyRole }) => ({
      roleId: emergencyRole,
      reason: "It burns",
      durationMinutes: 15,
    }),
  },
  "POST /api/v1/access-requests/{id}/withdraw": {
    access: "signed-in",
    params: ({ accessRequest }) => ({ id: accessRequest }),
  },
  "POST /api/v1/access-requests/{id}/approve": {
    access: "approve_access",
    fresh: true,
    params: ({ accessRequest }) => ({ id: accessRequest }),
    body: () => ({}),
  },
  "POST /api/v1/access-requests/{id}/deny": {
    access: "approve_access",
    fresh: true,
    params: ({ accessRequest }) => ({ id: accessRequest }),
    body: () => ({}),
  },
  "POST /api/v1/access-requests/{id}/end": {
    access: "approve_access",
    fresh: true,
    params: ({ emergency }) => ({ id: emergency }),
  },
  "POST /api/v1/access-requests/{id}/acknowledge": {
    access: "approve_access",
    fresh: true,
    params: ({ emergency }) => ({ id: emergency }),
    body: () => ({ note: "All well" }),
  },
  "GET /api/v1/duty-conflicts": { access: "view_duties" },
  "GET /api/v1/duty-conflicts/violations": { access: "view_duties" },
  "POST /api/v1/duty-conflicts": {
    access: "manage_duties",
    fresh: true,
    body: ({ unique }) => ({ name: unique, left: ["create_invoice"], right: ["delete_invoice"] }),
  },
  "PUT /api/v1/duty-conflicts/{id}": {
    access: "manage_duties",
    fresh: true,
    params: ({ dutyConflict }) => ({ id: dutyConflict }),
    body: ({ unique }) => ({ name: unique, left: ["create_invoice"], right: ["delete_invoice"] }),
  },
  "DELETE /api/v1/duty-conflicts/{id}": {
    access: "manage_duties",
    fresh: true,
    params: ({ dutyConflict }) => ({ id: dutyConflict }),
  },
  "POST /api/v1/duty-conflicts/{id}/waivers": {
    access: "manage_duties",
    fresh: true,
    params: ({ dutyConflict }) => ({ id: dutyConflict }),
    body: ({ user }) => ({ userId: user.id, reason: "For now", days: 7 }),
  },
  "GET /api/v1/duty-waivers": { access: "view_duties" },
  "DELETE /api/v1/duty-waivers/{id}": {
    access: "manage_duties",
    fresh: true,
    params: ({ dutyWaiver }) => ({ id: dutyWaiver }),
  },
  "GET /api/v1/openapi.json": { access: "anonymous" },
  "POST /api/v1/auth/register": {
    access: "anonymous",
    body: ({ unique }) => ({ email: `${unique}@example.com`, password: PASSWORD }),
  },
  "POST /api/v1/auth/login": {
    access: "anonymous",
    body: ({ user }) => ({ email: user.email, password: "wrong" }),
    status: 401,
  },
  "POST /api/v1/auth/mfa": {
    access: "anonymous",
    status: 401,
    body: () => ({ mfa_token: "none", factor: "totp", code: "000000" }),
  },
  "POST /api/v1/auth/refresh": { access: "anonymous", status: 401 },
  "POST /api/v1/auth/logout": { access: "anonymous", status: 204 },
  "GET /api/v1/me": { access: "signed-in", impersonated: true },
  "GET /api/v1/sessions": { access: "signed-in" },
  "DELETE /api/v1/sessions": { access: "signed-in" },
  "DELETE /api/v1/sessions/{id}": {
    access: "signed-in",
    params: ({ session }) => ({ id: session }),
  },
  "GET /api/v1/search": { access: "signed-in", query: () => ({ q: "Ada" }) },
  "GET /api/v1/tokens": { access: "signed-in" },
  "POST /api/v1/tokens": {
    access: "signed-in",
    fresh: true,
    body: ({ unique }) => ({ name: unique, scopes: ["api:read"] }),
    status: 201,
  },
  "DELETE /api/v1/tokens/{id}": { access: "signed-in", params: ({ token }) => ({ id: token }) },
  "GET /api/v1/account/data": { access: "signed-in", fresh: true },
  "GET /api/v1/account/picture/{digest}": {
    access: "signed-in",
    impersonated: true,
    params: ({ picture }) => ({ digest: picture }),
    status: 404,
  },
  "GET /api/v1/apps": { access: "signed-in" },
  "DELETE /api/v1/apps/{clientId}": {
    access: "signed-in",
    params: ({ untoldClient }) => ({ clientId: untoldClient }),
  },
  "GET /api/v1/invoices": { access: "view_invoice", impersonated: true },
  "POST /api/v1/invoices": {
    access: "create_invoice",
    impersonated: true,
    body: ({ unique }) => ({ customer: unique, amount: 1250, currency: "EUR" }),
  },
  "GET /api/v1/invoices/{id}": { access: "view_invoice", impersonated: true, params: ofInvoice },
  "PATCH /api/v1/invoices/{id}": {
    access: "update_invoice",
    impersonated: true,
    also: ["view_invoice"],
    params: ofInvoice,
    headers: FIRST_VERSION,
    body: ({ unique }) => ({ customer: unique }),
  },
  "DELETE /api/v1/invoices/{id}": {
    access: "delete_invoice",
    impersonated: true,
    also: ["view_invoice"],
    params: ofInvoice,
    headers: FIRST_VERSION,
  },
  "POST /api/v1/invoices/{id}/restore": {
    access: "delete_invoice",
    impersonated: true,
    also: ["view_invoice"],
    params: ({ deletedInvoice }) => ({ id: deletedInvoice }),
  },
  "GET /api/v1/users": { access: "view_users" },
  "POST /api/v1/users": {
    access: "manage_users",
    fresh: true,
    also: ["assign_roles"],
    body: ({ unique }) => ({ email: `${unique}@example.com`, roleIds: [] }),
  },
  "GET /api/v1/users/{id}": { access: "view_users", params: ofUser },
  "GET /api/v1/users/{id}/picture/{digest}": {
    access: "view_users",
    params: ({ user, picture }) => ({ id: user.id, digest: picture }),
  },
  "PATCH /api/v1/users/{id}": {
    access: "manage_users",
    params: ofUser,
    body: ({ unique }) => ({ name: unique }),
  },
  "DELETE /api/v1/users/{id}": { access: "manage_users", fresh: true, params: ofUser },
  "GET /api/v1/users/{id}/roles": { access: "view_users", params: ofUser },
  "PUT /api/v1/users/{id}/roles": {
    access: "assign_roles",
    fresh: true,
    params: ofUser,
    body: ({ role }) => ({ roleIds: [role] }),
  },
  "GET /api/v1/users/{id}/sessions": { access: "revoke_sessions", params: ofUser },
  "DELETE /api/v1/users/{id}/sessions": { access: "revoke_sessions", params: ofUser },
  "DELETE /api/v1/users/{id}/sessions/{sessionId}": {
    access: "revoke_sessions",
    params: ({ user, session }) => ({ id: user.id, sessionId: session }),
  },
  "GET /api/v1/users/{id}/tokens": { access: "revoke_sessions", params: ofUser },
  "DELETE /api/v1/users/{id}/tokens/{tokenId}": {
    access: "revoke_sessions",
    params: ({ user, token }) => ({ id: user.id, tokenId: token }),
  },
  "GET /api/v1/organizations": { access: "signed-in" },
  "POST /api/v1/organizations": {
    access: "manage_organizations",
    fresh: true,
    body: ({ unique }) => ({ name: unique, slug: `new-${unique}` }),
  },
  "GET /api/v1/organizations/{id}": { access: "view_organization", params: ofOrganization },
  "PATCH /api/v1/organizations/{id}": {
    access: "manage_organizations",
    fresh: true,
    params: ({ otherOrganization }) => ({ id: otherOrganization }),
    body: ({ unique }) => ({ name: unique }),
  },
  "DELETE /api/v1/organizations/{id}": {
    access: "manage_organizations",
    fresh: true,
    params: ({ otherOrganization }) => ({ id: otherOrganization }),
  },
  "GET /api/v1/organizations/{id}/branding": {
    access: "manage_branding",
    fresh: true,
    params: ofOrganization,
  },
  "PATCH /api/v1/organizations/{id}/branding": {
    access: "manage_branding",
    fresh: true,
    params: ofOrganization,
    body: () => ({ accent: "#1f6feb" }),
  },
  "GET /api/v1/branding/accents/{name}": {
    access: "anonymous",
    params: () => ({ name: "1-1f6feb" }),
  },
  "GET /api/v1/branding/logos/{id}/{digest}": {
    access: "anonymous",
    params: ({ organization }) => ({ id: organization, digest: "none" }),
    status: 404,
  },
  "GET /api/v1/organizations/{id}/members": {
    access: "view_organization",
    params: ofOrganization,
  },
  "DELETE /api/v1/organizations/{id}/members/{userId}": {
    access: "manage_members",
    fresh: true,
    params: ({ organization, member }) => ({ id: organization, userId: member.id }),
  },
  "GET /api/v1/organizations/{id}/invitations": {
    access: "view_organization",
    params: ofOrganization,
  },
  "POST /api/v1/organizations/{id}/invitations": {
    access: "manage_members",
    fresh: true,
    params: ofOrganization,
    body: ({ unique }) => ({ email: `${unique}@example.com` }),
  },
  "POST /api/v1/organizations/{id}/invitations/{invitationId}/resend": {
    access: "manage_members",
    fresh: true,
    params: ofInvitation,
  },
  "DELETE /api/v1/organizations/{id}/invitations/{invitationId}": {
    access: "manage_members",
    fresh: true,
    params: ofInvitation,
  },
  "GET /api/v1/roles": { access: "view_roles" },
  "POST /api/v1/roles": {
    access: "manage_roles",
    fresh: true,
    body: ({ unique }) => ({ name: `New ${unique}` }),
  },
  "GET /api/v1/roles/{id}": { access: "view_roles", params: ofRole },
  "PATCH /api/v1/roles/{id}": {
    access: "manage_roles",
    fresh: true,
    params: ofRole,
    body: ({ unique }) => ({ name: `Other ${unique}` }),
  },
  "DELETE /api/v1/roles/{id}": { access: "manage_roles", fresh: true, params: ofRole },
  "GET /api/v1/roles/{id}/permissions": { access: "view_roles", params: ofRole },
  "PUT /api/v1/roles/{id}/permissions": {
    access: "manage_roles",
    fresh: true,
    params: ofRole,
    body: () => ({ permissions: ["manage_roles"] }),
  },
  "GET /api/v1/policies": { access: "view_policies" },
  "POST /api/v1/policies": {
    access: "manage_policies",
    fresh: true,
    body: ({ unique }) => ({
      name: `New ${unique}`,
      effect: "deny",
      permissions: ["view_invoice"],
    }),
  },
  "GET /api/v1/policies/{id}": { access: "view_policies", params: ofPolicy },
  "PATCH /api/v1/policies/{id}": {
    access: "manage_policies",
    fresh: true,
    params: ofPolicy,
    body: ({ unique }) => ({ name: `Other ${unique}` }),
  },
  "DELETE /api/v1/policies/{id}": { access: "manage_policies", fresh: true, params: ofPolicy },
  "GET /api/v1/policies/{id}/versions": { access: "view_policies", params: ofPolicy },
  "POST /api/v1/policies/{id}/versions": {
    access: "manage_policies",
    fresh: true,
    params: ofPolicy,
    body: () => ({ effect: "allow", permissions: ["view_invoice"] }),
  },
  "POST /api/v1/policies/{id}/activate": {
    access: "manage_policies",
    also: ["view_invoice"],
    fresh: true,
    params: ofPolicy,
    body: () => ({ number: 1 }),
  },
  "POST /api/v1/policies/{id}/shadow": {
    access: "manage_policies",
    fresh: true,
    params: ofPolicy,
    body: () => ({ number: 1 }),
  },
  "POST /api/v1/policies/{id}/deactivate": {
    access: "manage_policies",
    also: ["view_invoice"],
    fresh: true,
    params: ({ activePolicy }) => ({ id: activePolicy }),
    body: () => ({}),
  },
  "PUT /api/v1/roles/{id}/inherits": {
    access: "manage_roles",
    fresh: true,
    params: ofRole,
    body: ({ otherRole }) => ({ inherits: [otherRole] }),
  },
  "GET /api/v1/clients/{id}/roles": {
    access: "view_roles",
    params: ({ service }) => ({ id: service }),
  },
  "PUT /api/v1/clients/{id}/roles": {
    access: "assign_roles",
    fresh: true,
    params: ({ service }) => ({ id: service }),
    body: ({ role }) => ({ roleIds: [role] }),
  },
  "GET /api/v1/access-reviews": { access: "answer_reviews" },
  "POST /api/v1/access-reviews": {
    access: "manage_reviews",
    fresh: true,
    body: ({ reviewed, reviewer, unique }) => ({
      name: unique,
      scope: { grants: "people", userIds: [reviewed.id] },
      reviewerIds: [reviewer.id],
      dueAt: `${inThreeDays()}T12:00:00Z`,
    }),
  },
  "GET /api/v1/access-reviews/{id}": {
    access: "answer_reviews",
    also: ["manage_reviews"],
    params: ofReview,
  },
  "GET /api/v1/access-reviews/{id}/items": {
    access: "answer_reviews",
    also: ["manage_reviews"],
    params: ofReview,
  },
  "PUT /api/v1/access-reviews/{id}/items/{itemId}": {
    access: "answer_reviews",
    fresh: true,
    params: ({ review, reviewItem }) => ({ id: review, itemId: reviewItem }),
    body: () => ({ decision: "revoke" }),
    // It asks somebody else.
    status: 404,
  },
  "POST /api/v1/access-reviews/{id}/close": {
    access: "manage_reviews",
    fresh: true,
    params: ofReview,
    body: () => ({ confirm: true }),
  },
  "POST /api/v1/access-reviews/{id}/cancel": {
    access: "manage_reviews",
    fresh: true,
    params: ofReview,
  },
  "GET /api/v1/access-reviews/{id}/evidence": {
    access: "manage_reviews",
    fresh: true,
    params: ({ endedReview }) => ({ id: endedReview }),
  },
  "GET /api/v1/teams": { access: "view_teams" },
  "POST /api/v1/teams": {
    access: "manage_teams",
    fresh: true,
    body: ({ outerTeam, unique }) => ({ name: `New ${unique}`, parentId: outerTeam }),
  },
  "GET /api/v1/teams/{id}": { access: "view_teams", params: ofTeam },
  "PATCH /api/v1/teams/{id}": {
    access: "manage_teams",
    fresh: true,
    params: ofTeam,
    body: ({ outerTeam }) => ({ parentId: outerTeam }),
  },
  "DELETE /api/v1/teams/{id}": { access: "manage_teams", fresh: true, params: ofTeam },
  "GET /api/v1/teams/{id}/members": { access: "view_teams", params: ofTeam },
  "POST /api/v1/teams/{id}/members": {
    access: "manage_teams",
    fresh: true,
    params: ofTeam,
    body: ({ disabledUser }) => ({ userId: disabledUser.id }),
  },
  "DELETE /api/v1/teams/{id}/members/{userId}": {
    access: "manage_teams",
    fresh: true,
    params: ({ team, user }) => ({ id: team, userId: user.id }),
  },
  "GET /api/v1/teams/{id}/roles": { access: "view_teams", params: ofTeam },
  "POST /api/v1/teams/{id}/roles": {
    access: "manage_teams",
    fresh: true,
    params: ofTeam,
    body: ({ otherRole }) => ({ roleId: otherRole }),
  },
  "DELETE /api/v1/teams/{id}/roles/{roleId}": {
    access: "manage_teams",
    fresh: true,
    params: ({ team, role }) => ({ id: team, roleId: role }),
  },
  "GET /api/v1/webhooks": { access: "view_webhooks" },
  "POST /api/v1/webhooks": {
    access: "manage_webhooks",
    also: ["view_audit_log"],
    fresh: true,
    body: () => ({ ...NEW_WEBHOOK, eventTypes: ["none.such"] }),
  },
  "GET /api/v1/webhooks/{id}": { access: "view_webhooks", params: ofWebhook },
  "PATCH /api/v1/webhooks/{id}": {
    access: "manage_webhooks",
    also: ["view_audit_log"],
    fresh: true,
    params: ofWebhook,
    body: () => ({ eventTypes: ["none.other"] }),
  },
  "DELETE /api/v1/webhooks/{id}": { access: "manage_webhooks", fresh: true, params: ofWebhook },
  "POST /api/v1/webhooks/{id}/rotate-secret": {
    access: "manage_webhooks",
    fresh: true,
    params: ofWebhook,
  },
  "GET /api/v1/webhooks/{id}/deliveries": { access: "view_webhooks", params: ofWebhook },
  "POST /api/v1/webhooks/{id}/test": {
    access: "manage_webhooks",
    fresh: true,
    params: ofWebhook,
  },
  "POST /api/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver": {
    access: "manage_webhooks",
    fresh: true,
    params: ({ webhook, webhookDelivery }) => ({ id: webhook, deliveryId: webhookDelivery }),
  },
  "POST /api/v1/webhooks/{id}/redeliver": {
    access: "manage_webhooks",
    fresh: true,
    params: ofWebhook,
    body: () => ({ since: "2026-01-01T00:00:00Z" }),
  },
  "GET /api/v1/outbox": { access: "view_outbox" },
  "POST /api/v1/outbox/{id}/retry": { access: "manage_outbox", fresh: true, params: ofMessage },
  "POST /api/v1/outbox/retry": { access: "manage_outbox", fresh: true },
  "DELETE /api/v1/outbox/{id}": { access: "manage_outbox", fresh: true, params: ofMessage },
  "GET /api/v1/domains": { access: "view_domains" },
  "POST /api/v1/domains": {
    access: "manage_domains",
    fresh: true,
    body: ({ unique }) => ({ domain: `new-${unique}.example` }),
  },
  // The record of a name that nobody can have is not there, and was not before.
  "POST /api/v1/domains/{id}/verify": {
    access: "manage_domains",
    fresh: true,
    params: ({ failingDomain }) => ({ id: failingDomain }),
    status: 409,
  },
  "PATCH /api/v1/domains/{id}": {
    access: "manage_domains",
    fresh: true,
    params: ({ joinedDomain }) => ({ id: joinedDomain }),
    body: () => ({ autoJoin: false }),
  },
  "DELETE /api/v1/domains/{id}": { access: "manage_domains", fresh: true, params: ofDomain },
  "GET /api/v1/permissions": { access: "view_roles" },
  "GET /api/v1/claims": { access: "view_clients" },
  "POST /api/v1/claims": {
    access: "manage_clients",
    fresh: true,
    body: ({ unique, service }) => ({
      name: `c${unique}`,
      value: "fixed",
      scope: "profile",
      targets: ["userinfo"],
      clientId: service,
    }),
  },
  "DELETE /api/v1/claims/{id}": {
    access: "manage_clients",
    fresh: true,
    params: ({ claim }) => ({ id: claim }),
  },
  "GET /api/v1/organization-sessions": { access: "revoke_sessions" },
  "GET /api/v1/user-imports/{id}": {
    access: "manage_users",
    params: ({ userImport }) => ({ id: userImport }),
  },
  "GET /api/v1/user-imports/{id}/remarks.csv": {
    access: "manage_users",
    params: ({ userImport }) => ({ id: userImport }),
  },
  "GET /api/v1/users/{id}/claims": {
    access: "view_users",
    also: ["view_clients"],
    params: ofUser,
  },
  "GET /api/v1/keys": { access: "view_keys" },
  "POST /api/v1/keys/rotate": {
    access: "manage_keys",
    fresh: true,
    body: () => ({ compromised: true }),
  },
  "GET /api/v1/audit-events": { access: "view_audit_log" },
  "GET /api/v1/audit-events.csv": { access: "view_audit_log" },
  "GET /api/v1/audit-events/stream": { access: "view_audit_log" },
  "GET /api/v1/decisions/{id}": {
    access: "view_decisions",
    params: ({ decision }) => ({ id: decision }),
  },
  "POST /api/v1/decisions/simulate": {
    access: "view_decisions",
    also: ["view_users"],
    body: ({ user, invoice }) => ({
      subject: { type: "user", id: user.id },
      permission: "view_invoice",
      record: invoice,
    }),
    status: 200,
  },
  "GET /api/v1/access/holders": {
    access: "view_decisions",
    also: ["view_users"],
    query: WHO_SEES,
  },
  "GET /api/v1/access/holders.csv": {
    access: "view_decisions",
    also: ["view_users"],
    query: WHO_SEES,
  },
  "GET /api/v1/users/{id}/access": {
    access: "view_decisions",
    also: ["view_users"],
    params: ofUser,
  },
  "GET /api/v1/users/{id}/access.csv": {
    access: "view_decisions",
    also: ["view_users"],
    params: ofUser,
  },
  "GET /api/v1/users/{id}/records": {
    access: "view_decisions",
    also: ["view_users"],
    params: ofUser,
    query: () => ({ permission: "view_invoice" }),
  },
  "POST /access/v1/evaluation": OF_CLIENTS,
  "POST /access/v1/evaluations": OF_CLIENTS,
  "POST /access/v1/search/subject": OF_CLIENTS,
  "POST /access/v1/search/resource": OF_CLIENTS,
  "POST /access/v1/search/action": OF_CLIENTS,
  "GET /api/v1/clients": { access: "view_clients" },
  "POST /api/v1/clients": {
    access: "manage_clients",
    fresh: true,
    body: ({ unique }) => ({ name: `New ${unique}`, kind: "service" }),
  },
  "GET /api/v1/clients/{id}": { access: "view_clients", params: ofClient },
  "PATCH /api/v1/clients/{id}": {
    access: "manage_clients",
    fresh: true,
    params: ofClient,
    body: ({ unique }) => ({ name: `Other ${unique}` }),
  },
  "DELETE /api/v1/clients/{id}": { access: "manage_clients", fresh: true, params: ofClient },
  "POST /api/v1/clients/{id}/secrets": {
    access: "manage_clients",
    fresh: true,
    params: ({ oneSecretClient }) => ({ id: oneSecretClient }),
  },
  "DELETE /api/v1/clients/{id}/secrets/{secretId}": {
    access: "manage_clients",
    fresh: true,
    params: ({ client, clientSecret }) => ({ id: client, secretId: clientSecret }),
  },
};
