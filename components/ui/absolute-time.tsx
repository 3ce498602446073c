import { absoluteTime } from "@/components/ui/time-format";

/** The exact time, in UTC: for logs, and wherever two people must read the same. */
export function AbsoluteTime({ value, className }: { value: Date | string; className?: string }) {
  const at = new Date(value);
  return (
    <time dateTime={at.toISOString()} className={className}>
      {absoluteTime(at)}
    </time>
  );
}
