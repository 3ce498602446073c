-- CreateEnum
CREATE TYPE "session_level" AS ENUM ('aal1', 'aal2', 'aal3');

-- AlterTable
ALTER TABLE "credentials_passkey" ADD COLUMN     "backup_eligible" BOOLEAN;

-- AlterTable
ALTER TABLE "sign_in_policies" ADD COLUMN     "passkey_models" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "session_level" "session_level";
