import "server-only";
import { z } from "zod";
import type { Impact } from "@/lib/authz/impact/impact";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";

/** With `preview=true` the same call says what it would do, and does nothing. */
export const PREVIEW = z.strictObject({
  preview: z
    .enum(["true", "false"])
    .default("false")
    .describe("Says what the change would do, to whoever may make it, and changes nothing."),
});

export const isPreview = ({ preview }: z.output<typeof PREVIEW>): boolean => preview === "true";

const Reach = z.enum(["none", "all", "own", "some"]);
const Line = z.object({
  organizationId: z.uuid(),
  permission: z.string(),
  difference: z.enum(["gained", "lost", "wider", "narrower", "otherwise"]),
  before: Reach,
  after: Reach,
});
const Counts = z.object({
  gained: z.int(),
  lost: z.int(),
  wider: z.int(),
  narrower: z.int(),
  otherwise: z.int(),
});

/** What the change would do. */
export const PREVIEWABLE = z.object({
  preview: z.literal(true),
  people: z.int().describe("For whom anything differs, each counted once, wherever they are."),
  gaining: z.int(),
  losing: z.int(),
  otherwise: z.int(),
  permissions: z.array(z.object({ permission: z.string(), people: Counts })),
  named: z
    .array(
      z.object({
        id: z.uuid(),
        name: z.string().nullable(),
        email: z.string(),
        lines: z.array(Line),
      }),
    )
    .describe("At most 50, of the caller's organization, as far as the caller may see people."),
  unnamed: z.int(),
  services: z.int().describe("Service accounts for which anything differs."),
  namedServices: z
    .array(z.object({ clientId: z.string(), name: z.string(), lines: z.array(Line) }))
    .describe("Those of them whose own roles the change writes."),
  sessions: z.int().describe("Live sessions of these people, where it differs."),
  ended: z.int().describe("Live sessions that the change would end at once."),
  own: z.array(Line).describe("What differs for the caller."),
  foretold: z
    .object({
      code: z.enum(["last_administrator", "confirmation_required", "duty_conflict"]),
      lost: z.array(z.string()).describe("Permissions that the caller would lose."),
    })
    .nullable()
    .describe(
      "The problem that the change would be answered with now; of an invitation, whoever accepts it.",
    ),
  waiting: z
    .array(
      z.object({
        kind: z.string().describe("Such as access-requests."),
        touched: z
          .int()
          .describe(
            "For a role that gives something else, or of somebody for whom something differs; none of what one person alone is asked, such as access-reviews.",
          ),
        over: z.int().describe("Of those, how many would wait no longer."),
        fewerAnswer: z.int().describe("Somebody could answer these who no longer could."),
      }),
    )
    .describe("What waits for an answer and is touched, in whatever organization."),
});

/** The codes of the problems that a save is answered with. */
const FORETOLD = {
  "last-administrator": "last_administrator",
  "confirmation-required": "confirmation_required",
  "duty-conflict": "duty_conflict",
} as const;

const lineOf = ({ permissionKey, ...line }: Impact["own"][number]): z.infer<typeof Line> => ({
  ...line,
  permission: permissionKey,
});

/** 200 with the impact. */
export function previewReply({
  named,
  namedServices,
  own,
  foretold,
  waiting,
  permissions,
  ...counts
}: Impact): Reply {
  const told: z.infer<typeof PREVIEWABLE> = {
    preview: true,
    ...counts,
    permissions: permissions.map(({ key, counts: people }) => ({ permission: key, people })),
    named: named.map(({ lines, ...person }) => ({ ...person, lines: lines.map(lineOf) })),
    namedServices: namedServices.map(({ lines, ...service }) => ({
      ...service,
      lines: lines.map(lineOf),
    })),
    own: own.map(lineOf),
    foretold: foretold && {
      code: FORETOLD[foretold.reason],
      lost: foretold.reason === "confirmation-required" ? foretold.lost : [],
    },
    waiting: waiting.map(({ key: kind, ...numbers }) => ({ kind, ...numbers })),
  };
  return jsonReply(200, told);
}
