-- AlterTable
ALTER TABLE "audit_events" ADD COLUMN     "client_id" TEXT;
