-- CreateEnum
CREATE TYPE "user_import_state" AS ENUM ('checked', 'running', 'finished');

-- CreateEnum
CREATE TYPE "user_import_outcome" AS ENUM ('created', 'skipped');

-- CreateTable
CREATE TABLE "user_imports" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "state" "user_import_state" NOT NULL DEFAULT 'checked',
    "row_count" INTEGER NOT NULL,
    "bad_count" INTEGER NOT NULL,
    "cursor" INTEGER NOT NULL DEFAULT 0,
    "created_count" INTEGER NOT NULL DEFAULT 0,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_import_rows" (
    "import_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "email" TEXT,
    "pending" JSONB,
    "problem" TEXT,
    "note" TEXT,
    "outcome" "user_import_outcome",
    "user_id" UUID,

    CONSTRAINT "user_import_rows_pkey" PRIMARY KEY ("import_id","position")
);

-- CreateIndex
CREATE INDEX "user_imports_organization_id_created_at_id_idx" ON "user_imports"("organization_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "user_imports_updated_at_idx" ON "user_imports"("updated_at");

-- AddForeignKey
ALTER TABLE "user_imports" ADD CONSTRAINT "user_imports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_import_rows" ADD CONSTRAINT "user_import_rows_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "user_imports"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on: Prisma's schema language has no words for these.

ALTER TABLE "user_imports" ADD CONSTRAINT "user_imports_go_no_further_than_their_rows"
  CHECK ("cursor" BETWEEN 0 AND "row_count" AND "created_count" <= "cursor");
-- A hash is kept for as long as its user is to be made, and no longer.
ALTER TABLE "user_import_rows" ADD CONSTRAINT "user_import_rows_keep_no_hash_for_nothing"
  CHECK ("pending" IS NULL OR ("outcome" IS NULL AND "problem" IS NULL));

SELECT build_tenant_wall('user_imports');
SELECT build_tenant_wall('user_import_rows');
