-- A condition is an object, or there is none. JSON has a null of its own, which every driver reads as
-- none: a grant on it held always. What is no condition becomes one that nothing meets (FLT-26).
UPDATE "role_permissions" SET "condition" = '{}' WHERE jsonb_typeof("condition") <> 'object';
ALTER TABLE "role_permissions" ADD CONSTRAINT "role_permissions_condition_is_an_object"
  CHECK ("condition" IS NULL OR jsonb_typeof("condition") = 'object');

ALTER TABLE "policy_versions" DISABLE TRIGGER "policy_versions_do_not_change";
UPDATE "policy_versions" SET "condition" = '{}' WHERE jsonb_typeof("condition") <> 'object';
ALTER TABLE "policy_versions" ENABLE TRIGGER "policy_versions_do_not_change";
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_condition_is_an_object"
  CHECK ("condition" IS NULL OR jsonb_typeof("condition") = 'object');
