-- Rows of one organization are nobody else's. No statement of a tenant's needs them.
SELECT build_tenant_wall('organization_domains');
DO $$ BEGIN EXECUTE format('REVOKE ALL ON organization_domains FROM %I', tenant_role()); END $$;
