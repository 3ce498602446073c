import "server-only";
import type { Endpoint } from "@/app/api/endpoint";
import { INVOICE_ENDPOINTS } from "@/app/api/v1/_endpoints/invoices";
import { getMe } from "@/app/api/v1/_endpoints/me";
import { postRegister } from "@/app/api/v1/_endpoints/register";

/** Every endpoint of the JSON API: what is not here does not exist. */
export const ENDPOINTS: Endpoint[] = [getMe, ...INVOICE_ENDPOINTS, postRegister];
