import { z } from "zod";

/** The shape of every id. What has another shape exists as little as an unused id does. */
export const Id = z.uuid();

export const isId = (text: string): boolean => Id.safeParse(text).success;
