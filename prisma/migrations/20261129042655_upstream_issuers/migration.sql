-- AlterTable
ALTER TABLE "upstream_sessions" ADD COLUMN     "connection_id" UUID,
ADD COLUMN     "issuer" TEXT;

-- What was kept since a connection is there came from it: its issuer stays while people sign in with it.
-- What is older than it is of one that was deleted, and stays without.
UPDATE "upstream_sessions" u SET "connection_id" = c."id", "issuer" = c."issuer"
  FROM "connections" c WHERE c."slug" = u."provider" AND u."created_at" >= c."created_at";
