import type { Server } from "node:http";
import type { Terms } from "../terms.mjs";

export function billingService(terms: Terms): Server;
