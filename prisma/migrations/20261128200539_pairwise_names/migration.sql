-- AlterTable
ALTER TABLE "instance" ADD COLUMN     "pairwise_salt" BYTEA NOT NULL DEFAULT sha256(convert_to((gen_random_uuid())::text || (gen_random_uuid())::text, 'UTF8'));

-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "pairwise_sector" TEXT;

-- With another salt everybody would be somebody else at every pairwise client.
CREATE FUNCTION refuse_another_pairwise_salt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'instance.pairwise_salt cannot be changed';
END $$;

CREATE TRIGGER instance_keeps_its_pairwise_salt BEFORE UPDATE ON "instance"
  FOR EACH ROW WHEN (NEW.pairwise_salt IS DISTINCT FROM OLD.pairwise_salt)
  EXECUTE FUNCTION refuse_another_pairwise_salt();
