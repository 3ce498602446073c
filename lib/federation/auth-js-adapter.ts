import "server-only";
import { PrismaAdapter } from "@auth/prisma-adapter";
import type { Adapter } from "next-auth/adapters";
import { prisma } from "@/lib/platform/db/client";

const refuse = (operation: string) => () => {
  throw new Error(`Auth.js must not ${operation}: users and links are made by our own use cases`);
};

/**
 * Auth.js's own adapter, for looking identities up. It may not create or link
 * anything: a user comes to be with roles, membership and audit event, and an
 * identity is never linked by its email address (ATK-15).
 */
export function authJsAdapter(): Adapter {
  return {
    ...PrismaAdapter(prisma()),
    createUser: refuse("create a user"),
    updateUser: refuse("change a user"),
    deleteUser: refuse("delete a user"),
    linkAccount: refuse("link an identity"),
    unlinkAccount: refuse("unlink an identity"),
  };
}
