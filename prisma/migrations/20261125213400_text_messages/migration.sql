-- CreateEnum
CREATE TYPE "outbox_channel" AS ENUM ('mail', 'sms');

-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "channel" "outbox_channel" NOT NULL DEFAULT 'mail',
ADD COLUMN     "expires_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sign_in_policies" ADD COLUMN     "sms_allowed" BOOLEAN NOT NULL DEFAULT true;
