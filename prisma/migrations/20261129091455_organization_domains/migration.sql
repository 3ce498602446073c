-- CreateTable
CREATE TABLE "organization_domains" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "verified_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failure" TEXT,
    "auto_join" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_domains_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "organization_domains_verified_at_last_checked_at_idx" ON "organization_domains"("verified_at", "last_checked_at");

-- CreateIndex
CREATE UNIQUE INDEX "organization_domains_organization_id_domain_key" ON "organization_domains"("organization_id", "domain");

-- AddForeignKey
ALTER TABLE "organization_domains" ADD CONSTRAINT "organization_domains_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on: Prisma's schema language has no words for these.

-- A domain is verified for one organization at a time, whoever is faster.
CREATE UNIQUE INDEX "organization_domains_verified_once" ON "organization_domains" ("domain")
  WHERE "verified_at" IS NOT NULL;
ALTER TABLE "organization_domains" ADD CONSTRAINT "organization_domains_domain_is_canonical"
  CHECK ("domain" = lower("domain") AND "domain" ~ '^[a-z0-9.-]{1,253}$');

-- A role that moves takes its inheritance along, or stays: else what it breaks is found by the next
-- change of any inheritance, which would then be refused for good.
CREATE TRIGGER roles_move_with_inheritance AFTER UPDATE OF organization_id ON "roles"
  FOR EACH STATEMENT EXECUTE FUNCTION rebuild_role_closure();
