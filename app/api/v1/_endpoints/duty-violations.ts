import "server-only";
import { z } from "zod";
import { csvReply } from "@/app/api/csv-reply";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { listViolations, type Violation } from "@/lib/duties/list-violations";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { jsonReply } from "@/lib/platform/http/reply";
import { csvOf } from "@/lib/shared/csv";

const ViolationResource = z.object({
  conflictId: z.uuid(),
  conflictName: z.string(),
  holder: z.enum(["user", "service"]),
  holderId: z.string(),
  name: z.string(),
  waivedUntil: z.iso.datetime().nullable(),
  paths: z.array(
    z.discriminatedUnion("by", [
      z.object({
        by: z.literal("role"),
        side: z.enum(["left", "right"]),
        permissionKey: z.string(),
        roleName: z.string(),
        givenRoleName: z.string().describe("The inherited role that gives it, or the role itself."),
        teamName: z.string().nullable(),
        expiresAt: z.iso.datetime().nullable(),
      }),
      z.object({
        by: z.literal("policy"),
        side: z.enum(["left", "right"]),
        permissionKey: z.string(),
        policyName: z.string(),
        sure: z
          .boolean()
          .describe("False where it depends on the request or the record too: it counts as well."),
      }),
    ]),
  ),
});

const violationOf = (violation: Violation): z.infer<typeof ViolationResource> => ({
  ...violation,
  waivedUntil: violation.waivedUntil?.toISOString() ?? null,
  paths: violation.paths.map((path) =>
    path.by === "policy" ? path : { ...path, expiresAt: path.expiresAt?.toISOString() ?? null },
  ),
});

export const violationsEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/duty-conflicts/violations",
  tag: "Duties",
  summary: "Who holds both sides of a conflict, and by what paths; also as CSV",
  access: DUTY_PERMISSIONS.view,
  services: true,
  query: z.strictObject({ ...PAGE_QUERY, format: z.enum(["json", "csv"]).default("json") }),
  responses: {
    200: { description: "A page of people", schema: pageOf(ViolationResource) },
  },
  run: async ({ caller, query: { format, ...page } }) => {
    const { violations } = await listViolations(caller);
    if (format === "csv")
      return csvReply("violations", csvOf(VIOLATION_COLUMNS, csvRowsOf(violations)));
    const keyOf = ({ conflictId, holderId }: Violation) => `${conflictId} ${holderId}`;
    const { items, nextCursor } = pageWithin(violations, keyOf, page);
    return jsonReply(200, { items: items.map(violationOf), nextCursor });
  },
});

const VIOLATION_COLUMNS = [
  "conflict",
  "holder",
  "name",
  "waived until",
  "side",
  "permission",
  "role",
  "inherits",
  "team",
  "until",
  "policy",
  "certain",
];

/** One row a path. */
const csvRowsOf = (violations: Violation[]): string[][] =>
  violations.flatMap(({ conflictName, holder, name, waivedUntil, paths }) =>
    paths.map((path) => [
      conflictName,
      holder,
      name,
      waivedUntil?.toISOString() ?? "",
      path.side,
      path.permissionKey,
      ...(path.by === "policy"
        ? ["", "", "", "", path.policyName, path.sure ? "yes" : "no"]
        : [
            path.roleName,
            path.givenRoleName === path.roleName ? "" : path.givenRoleName,
            path.teamName ?? "",
            path.expiresAt?.toISOString() ?? "",
            "",
            "yes",
          ]),
    ]),
  );
