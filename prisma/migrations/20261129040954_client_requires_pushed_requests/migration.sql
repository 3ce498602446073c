-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "require_pushed_requests" BOOLEAN NOT NULL DEFAULT false;

-- Clients that have registered themselves have said it until now among the rest.
UPDATE "oidc_clients" SET "require_pushed_requests" = true
 WHERE "metadata" -> 'require_pushed_authorization_requests' = 'true'::jsonb;
