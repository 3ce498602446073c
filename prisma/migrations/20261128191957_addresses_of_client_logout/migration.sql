-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "backchannel_logout_uri" TEXT,
ADD COLUMN     "post_logout_redirect_uris" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
