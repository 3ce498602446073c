-- A picture that somebody gave of themselves, as we drew it anew.
CREATE TABLE "user_pictures" (
    "user_id" UUID NOT NULL,
    "content" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pictures_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "user_pictures_are_small" CHECK (octet_length("content") <= 262144)
);
ALTER TABLE "user_pictures" ADD CONSTRAINT "user_pictures_user_id_fkey"
  FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
