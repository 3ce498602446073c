import { z } from "zod";

export const AcceptForm = z.object({ token: z.string().max(100) });

/** On the way to who may accept: by signing in, by signing up, or with another account. */
export const ContinueForm = AcceptForm.extend({
  by: z.enum(["sign-in", "sign-up", "account"]),
});
