import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

/**
 * A table that scrolls sideways where it does not fit, while its first column
 * stays. The frame takes the focus so that the arrow keys scroll it too.
 */
export function Table({
  caption,
  framed = true,
  className,
  children,
}: {
  /** Says what the table holds, for people who hear it. */
  caption: string;
  /** Without a frame, for use inside a `Section flush`. */
  framed?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={caption}
      tabIndex={0}
      className={cn(
        "relative overflow-x-auto bg-surface focus-visible:-outline-offset-2",
        // What takes the focus is scrolled to beside the column that stays, not under it.
        "max-md:scroll-ps-48",
        framed && "rounded-lg border border-line shadow-card",
        className,
      )}
    >
      <table className="figures w-full border-separate border-spacing-0 text-start text-sm">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

export function TableBody({ children }: { children: ReactNode }) {
  return <tbody className="[&>tr:last-child>*]:border-b-0">{children}</tbody>;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr {...props} className={cn("group/row", className)} />;
}

type CellLook = { align?: "start" | "end"; narrow?: boolean };
type TableCell<Tag extends "td" | "th"> = Omit<ComponentProps<Tag>, "align"> & CellLook;

const cellClass = ({ align, narrow }: CellLook): string =>
  cn(
    "border-line border-b px-4 first:ps-5 last:pe-5",
    // The first column stays in view on a phone, so that a row keeps its name.
    "max-md:first:max-w-48 max-md:first:sticky max-md:first:start-0 max-md:first:z-1 max-md:first:border-e max-md:first:ps-4",
    align === "end" && "whitespace-nowrap text-end",
    narrow && "w-px whitespace-nowrap",
  );

export function ColumnHeader({ align, narrow, className, children, ...props }: TableCell<"th">) {
  return (
    <th
      scope="col"
      {...props}
      className={cn(
        cellClass({ align, narrow }),
        "h-10 whitespace-nowrap bg-sunken font-medium text-ink-soft text-xs",
        className,
      )}
    >
      {children}
    </th>
  );
}

export type SortDirection = "ascending" | "descending";
type SortHeaderProps = TableCell<"th"> & { href: string; sorted?: SortDirection };

/** A heading that sorts. `href` leads to the list in the order that a press asks for next. */
export function SortHeader({ href, sorted, children, align, ...props }: SortHeaderProps) {
  const Icon =
    sorted === "ascending" ? ArrowUp : sorted === "descending" ? ArrowDown : ChevronsUpDown;
  return (
    <ColumnHeader {...props} align={align} aria-sort={sorted}>
      <Link
        href={href}
        scroll={false}
        className={cn(
          "-mx-1.5 inline-flex h-7 items-center gap-1 rounded-sm px-1.5 hover:bg-ink/6 hover:text-ink",
          align === "end" && "flex-row-reverse",
          sorted && "text-ink",
        )}
      >
        {children}
        <Icon
          aria-hidden="true"
          className={cn("size-3.5", sorted ? "text-accent" : "text-ink-faint")}
        />
      </Link>
    </ColumnHeader>
  );
}

export function Cell({ align, narrow, className, ...props }: TableCell<"td">) {
  return (
    <td
      {...props}
      className={cn(
        cellClass({ align, narrow }),
        "h-13 bg-surface py-2 text-ink transition-colors group-hover/row:bg-sunken",
        className,
      )}
    />
  );
}

/** The cell that names its row: its first, as a row header, usually with a link inside. */
export function RowHeader({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="row"
      {...props}
      className={cn(
        cellClass({}),
        "h-13 min-w-36 bg-surface py-2 font-medium text-ink transition-colors group-hover/row:bg-sunken",
        className,
      )}
    />
  );
}
