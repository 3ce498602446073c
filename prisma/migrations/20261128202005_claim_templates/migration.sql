-- CreateTable
CREATE TABLE "claim_templates" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "scope" TEXT NOT NULL,
    "targets" TEXT[],
    "client_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "claim_templates_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "claim_templates_client_id_idx" ON "claim_templates"("client_id");

-- AddForeignKey
ALTER TABLE "claim_templates" ADD CONSTRAINT "claim_templates_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oidc_clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One claim has one value: for a client, or for all.
CREATE UNIQUE INDEX "claim_templates_name_client_id_key"
  ON "claim_templates"("name", "client_id") NULLS NOT DISTINCT;
