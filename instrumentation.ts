/** Runs once before the first request: an unusable configuration must not serve. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { boot } = await import("@/lib/platform/boot");
  await boot();
}
