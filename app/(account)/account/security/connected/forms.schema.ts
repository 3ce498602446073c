import { z } from "zod";

export const LinkIdentityForm = z.object({ provider: z.string().max(100) });

export const IdentityForm = z.object({ identityId: z.uuid() });
