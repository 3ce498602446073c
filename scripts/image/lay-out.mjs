import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { buildProgram } from "../setup/build-program.mjs";
import { SetupFailure } from "../setup/failure.mjs";
import { inRoot } from "../setup/paths.mjs";
import { postgresBinaries } from "../setup/postgres-binaries.mjs";
import { neededFiles } from "./needed-files.mjs";

/**
 * Builds the program and copies what it needs to run into a folder that is empty or not there.
 * @param {string} folder
 */
export async function layOut(folder) {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new SetupFailure(`${folder} is not empty.`);
  }
  await buildProgram();
  // Its links are made here, as nothing can be written where the image runs.
  postgresBinaries(undefined);
  for (const file of await neededFiles()) {
    copy(inRoot(file), path.join(folder, file));
  }
  // What npm leaves at the end of an install: there is nothing more to install here.
  writeFileSync(path.join(folder, "node_modules/.package-lock.json"), '{"packages":{}}\n');
}

/**
 * A link stays the link that it is: Next finds packages by links of its own.
 * @param {string} source
 * @param {string} target
 */
function copy(source, target) {
  mkdirSync(path.dirname(target), { recursive: true });
  if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
  else copyFileSync(source, target);
}
