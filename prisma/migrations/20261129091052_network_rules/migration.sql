-- AlterTable
ALTER TABLE "sign_in_policies" ADD COLUMN     "networks" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "session_hours_max" INTEGER;

-- A number that could not be counted with would be an outage for every session of the organization.
ALTER TABLE "sign_in_policies" ADD CONSTRAINT "sign_in_policies_session_hours_max_check"
  CHECK ("session_hours_max" BETWEEN 1 AND 8760);
-- Nothing is not the same as no rule.
ALTER TABLE "sign_in_policies" ADD CONSTRAINT "sign_in_policies_networks_check"
  CHECK ("networks" IS NOT NULL);
