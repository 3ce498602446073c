import { Children, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const itemOf = (line: string): ReactNode => <li>{line.slice(2)}</li>;

/** One part of a text, between blank lines: a heading, a list, or a paragraph. */
function partOf(text: string, Heading: "h2" | "h3"): ReactNode {
  if (text.startsWith("# "))
    return <Heading className="font-semibold text-ink">{text.slice(2)}</Heading>;
  const lines = text.split("\n");
  if (lines.every((line) => line.startsWith("- "))) {
    return <ul className="list-disc space-y-1 ps-5">{Children.toArray(lines.map(itemOf))}</ul>;
  }
  return <p className="whitespace-pre-line">{text}</p>;
}

/** A text that somebody wrote: paragraphs, `# ` for headings and `- ` for lists, and no markup else. */
export function PlainDocument({
  text,
  heading = "h3",
  className,
}: {
  text: string;
  /** What its headings are on the page. */
  heading?: "h2" | "h3";
  className?: string;
}) {
  const parts = text.split(/\n\n+/).filter((part) => part.trim() !== "");
  return (
    <div className={cn("space-y-3 text-ink-soft text-sm [overflow-wrap:anywhere]", className)}>
      {Children.toArray(parts.map((part) => partOf(part, heading)))}
    </div>
  );
}
