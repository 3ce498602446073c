import type { Server } from "node:http";
import type { Terms } from "../terms.mjs";

export function userService(
  terms: Terms & {
    tokenEndpoint: string;
    client: { id: string; secret: string };
    billing: string;
  },
): Server;
