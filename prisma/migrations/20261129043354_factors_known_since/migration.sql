-- AlterTable
ALTER TABLE "credentials_passkey" ADD COLUMN     "known_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "credentials_phone" ADD COLUMN     "known_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "credentials_totp" ADD COLUMN     "known_since" TIMESTAMPTZ(3);

-- Links that were mailed before work no longer than those that are mailed now.
UPDATE "sign_in_alerts" SET "expires_at" = LEAST("expires_at", "created_at" + interval '7 days');
