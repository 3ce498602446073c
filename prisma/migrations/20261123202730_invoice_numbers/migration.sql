-- DropIndex
DROP INDEX "invoices_organization_id_customer_id_idx";

-- AlterTable
ALTER TABLE "invoices" ADD COLUMN     "customer_key" TEXT NOT NULL DEFAULT '';

-- Accents stay until the invoice is next changed; case at least is gone.
UPDATE "invoices" SET "customer_key" = lower("customer");

-- CreateTable
CREATE TABLE "invoice_counters" (
    "organization_id" UUID NOT NULL,
    "year" INTEGER NOT NULL,
    "last_number" INTEGER NOT NULL,

    CONSTRAINT "invoice_counters_pkey" PRIMARY KEY ("organization_id","year")
);

-- CreateIndex
CREATE INDEX "invoices_organization_id_customer_key_id_idx" ON "invoices"("organization_id", "customer_key", "id");

-- AddForeignKey
ALTER TABLE "invoice_counters" ADD CONSTRAINT "invoice_counters_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
