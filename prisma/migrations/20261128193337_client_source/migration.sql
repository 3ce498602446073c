-- CreateEnum
CREATE TYPE "oidc_client_source" AS ENUM ('registered', 'dynamic', 'document');

-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "source" "oidc_client_source" NOT NULL DEFAULT 'registered';
