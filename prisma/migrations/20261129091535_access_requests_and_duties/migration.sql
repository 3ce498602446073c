-- CreateEnum
CREATE TYPE "access_kind" AS ENUM ('request', 'break_glass');

-- CreateEnum
CREATE TYPE "access_state" AS ENUM ('pending', 'approved', 'denied', 'withdrawn', 'expired');

-- AlterTable
ALTER TABLE "roles" ADD COLUMN     "emergency" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "access_requests" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role_id" UUID,
    "role_name" TEXT NOT NULL,
    "kind" "access_kind" NOT NULL DEFAULT 'request',
    "state" "access_state" NOT NULL DEFAULT 'pending',
    "reason" TEXT NOT NULL,
    "duration_seconds" INTEGER NOT NULL,
    "decision_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "reviewed_by" UUID,
    "reviewed_at" TIMESTAMPTZ(3),
    "note" TEXT NOT NULL DEFAULT '',
    "grant_id" UUID,
    "granted_until" TIMESTAMPTZ(3),
    "ended_by" UUID,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "duty_conflicts" (
    "id" UUID NOT NULL,
    "organization_id" UUID,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "left_keys" TEXT[],
    "right_keys" TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "duty_conflicts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "duty_waivers" (
    "id" UUID NOT NULL,
    "conflict_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "granted_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "duty_waivers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "access_requests_organization_id_state_created_at_id_idx" ON "access_requests"("organization_id", "state", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "access_requests_user_id_created_at_idx" ON "access_requests"("user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "access_requests_role_id_idx" ON "access_requests"("role_id");

-- CreateIndex
CREATE INDEX "access_requests_grant_id_idx" ON "access_requests"("grant_id");

-- CreateIndex
CREATE UNIQUE INDEX "duty_conflicts_organization_id_name_key" ON "duty_conflicts"("organization_id", "name");

-- CreateIndex
CREATE INDEX "duty_waivers_organization_id_idx" ON "duty_waivers"("organization_id");

-- CreateIndex
CREATE INDEX "duty_waivers_user_id_idx" ON "duty_waivers"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "duty_waivers_conflict_id_organization_id_user_id_key" ON "duty_waivers"("conflict_id", "organization_id", "user_id");

-- AddForeignKey
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_reviewed_by_fkey" FOREIGN KEY ("reviewed_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_ended_by_fkey" FOREIGN KEY ("ended_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "user_roles"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duty_conflicts" ADD CONSTRAINT "duty_conflicts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duty_waivers" ADD CONSTRAINT "duty_waivers_conflict_id_fkey" FOREIGN KEY ("conflict_id") REFERENCES "duty_conflicts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duty_waivers" ADD CONSTRAINT "duty_waivers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duty_waivers" ADD CONSTRAINT "duty_waivers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "duty_waivers" ADD CONSTRAINT "duty_waivers_granted_by_fkey" FOREIGN KEY ("granted_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- By hand from here on: Prisma's schema language has no words for these.

-- One open request a person and role: asking twice is one request.
CREATE UNIQUE INDEX "access_requests_one_pending" ON "access_requests"("organization_id", "user_id", "role_id")
  WHERE "state" = 'pending';
-- What waits for somebody's answer or look.
CREATE INDEX "access_requests_unacknowledged" ON "access_requests"("organization_id", "created_at")
  WHERE "kind" = 'break_glass' AND "reviewed_at" IS NULL;

-- Nobody answers their own request, or acknowledges their own emergency, by whatever statement.
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_reviewed_by_another"
  CHECK ("reviewed_by" IS NULL OR "reviewed_by" <> "user_id");
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_last_as_long_as_they_may"
  CHECK ("duration_seconds" BETWEEN 60
         AND CASE "kind" WHEN 'break_glass' THEN 3600 ELSE 2592000 END);
ALTER TABLE "access_requests" ADD CONSTRAINT "access_requests_are_approved_by_a_review"
  CHECK ("kind" = 'break_glass' OR "state" NOT IN ('approved', 'denied') OR "reviewed_at" IS NOT NULL);

DROP INDEX "duty_conflicts_organization_id_name_key";
CREATE UNIQUE INDEX "duty_conflicts_organization_id_name_key" ON "duty_conflicts"("organization_id", "name") NULLS NOT DISTINCT;
ALTER TABLE "duty_conflicts" ADD CONSTRAINT "duty_conflicts_have_two_sides"
  CHECK (cardinality("left_keys") > 0 AND cardinality("right_keys") > 0
         AND NOT "left_keys" && "right_keys");
ALTER TABLE "duty_waivers" ADD CONSTRAINT "duty_waivers_are_given_by_another"
  CHECK ("granted_by" IS NULL OR "granted_by" <> "user_id");
ALTER TABLE "duty_waivers" ADD CONSTRAINT "duty_waivers_end"
  CHECK ("expires_at" <= "created_at" + interval '1 year');

-- Rows of one organization are nobody else's, where the wall is built that says so.
DO $$
BEGIN
  IF to_regprocedure('build_tenant_wall(regclass)') IS NOT NULL THEN
    PERFORM build_tenant_wall('access_requests');
    PERFORM build_tenant_wall('duty_conflicts');
    PERFORM build_tenant_wall('duty_waivers');
  END IF;
END $$;
