-- AlterTable
ALTER TABLE "devices" ADD COLUMN     "trusted_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sign_in_flows" ADD COLUMN     "risk_reasons" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "sign_in_policies" ADD COLUMN     "risk_checked" BOOLEAN NOT NULL DEFAULT true;
