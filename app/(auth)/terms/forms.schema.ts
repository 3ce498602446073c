import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";

/** As many documents as there are; each is named with the digest of what was shown. */
const SHOWN_MAX = 10;

const Shown = z.object({ id: Id, digest: z.string() });

const shownIn = (text: string) =>
  text
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => {
      const [id = "", digest = ""] = part.split(".");
      return { id, digest };
    });

export const AcceptForm = z.object({
  shown: z.string().default("").transform(shownIn).pipe(z.array(Shown).max(SHOWN_MAX)),
  returnTo: z.string().default(""),
});
