/** Runs once before the first request: an unusable configuration must not serve. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { boot } = await import("@/lib/platform/boot");
  await boot();
  if (process.env.NODE_ENV !== "development") return;
  // Elsewhere our own server runs the jobs, or a cron route does.
  const { startJobs } = await import("@/app/jobs");
  startJobs();
}
