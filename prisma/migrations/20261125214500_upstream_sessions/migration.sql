-- AlterTable
ALTER TABLE "sign_in_flows" ADD COLUMN     "upstream_id" UUID;

-- AlterTable
ALTER TABLE "sign_in_tickets" ADD COLUMN     "upstream_id" UUID;

-- CreateTable
CREATE TABLE "upstream_sessions" (
    "id" UUID NOT NULL,
    "session_id" UUID,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sid" TEXT,
    "id_token" BYTEA NOT NULL,
    "sign_out_hash" BYTEA,
    "sign_out_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "upstream_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "logout_tokens" (
    "digest" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "logout_tokens_pkey" PRIMARY KEY ("digest")
);

-- CreateIndex
CREATE UNIQUE INDEX "upstream_sessions_session_id_key" ON "upstream_sessions"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "upstream_sessions_sign_out_hash_key" ON "upstream_sessions"("sign_out_hash");

-- CreateIndex
CREATE INDEX "upstream_sessions_provider_subject_idx" ON "upstream_sessions"("provider", "subject");

-- CreateIndex
CREATE INDEX "upstream_sessions_provider_sid_idx" ON "upstream_sessions"("provider", "sid");

-- CreateIndex
CREATE INDEX "upstream_sessions_created_at_idx" ON "upstream_sessions"("created_at");

-- CreateIndex
CREATE INDEX "logout_tokens_expires_at_idx" ON "logout_tokens"("expires_at");

-- AddForeignKey
ALTER TABLE "upstream_sessions" ADD CONSTRAINT "upstream_sessions_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whatever ends a session takes the provider's token with it.
CREATE FUNCTION forget_upstream_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM upstream_sessions WHERE session_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_forget_upstream AFTER UPDATE OF "revoked_at" ON "sessions"
  FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION forget_upstream_session();
