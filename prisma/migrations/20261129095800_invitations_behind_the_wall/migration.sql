-- Rows of one organization are nobody else's. Nothing of a tenant's needs them yet, and they have
-- secrets of links.
SELECT build_tenant_wall('invitations');
DO $$ BEGIN EXECUTE format('REVOKE ALL ON invitations FROM %I', tenant_role()); END $$;
