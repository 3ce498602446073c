import "server-only";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { DECISION_PERMISSIONS, ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { BRANDING_PERMISSIONS } from "@/lib/branding/permissions";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { GATEWAY_PERMISSIONS } from "@/lib/gateway/permissions";
import { IMPERSONATION_PERMISSIONS } from "@/lib/impersonation/permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { OUTBOX_PERMISSIONS } from "@/lib/outbox/permissions";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import { SETTINGS_PERMISSIONS } from "@/lib/settings/permissions";
import type { Permission } from "@/lib/shared/permission";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { TERMS_PERMISSIONS } from "@/lib/terms/permissions";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

/** Every permission that the code checks, in the order in which they are shown. */
export const PERMISSIONS: Permission[] = [
  ...Object.values(INVOICE_PERMISSIONS),
  ...Object.values(USER_PERMISSIONS),
  ...Object.values(IMPERSONATION_PERMISSIONS),
  ...Object.values(ROLE_PERMISSIONS),
  ...Object.values(POLICY_PERMISSIONS),
  ...Object.values(DECISION_PERMISSIONS),
  ...Object.values(REVIEW_PERMISSIONS),
  ...Object.values(ACCESS_PERMISSIONS),
  ...Object.values(DUTY_PERMISSIONS),
  ...Object.values(TEAM_PERMISSIONS),
  ...Object.values(TERMS_PERMISSIONS),
  ...Object.values(ORGANIZATION_PERMISSIONS),
  ...Object.values(BRANDING_PERMISSIONS),
  ...Object.values(DOMAIN_PERMISSIONS),
  ...Object.values(CONNECTION_PERMISSIONS),
  ...Object.values(CLIENT_PERMISSIONS),
  ...Object.values(GATEWAY_PERMISSIONS),
  ...Object.values(KEY_PERMISSIONS),
  ...Object.values(AUDIT_PERMISSIONS),
  ...Object.values(WEBHOOK_PERMISSIONS),
  ...Object.values(OUTBOX_PERMISSIONS),
  ...Object.values(SETTINGS_PERMISSIONS),
];
