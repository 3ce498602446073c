-- AlterTable
ALTER TABLE "credentials_phone" ADD COLUMN     "pending_session_id" UUID,
ADD COLUMN     "pending_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "credentials_totp" ADD COLUMN     "pending_session_id" UUID,
ADD COLUMN     "pending_until" TIMESTAMPTZ(3);
