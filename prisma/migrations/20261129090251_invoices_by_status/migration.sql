-- DropIndex
DROP INDEX "invoices_organization_id_status_id_idx";

-- CreateIndex
CREATE INDEX "invoices_organization_id_status_created_at_id_idx" ON "invoices"("organization_id", "status", "created_at" DESC, "id" DESC);
