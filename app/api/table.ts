import "server-only";
import type { Endpoint } from "@/app/api/endpoint";
import { openApiEndpoint } from "@/app/api/openapi";
import { ACCESS_ENDPOINTS } from "@/app/api/v1/_endpoints/access-evaluation";
import { ACCESS_REPORT_ENDPOINTS } from "@/app/api/v1/_endpoints/access-reports";
import { ACCESS_REQUEST_ENDPOINTS } from "@/app/api/v1/_endpoints/access-requests";
import { ACCESS_REVIEW_ENDPOINTS } from "@/app/api/v1/_endpoints/access-reviews";
import { APP_ENDPOINTS } from "@/app/api/v1/_endpoints/apps";
import { listAuditEventsEndpoint } from "@/app/api/v1/_endpoints/audit-events";
import { CLAIM_ENDPOINTS } from "@/app/api/v1/_endpoints/claims";
import { CLIENT_ROLE_ENDPOINTS } from "@/app/api/v1/_endpoints/client-roles";
import { CLIENT_ENDPOINTS } from "@/app/api/v1/_endpoints/clients";
import { DECISION_ENDPOINTS } from "@/app/api/v1/_endpoints/decisions";
import { DOMAIN_ENDPOINTS } from "@/app/api/v1/_endpoints/domains";
import { DUTY_ENDPOINTS } from "@/app/api/v1/_endpoints/duties";
import { INVOICE_ENDPOINTS } from "@/app/api/v1/_endpoints/invoices";
import { KEY_ENDPOINTS } from "@/app/api/v1/_endpoints/keys";
import { getMe } from "@/app/api/v1/_endpoints/me";
import { MEMBER_ENDPOINTS } from "@/app/api/v1/_endpoints/members";
import { ORGANIZATION_ENDPOINTS } from "@/app/api/v1/_endpoints/organizations";
import { listPermissionsEndpoint } from "@/app/api/v1/_endpoints/permissions";
import { PERSONAL_TOKEN_ENDPOINTS } from "@/app/api/v1/_endpoints/personal-tokens";
import { POLICY_ENDPOINTS } from "@/app/api/v1/_endpoints/policies";
import { postRegister } from "@/app/api/v1/_endpoints/register";
import { ROLE_ENDPOINTS } from "@/app/api/v1/_endpoints/roles";
import { SESSION_ENDPOINTS } from "@/app/api/v1/_endpoints/sessions";
import { TEAM_PART_ENDPOINTS } from "@/app/api/v1/_endpoints/team-parts";
import { TEAM_ENDPOINTS } from "@/app/api/v1/_endpoints/teams";
import { TOKEN_ENDPOINTS } from "@/app/api/v1/_endpoints/tokens";
import { USER_ENDPOINTS } from "@/app/api/v1/_endpoints/users";

const DECLARED: Endpoint[] = [
  getMe,
  ...SESSION_ENDPOINTS,
  ...PERSONAL_TOKEN_ENDPOINTS,
  ...APP_ENDPOINTS,
  ...INVOICE_ENDPOINTS,
  ...USER_ENDPOINTS,
  ...ORGANIZATION_ENDPOINTS,
  ...MEMBER_ENDPOINTS,
  ...ROLE_ENDPOINTS,
  ...POLICY_ENDPOINTS,
  ...CLIENT_ROLE_ENDPOINTS,
  ...ACCESS_REVIEW_ENDPOINTS,
  ...ACCESS_REQUEST_ENDPOINTS,
  ...DUTY_ENDPOINTS,
  ...TEAM_ENDPOINTS,
  ...TEAM_PART_ENDPOINTS,
  ...DOMAIN_ENDPOINTS,
  listPermissionsEndpoint,
  listAuditEventsEndpoint,
  ...CLIENT_ENDPOINTS,
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
