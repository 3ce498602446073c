-- CreateEnum
CREATE TYPE "oidc_client_auth" AS ENUM ('none', 'client_secret_basic', 'private_key_jwt');

-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "auth_method" "oidc_client_auth",
ADD COLUMN     "jwks" JSONB,
ADD COLUMN     "jwks_uri" TEXT;

UPDATE "oidc_clients"
   SET "auth_method" = CASE WHEN "kind" IN ('web', 'service') THEN 'client_secret_basic'
                            ELSE 'none' END::"oidc_client_auth";

ALTER TABLE "oidc_clients" ALTER COLUMN "auth_method" SET NOT NULL;

-- Whoever signs has exactly one place where their keys are; nobody else has any.
ALTER TABLE "oidc_clients" ADD CONSTRAINT "oidc_clients_keys_check"
  CHECK (num_nonnulls("jwks", "jwks_uri") = CASE "auth_method" WHEN 'private_key_jwt' THEN 1 ELSE 0 END);
