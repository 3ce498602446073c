-- What is refused before anybody is known is of no organization, like its event (F95). Behind the
-- wall nobody sees such a row.
ALTER TABLE "decision_traces" ALTER COLUMN "organization_id" DROP NOT NULL;
