CREATE TYPE "terms_document" AS ENUM ('terms', 'privacy');

-- What was published, word for word. A new text is a new version.
CREATE TABLE "terms_versions" (
    "id" UUID NOT NULL,
    "document" "terms_document" NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL DEFAULT '',
    "text" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "published_by" UUID NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "terms_versions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "terms_versions_begin_at_one" CHECK ("number" >= 1)
);
CREATE UNIQUE INDEX "terms_versions_document_number_key" ON "terms_versions"("document", "number");

CREATE FUNCTION refuse_change_of_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'published terms do not change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER terms_versions_do_not_change BEFORE UPDATE OR DELETE ON "terms_versions"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_terms();
CREATE TRIGGER terms_versions_are_not_emptied BEFORE TRUNCATE ON "terms_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_terms();

CREATE TABLE "terms_acceptances" (
    "user_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "digest" BYTEA NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ip" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "terms_acceptances_pkey" PRIMARY KEY ("user_id", "version_id")
);
CREATE INDEX "terms_acceptances_version_id_idx" ON "terms_acceptances"("version_id");
ALTER TABLE "terms_acceptances" ADD CONSTRAINT "terms_acceptances_user_id_fkey"
  FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "terms_acceptances" ADD CONSTRAINT "terms_acceptances_version_id_fkey"
  FOREIGN KEY ("version_id") REFERENCES "terms_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The version of each document that is in force: the newest whose time has come.
CREATE VIEW "terms_in_force" AS
  SELECT DISTINCT ON (document) id, document, number, title, summary, text, digest, effective_at
    FROM "terms_versions" WHERE effective_at <= now() ORDER BY document, number DESC;
