import { LiveTime } from "@/components/ui/live-time";

/**
 * How long ago, with the exact time on hover. The server decides the first
 * words and hands over its clock, so that the browser's first rendering says
 * the same and nothing moves; from then on the browser keeps the words fresh.
 * For server components; a client component shows `AbsoluteTime`.
 */
export function RelativeTime({ value, className }: { value: Date | string; className?: string }) {
  // oxlint-disable-next-line react/purity -- rendered once per request, on the server
  const serverNow = Date.now();
  return (
    <LiveTime iso={new Date(value).toISOString()} serverNow={serverNow} className={className} />
  );
}

/** For sentences of the catalogue, where a time stands in `<time>`. */
export const timeAgo = (value: Date | string) => ({
  time: () => <RelativeTime value={value} />,
});
