-- What somebody reads, and when it is there. Null is what their browser asks for, and UTC.
ALTER TABLE "users" ADD COLUMN "locale" TEXT, ADD COLUMN "time_zone" TEXT;
