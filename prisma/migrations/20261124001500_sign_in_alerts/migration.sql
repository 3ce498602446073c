-- CreateTable
CREATE TABLE "sign_in_alerts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "session_id" UUID,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_alerts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sign_in_alerts_token_hash_key" ON "sign_in_alerts"("token_hash");

-- CreateIndex
CREATE INDEX "sign_in_alerts_expires_at_idx" ON "sign_in_alerts"("expires_at");

-- AddForeignKey
ALTER TABLE "sign_in_alerts" ADD CONSTRAINT "sign_in_alerts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_in_alerts" ADD CONSTRAINT "sign_in_alerts_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;
