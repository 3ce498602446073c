-- AlterTable
ALTER TABLE "devices" ADD COLUMN     "forgotten_at" TIMESTAMPTZ(3);
