-- CreateTable
CREATE TABLE "oidc_device_requests" (
    "artifact_id" BYTEA NOT NULL,
    "user_code_hash" BYTEA NOT NULL,
    "polled_at" TIMESTAMPTZ(3),
    "interval_seconds" INTEGER NOT NULL,

    CONSTRAINT "oidc_device_requests_pkey" PRIMARY KEY ("artifact_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "oidc_device_requests_user_code_hash_key" ON "oidc_device_requests"("user_code_hash");

-- AddForeignKey
ALTER TABLE "oidc_device_requests" ADD CONSTRAINT "oidc_device_requests_artifact_id_fkey" FOREIGN KEY ("artifact_id") REFERENCES "oidc_artifacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
