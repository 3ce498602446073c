import "server-only";
import type { Endpoint } from "@/app/api/endpoint";
import { openApiEndpoint } from "@/app/api/openapi";
import { ACCESS_ENDPOINTS } from "@/app/api/v1/_endpoints/access-evaluation";
import { ACCESS_REPORT_ENDPOINTS } from "@/app/api/v1/_endpoints/access-reports";
import { ACCESS_REQUEST_ENDPOINTS } from "@/app/api/v1/_endpoints/access-requests";
import { ACCESS_REVIEW_ENDPOINTS } from "@/app/api/v1/_endpoints/access-reviews";
import { accountDataEndpoint } from "@/app/api/v1/_endpoints/account-data";
import { APP_ENDPOINTS } from "@/app/api/v1/_endpoints/apps";
import { AUDIT_ENDPOINTS } from "@/app/api/v1/_endpoints/audit-events";
import { BRANDING_ENDPOINTS } from "@/app/api/v1/_endpoints/branding";
import { CLAIM_ENDPOINTS } from "@/app/api/v1/_endpoints/claims";
import { CLIENT_ROLE_ENDPOINTS } from "@/app/api/v1/_endpoints/client-roles";
import { CLIENT_SECRET_ENDPOINTS } from "@/app/api/v1/_endpoints/client-secrets";
import { CLIENT_ENDPOINTS } from "@/app/api/v1/_endpoints/clients";
import { DECISION_ENDPOINTS } from "@/app/api/v1/_endpoints/decisions";
import { DOMAIN_ENDPOINTS } from "@/app/api/v1/_endpoints/domains";
import { DUTY_ENDPOINTS } from "@/app/api/v1/_endpoints/duties";
import { violationsEndpoint } from "@/app/api/v1/_endpoints/duty-violations";
import { WAIVER_ENDPOINTS } from "@/app/api/v1/_endpoints/duty-waivers";
import { INVOICE_ENDPOINTS } from "@/app/api/v1/_endpoints/invoices";
import { KEY_ENDPOINTS } from "@/app/api/v1/_endpoints/keys";
import { getMe } from "@/app/api/v1/_endpoints/me";
import { MEMBER_ENDPOINTS } from "@/app/api/v1/_endpoints/members";
import { ORGANIZATION_ENDPOINTS } from "@/app/api/v1/_endpoints/organizations";
import { OUTBOX_ENDPOINTS } from "@/app/api/v1/_endpoints/outbox";
import { listPermissionsEndpoint } from "@/app/api/v1/_endpoints/permissions";
import { PERSONAL_TOKEN_ENDPOINTS } from "@/app/api/v1/_endpoints/personal-tokens";
import { PICTURE_ENDPOINTS } from "@/app/api/v1/_endpoints/pictures";
import { POLICY_ENDPOINTS } from "@/app/api/v1/_endpoints/policies";
import { postRegister } from "@/app/api/v1/_endpoints/register";
import { ROLE_ENDPOINTS } from "@/app/api/v1/_endpoints/roles";
import { searchEndpoint } from "@/app/api/v1/_endpoints/search";
import { SESSION_ENDPOINTS } from "@/app/api/v1/_endpoints/sessions";
import { TEAM_PART_ENDPOINTS } from "@/app/api/v1/_endpoints/team-parts";
import { TEAM_ENDPOINTS } from "@/app/api/v1/_endpoints/teams";
import { TOKEN_ENDPOINTS } from "@/app/api/v1/_endpoints/tokens";
import { USER_IMPORT_ENDPOINTS } from "@/app/api/v1/_endpoints/user-imports";
import { USER_ENDPOINTS } from "@/app/api/v1/_endpoints/users";
import { WEBHOOK_DELIVERY_ENDPOINTS } from "@/app/api/v1/_endpoints/webhook-deliveries";
import { WEBHOOK_ENDPOINTS } from "@/app/api/v1/_endpoints/webhooks";

const DECLARED: Endpoint[] = [
  getMe,
  searchEndpoint,
  ...SESSION_ENDPOINTS,
  ...PERSONAL_TOKEN_ENDPOINTS,
  ...APP_ENDPOINTS,
  accountDataEndpoint,
  ...PICTURE_ENDPOINTS,
  ...INVOICE_ENDPOINTS,
  ...USER_ENDPOINTS,
  ...USER_IMPORT_ENDPOINTS,
  ...ORGANIZATION_ENDPOINTS,
  ...BRANDING_ENDPOINTS,
  ...MEMBER_ENDPOINTS,
  ...ROLE_ENDPOINTS,
  ...POLICY_ENDPOINTS,
  ...CLIENT_ROLE_ENDPOINTS,
  ...ACCESS_REVIEW_ENDPOINTS,
  ...ACCESS_REQUEST_ENDPOINTS,
  ...DUTY_ENDPOINTS,
  violationsEndpoint,
  ...WAIVER_ENDPOINTS,
  ...TEAM_ENDPOINTS,
  ...TEAM_PART_ENDPOINTS,
  ...DOMAIN_ENDPOINTS,
  listPermissionsEndpoint,
  ...AUDIT_ENDPOINTS,
  ...WEBHOOK_ENDPOINTS,
  ...WEBHOOK_DELIVERY_ENDPOINTS,
  ...OUTBOX_ENDPOINTS,
  ...CLIENT_ENDPOINTS,
  ...CLIENT_SECRET_ENDPOINTS,
  ...KEY_ENDPOINTS,
  ...CLAIM_ENDPOINTS,
  ...DECISION_ENDPOINTS,
  ...ACCESS_REPORT_ENDPOINTS,
  ...ACCESS_ENDPOINTS,
  postRegister,
  ...TOKEN_ENDPOINTS,
];

/** Every endpoint of the JSON API: what is not here does not exist. */
export const ENDPOINTS: Endpoint[] = [...DECLARED, openApiEndpoint(DECLARED)];
