-- CreateTable
CREATE TABLE "service_accounts" (
    "client_id" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_accounts_pkey" PRIMARY KEY ("client_id")
);

-- CreateTable
CREATE TABLE "service_account_roles" (
    "client_id" TEXT NOT NULL,
    "role_id" UUID NOT NULL,
    "granted_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_account_roles_pkey" PRIMARY KEY ("client_id","role_id")
);

-- CreateIndex
CREATE INDEX "service_accounts_organization_id_idx" ON "service_accounts"("organization_id");

-- CreateIndex
CREATE INDEX "service_account_roles_role_id_idx" ON "service_account_roles"("role_id");

-- AddForeignKey
ALTER TABLE "service_accounts" ADD CONSTRAINT "service_accounts_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oidc_clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_accounts" ADD CONSTRAINT "service_accounts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_account_roles" ADD CONSTRAINT "service_account_roles_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "service_accounts"("client_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_account_roles" ADD CONSTRAINT "service_account_roles_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_account_roles" ADD CONSTRAINT "service_account_roles_granted_by_fkey" FOREIGN KEY ("granted_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What a service account may do changes with the version that all share.
CREATE TRIGGER service_account_roles_raise_authz_version
  AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "service_account_roles"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_authz_version();
CREATE TRIGGER service_accounts_raise_authz_version
  AFTER UPDATE OR DELETE OR TRUNCATE ON "service_accounts"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_authz_version();

-- A token that a client got for itself names the client as its subject. That is
-- never the subject of a user, whoever chooses the ids (RFC 9700, RFC 9068 §5).
CREATE FUNCTION refuse_shared_subject() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    IF EXISTS (SELECT 1 FROM oidc_clients WHERE id = NEW.id::text) THEN
      RAISE EXCEPTION 'a client has this id' USING ERRCODE = 'unique_violation';
    END IF;
  ELSIF NEW.id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    IF EXISTS (SELECT 1 FROM users WHERE id = NEW.id::uuid) THEN
      RAISE EXCEPTION 'a user has this id' USING ERRCODE = 'unique_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER users_are_no_clients BEFORE INSERT OR UPDATE OF id ON "users"
  FOR EACH ROW EXECUTE FUNCTION refuse_shared_subject();
CREATE TRIGGER clients_are_no_users BEFORE INSERT OR UPDATE OF id ON "oidc_clients"
  FOR EACH ROW EXECUTE FUNCTION refuse_shared_subject();
