-- AlterTable
ALTER TABLE "audit_events" ADD COLUMN     "organization_id" UUID;

-- CreateIndex
CREATE INDEX "audit_events_organization_id_at_id_idx" ON "audit_events"("organization_id", "at" DESC, "id" DESC);

-- Events of before have no organization: they are read by whoever reads of the whole instance.
-- An organization writes of itself and of nobody in particular. The grant stays what it was.
ALTER TABLE "audit_events" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "audit_events" USING (organization_id = tenant_organization())
  WITH CHECK (organization_id IS NULL OR organization_id = tenant_organization());
