/**
 * A problem that the person at the keyboard can mend. It is shown as its
 * message alone: a stack trace would bury the sentence that says what to do.
 */
export class SetupFailure extends Error {
  /**
   * @param {string} message what is wrong, and what to do about it
   * @param {{ exitCode?: number, cause?: unknown }} [options]
   */
  constructor(message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = "SetupFailure";
    this.exitCode = exitCode;
  }
}

/** sysexits.h EX_CONFIG: the configuration is unusable. */
export const EXIT_CONFIGURATION = 78;

const NO_SPACE = "The disk is full. Free some space and start again; nothing acknowledged is lost.";
const DENIED = ["EACCES", "EPERM", "EROFS"];
const UNWRITABLE = "cannot be written by this user. Change its owner, or start as its owner";

/**
 * Prints one message for any error and returns the exit code that belongs to it.
 * An unforeseen error keeps its stack: it is a defect, and the stack is the report.
 * @param {unknown} error
 */
export function reportFailure(error) {
  if (error instanceof SetupFailure) {
    process.stderr.write(`\n${error.message}\n`);
    return error.exitCode;
  }
  if (isErrno(error, "ENOSPC") || isErrno(error, "EDQUOT")) {
    process.stderr.write(`\n${NO_SPACE}\n`);
    return 1;
  }
  const denied = DENIED.find((code) => isErrno(error, code));
  if (denied && error instanceof Error && "path" in error) {
    process.stderr.write(`\n${String(error.path)} ${UNWRITABLE} (${denied}).\n`);
    return 1;
  }
  process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {error is NodeJS.ErrnoException}
 */
export function isErrno(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
