-- CreateTable
CREATE TABLE "personal_tokens" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "acr" TEXT NOT NULL,
    "amr" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "personal_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "personal_tokens_token_hash_key" ON "personal_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "personal_tokens_user_id_created_at_idx" ON "personal_tokens"("user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "personal_tokens_expires_at_idx" ON "personal_tokens"("expires_at");

-- AddForeignKey
ALTER TABLE "personal_tokens" ADD CONSTRAINT "personal_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "personal_tokens" ADD CONSTRAINT "personal_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A token that never ends, or opens nothing, is a mistake of whoever wrote it.
ALTER TABLE "personal_tokens"
  ADD CONSTRAINT "personal_tokens_expire" CHECK ("expires_at" > "created_at"),
  ADD CONSTRAINT "personal_tokens_have_scopes" CHECK (cardinality("scopes") > 0);

-- Whoever is disabled gets nothing back by being enabled.
CREATE FUNCTION end_personal_tokens_of_disabled_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM personal_tokens WHERE user_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER end_personal_tokens_of_disabled_user
  AFTER UPDATE OF status ON users
  FOR EACH ROW WHEN (NEW.status = 'disabled' AND OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION end_personal_tokens_of_disabled_user();
