-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "pairwise_sector_uri" TEXT;
