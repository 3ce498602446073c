-- An organization may be opened only by who signed in through a connection of its own (F86).
ALTER TABLE "sign_in_policies" ADD COLUMN "sso_required" BOOLEAN NOT NULL DEFAULT false;

-- Through which connection whoever made a token had signed in; null for none. Of tokens from before
-- nothing is known, and so nothing is said.
ALTER TABLE "personal_tokens" ADD COLUMN "connection_id" UUID;
ALTER TABLE "personal_tokens" ADD CONSTRAINT "personal_tokens_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "personal_tokens_connection_id_idx" ON "personal_tokens"("connection_id");
