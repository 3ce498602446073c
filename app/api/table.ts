import "server-only";
import type { Endpoint } from "@/app/api/endpoint";
import { openApiEndpoint } from "@/app/api/openapi";
import { INVOICE_ENDPOINTS } from "@/app/api/v1/_endpoints/invoices";
import { getMe } from "@/app/api/v1/_endpoints/me";
import { postRegister } from "@/app/api/v1/_endpoints/register";

const DECLARED: Endpoint[] = [getMe, ...INVOICE_ENDPOINTS, postRegister];

/** Every endpoint of the JSON API: what is not here does not exist. */
export const ENDPOINTS: Endpoint[] = [...DECLARED, openApiEndpoint(DECLARED)];
