-- How organizations are shown where people sign in, and in the mails that they send.
CREATE TYPE "logo_scheme" AS ENUM ('light', 'dark');

CREATE TABLE "organization_brandings" (
    "organization_id" UUID NOT NULL,
    "name" TEXT,
    "accent" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_brandings_pkey" PRIMARY KEY ("organization_id"),
    -- It ends up in a style sheet: nothing but a colour gets as far as this table.
    CONSTRAINT "organization_brandings_accent_is_a_colour" CHECK ("accent" ~ '^#[0-9a-f]{6}$')
);
ALTER TABLE "organization_brandings" ADD CONSTRAINT "organization_brandings_organization_id_fkey"
  FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "organization_logos" (
    "organization_id" UUID NOT NULL,
    "scheme" "logo_scheme" NOT NULL,
    "content" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_logos_pkey" PRIMARY KEY ("organization_id", "scheme"),
    CONSTRAINT "organization_logos_are_small" CHECK (octet_length("content") <= 262144)
);
ALTER TABLE "organization_logos" ADD CONSTRAINT "organization_logos_organization_id_fkey"
  FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

SELECT build_tenant_wall('organization_brandings');
SELECT build_tenant_wall('organization_logos');
