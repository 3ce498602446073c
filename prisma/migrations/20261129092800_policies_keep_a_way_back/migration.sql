-- By hand: Prisma's schema language has no words for these.

-- No policy shuts out those who can undo policies.
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_leave_a_way_back"
  CHECK ("effect" <> 'deny' OR NOT ("permissions" && ARRAY['view_policies', 'manage_policies']));

-- A version goes with its policy and in no other way: what was in force can be told while it is there.
CREATE FUNCTION refuse_loss_of_policy_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM policies WHERE id = OLD.policy_id) THEN
    RAISE EXCEPTION 'a version of a policy goes with its policy only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER policy_versions_do_not_go BEFORE DELETE ON "policy_versions"
  FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_policy_version();
