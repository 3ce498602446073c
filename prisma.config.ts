import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema",
  migrations: { path: "prisma/migrations" },
  // `prisma generate` runs without a database; `prisma migrate deploy` needs one.
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
