import { useLanguage } from "#translations";
import { absoluteTime } from "@/components/ui/time-format";

/** The exact time, in the reader's zone and naming it: for logs, and wherever two people compare. */
export function AbsoluteTime({ value, className }: { value: Date | string; className?: string }) {
  const language = useLanguage();
  const at = new Date(value);
  return (
    <time
      dateTime={at.toISOString()}
      // A browser may know other names of months and zones than the server.
      suppressHydrationWarning
      className={className}
    >
      {absoluteTime(at, language)}
    </time>
  );
}

/** For sentences of the catalogue, where a time stands in `<time>`. */
export const timeAt = (value: Date | string) => ({
  time: () => <AbsoluteTime value={value} />,
});
