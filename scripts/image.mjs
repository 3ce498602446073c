// Lays out in a folder what the built program needs to run, and nothing else: `node scripts/image.mjs <folder>`.
import path from "node:path";
import { layOut } from "./image/lay-out.mjs";
import { reportFailure, SetupFailure } from "./setup/failure.mjs";
import { step } from "./setup/progress.mjs";

const [folder] = process.argv.slice(2);
try {
  if (!folder) throw new SetupFailure("Which folder? `node scripts/image.mjs <folder>`");
  await step("Laying out the program", () => layOut(path.resolve(folder)));
} catch (error) {
  process.exitCode = reportFailure(error);
}
