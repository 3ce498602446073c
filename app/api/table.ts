import "server-only";
import type { Endpoint } from "@/app/api/endpoint";
import { openApiEndpoint } from "@/app/api/openapi";
import { listAuditEventsEndpoint } from "@/app/api/v1/_endpoints/audit-events";
import { INVOICE_ENDPOINTS } from "@/app/api/v1/_endpoints/invoices";
import { getMe } from "@/app/api/v1/_endpoints/me";
import { listPermissionsEndpoint } from "@/app/api/v1/_endpoints/permissions";
import { postRegister } from "@/app/api/v1/_endpoints/register";
import { ROLE_ENDPOINTS } from "@/app/api/v1/_endpoints/roles";
import { SESSION_ENDPOINTS } from "@/app/api/v1/_endpoints/sessions";
import { USER_ENDPOINTS } from "@/app/api/v1/_endpoints/users";

const DECLARED: Endpoint[] = [
  getMe,
  ...SESSION_ENDPOINTS,
  ...INVOICE_ENDPOINTS,
  ...USER_ENDPOINTS,
  ...ROLE_ENDPOINTS,
  listPermissionsEndpoint,
  listAuditEventsEndpoint,
  postRegister,
];

/** Every endpoint of the JSON API: what is not here does not exist. */
export const ENDPOINTS: Endpoint[] = [...DECLARED, openApiEndpoint(DECLARED)];
