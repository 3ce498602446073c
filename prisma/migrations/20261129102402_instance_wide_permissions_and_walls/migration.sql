-- AlterTable
ALTER TABLE "permissions" ADD COLUMN     "instance_wide" BOOLEAN NOT NULL DEFAULT false;

-- By hand: what is about the whole instance counts only where it is held there. The next start
-- says the same from the code.
UPDATE "permissions" SET "instance_wide" = true
 WHERE "key" IN ('view_clients', 'manage_clients', 'view_keys', 'manage_keys', 'manage_organizations');

-- Tables that came beside the wall. Nothing of theirs is asked for behind it yet.
DO $$
DECLARE
  walled regclass;
BEGIN
  FOR walled IN
    SELECT c.oid::regclass FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
       AND NOT c.relrowsecurity
  LOOP
    PERFORM build_tenant_wall(walled);
    EXECUTE format('REVOKE ALL ON %s FROM %I', walled, tenant_role());
  END LOOP;
END
$$;
