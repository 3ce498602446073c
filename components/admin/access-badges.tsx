import { Badge } from "@/components/ui/badge";

/** Whether it depends on when, from where and how proven the request is. */
export const ExtentBadge = ({ extent }: { extent: "always" | "depends" }) => (
  <Badge tone={extent === "always" ? "success" : "warning"}>
    {extent === "always" ? "Always" : "Depends on the request"}
  </Badge>
);

const REACHES = { all: "All", own: "Their own", some: "Some" };

/** How far it reaches among the records. */
export const ReachBadge = ({ reach }: { reach: keyof typeof REACHES }) => (
  <Badge>{REACHES[reach]}</Badge>
);
