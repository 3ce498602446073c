import path from "node:path";
import { fileURLToPath } from "node:url";

// Not import.meta.dirname: the first steps run on whatever Node >= 20 is there.
/** The folder that holds package.json, wherever the command was started. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** @param {...string} parts */
export const inRoot = (...parts) => path.join(ROOT, ...parts);
