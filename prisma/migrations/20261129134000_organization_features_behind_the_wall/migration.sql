-- Teams, members, invitations, domains, policies, access requests, duties and access reviews are
-- asked for and changed behind the wall (F81, docs/decisions/0037). By hand: Prisma's schema
-- language has no words for these.

-- Parts that say to which row of an organization they belong, and not to which organization. What
-- the wall hides of that row it hides of them.
ALTER TABLE "team_closure" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "team_closure"
  USING (EXISTS (SELECT 1 FROM teams t
                  WHERE t.id = team_closure.team_id AND t.organization_id = tenant_organization()));

ALTER TABLE "team_roles" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "team_roles"
  USING (EXISTS (SELECT 1 FROM teams t
                  WHERE t.id = team_roles.team_id AND t.organization_id = tenant_organization()));

ALTER TABLE "invitation_roles" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "invitation_roles"
  USING (EXISTS (SELECT 1 FROM invitations i
                  WHERE i.id = invitation_roles.invitation_id
                    AND i.organization_id = tenant_organization()));

ALTER TABLE "policy_versions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "policy_versions"
  USING (EXISTS (SELECT 1 FROM policies p
                  WHERE p.id = policy_versions.policy_id
                    AND p.organization_id = tenant_organization()));

ALTER TABLE "policy_shadow_counts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "policy_shadow_counts"
  USING (EXISTS (SELECT 1 FROM policies p
                  WHERE p.id = policy_shadow_counts.policy_id
                    AND p.organization_id = tenant_organization()));

ALTER TABLE "service_account_roles" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "service_account_roles"
  USING (EXISTS (SELECT 1 FROM service_accounts a
                  WHERE a.client_id = service_account_roles.client_id
                    AND a.organization_id = tenant_organization()));

-- Of roles that all share it is read what they give, as of an organization's own.
ALTER TABLE "role_permissions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "role_permissions"
  USING (EXISTS (SELECT 1 FROM roles r
                  WHERE r.id = role_permissions.role_id AND r.organization_id = tenant_organization()));
CREATE POLICY tenant_reads_shared ON "role_permissions" FOR SELECT
  USING (EXISTS (SELECT 1 FROM roles r
                  WHERE r.id = role_permissions.role_id AND r.organization_id IS NULL));
ALTER TABLE "role_inheritance" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "role_inheritance"
  USING (EXISTS (SELECT 1 FROM roles r
                  WHERE r.id = role_inheritance.role_id AND r.organization_id = tenant_organization()));
CREATE POLICY tenant_reads_shared ON "role_inheritance" FOR SELECT
  USING (EXISTS (SELECT 1 FROM roles r
                  WHERE r.id = role_inheritance.role_id AND r.organization_id IS NULL));
ALTER TABLE "role_closure" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "role_closure"
  USING (EXISTS (SELECT 1 FROM roles r
                  WHERE r.id = role_closure.role_id AND r.organization_id = tenant_organization()));
CREATE POLICY tenant_reads_shared ON "role_closure" FOR SELECT
  USING (EXISTS (SELECT 1 FROM roles r
                  WHERE r.id = role_closure.role_id AND r.organization_id IS NULL));

-- What counts in every organization is there for each, and none may change it.
CREATE POLICY tenant_reads_shared ON "policies" FOR SELECT USING (organization_id IS NULL);
CREATE POLICY tenant_reads_shared ON "policy_versions" FOR SELECT
  USING (EXISTS (SELECT 1 FROM policies p
                  WHERE p.id = policy_versions.policy_id AND p.organization_id IS NULL));
CREATE POLICY tenant_reads_shared ON "policy_shadow_counts" FOR SELECT
  USING (EXISTS (SELECT 1 FROM policies p
                  WHERE p.id = policy_shadow_counts.policy_id AND p.organization_id IS NULL));
CREATE POLICY tenant_reads_shared ON "duty_conflicts" FOR SELECT USING (organization_id IS NULL);

-- What the role may do. It reads no hash of a link, and of people what lists show.
DO $$
DECLARE
  tenant text := quote_ident(tenant_role());
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON teams, team_roles, organization_domains, policies TO %s', tenant);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON team_memberships TO %s', tenant);
  EXECUTE format('GRANT SELECT, INSERT ON invitation_roles, policy_versions TO %s', tenant);
  EXECUTE format('GRANT SELECT ON team_closure, policy_shadow_counts, service_account_roles, role_permissions, role_inheritance, role_closure, permissions TO %s', tenant);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON access_reviews, access_review_items TO %s', tenant);
  EXECUTE format('GRANT DELETE ON memberships, user_roles TO %s', tenant);
  EXECUTE format('GRANT SELECT (id, organization_id, email, invited_by, sent_count, created_at, expires_at, consumed_at, revoked_at), INSERT, UPDATE (invited_by, token_hash, sent_count, expires_at, revoked_at) ON invitations TO %s', tenant);
  EXECUTE format('GRANT SELECT (status, created_at, last_sign_in_at) ON users TO %s', tenant);
  EXECUTE format('GRANT SELECT (id, name) ON oidc_clients TO %s', tenant);
END
$$;

-- A change of rights raises versions that all share, and closures are walked as a whole: that is
-- done by their owner, whoever has changed what they follow from. They take nothing from a caller.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['raise_authz_version', 'raise_grants_version', 'rebuild_team_closure'] LOOP
    EXECUTE format('ALTER FUNCTION %I() SECURITY DEFINER SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE ALL ON FUNCTION %I() FROM PUBLIC', name);
  END LOOP;
END
$$;
