-- CreateEnum
CREATE TYPE "oidc_signing_algorithm" AS ENUM ('ES256', 'EdDSA', 'RS256');

-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "id_token_algorithm" "oidc_signing_algorithm" NOT NULL DEFAULT 'ES256';
