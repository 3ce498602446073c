-- Every request asks whether one of its user's roles asks for a second factor. Few roles do, and
-- from these few the question costs the same whether somebody has ten roles or a thousand.
-- Prisma's schema language has no partial indexes.
CREATE INDEX "roles_that_ask_for_a_factor" ON "roles" ("id") WHERE "mfa_required";
