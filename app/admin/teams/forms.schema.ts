import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { Id } from "@/lib/shared/id.schema";
import { TeamDescription, TeamName } from "@/lib/teams/team.schema";

const Confirm = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** What is changed, as it was read, and whether its author accepts to lose something by it. */
const ExistingTeam = z.object({
  id: Id,
  version: z.coerce.number<string>().int().min(1).max(999_999_999),
  confirm: Confirm,
});

/** Empty is the top. */
const ParentId = z
  .union([Id, z.literal("")])
  .optional()
  .transform((id) => id || null);

export const NewTeamForm = z.object({
  name: TeamName,
  description: TeamDescription,
  parentId: ParentId,
});

export const DescribeTeamForm = ExistingTeam.extend({
  name: TeamName,
  description: TeamDescription,
});

export const MoveTeamForm = ExistingTeam.extend(PreviewIntent.shape).extend({ parentId: ParentId });

export const DeleteTeamForm = ExistingTeam.extend(PreviewIntent.shape);

export const AddMemberForm = PreviewIntent.extend({
  id: Id,
  email: z.string().trim().min(1, "Enter an email address.").max(320, "Enter an email address."),
});

export const RemoveMemberForm = PreviewIntent.extend({ id: Id, userId: Id, confirm: Confirm });

/** A day as `<input type="date">` has it; the role is there until that day is over, in UTC. */
const Until = z
  .union([z.iso.date("Enter a day such as 2027-01-31."), z.literal("")])
  .optional()
  .transform((day) => (day ? new Date(`${day}T23:59:59.999Z`) : null));

export const GiveRoleForm = PreviewIntent.extend({
  id: Id,
  roleId: z.union([Id, z.literal("")]).refine((id) => id !== "", "Choose a role."),
  until: Until,
});

export const TakeRoleForm = PreviewIntent.extend({ id: Id, roleId: Id, confirm: Confirm });
