-- AlterTable
ALTER TABLE "outbox" ADD COLUMN "claimed_until" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "outbox_kind_id_idx" ON "outbox"("kind", "id");
