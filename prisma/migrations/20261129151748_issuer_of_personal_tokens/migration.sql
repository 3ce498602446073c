-- A token counts as the session that made it: for the provider that it came from, and no other.
ALTER TABLE "personal_tokens" ADD COLUMN "connection_issuer" TEXT;
UPDATE "personal_tokens" t SET "connection_issuer" = c."issuer"
  FROM "connections" c WHERE c."id" = t."connection_id";
