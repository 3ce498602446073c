// Builds the program for production unless the build is current.
import { buildProgram } from "./setup/build-program.mjs";
import { reportFailure } from "./setup/failure.mjs";
import { step } from "./setup/progress.mjs";

try {
  await step("Building", (note) => buildProgram(note));
} catch (error) {
  process.exitCode = reportFailure(error);
}
