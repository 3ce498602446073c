const TICK_MS = 250;
const QUIET_TICK_MS = 10_000;
const TITLE_WIDTH = 34;
/** What a command prints of its preparation must not be noise when there was hardly any. */
const WHISPER_THRESHOLD_MS = 2_000;

/**
 * @typedef {(text: string) => void} Note says what a running step is at
 * @typedef {{ title: string, startedAt: number, note: string }} Running
 */

/** @type {NodeJS.WriteStream} */
let stream = process.stdout;
let thresholdMs = 0;

/** @type {Set<Running>} */
const running = new Set();
/** @type {NodeJS.Timeout | undefined} */
let ticker;

/** From now on to stderr, and only steps that take long: stdout belongs to somebody else. */
export function whisper() {
  stream = process.stderr;
  thresholdMs = WHISPER_THRESHOLD_MS;
}

/**
 * Runs a step and prints its name and time when it is done. While it runs it
 * shows that it lives: as a ticking line on a terminal, else as a line every
 * ten seconds. Steps may run side by side.
 * @template T
 * @param {string} title
 * @param {(note: Note) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const entry = { title, startedAt: performance.now(), note: "" };
  running.add(entry);
  ticker ??= setInterval(tick, stream.isTTY ? TICK_MS : QUIET_TICK_MS);
  let mark = "✗";
  try {
    const result = await work((text) => {
      entry.note = text;
    });
    mark = "✓";
    return result;
  } finally {
    running.delete(entry);
    if (running.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
    const took = performance.now() - entry.startedAt;
    if (took >= thresholdMs)
      print(`${mark} ${title.padEnd(TITLE_WIDTH)} ${seconds(took).padStart(8)}`);
  }
}

/** Prints a line above what ticks. @param {string} line */
export function print(line) {
  stream.write(`${stream.isTTY ? "\r\u001B[K" : ""}${line}\n`);
}

function tick() {
  const now = [...running].map(({ title, note, startedAt }) => {
    const detail = note ? ` (${note})` : "";
    return `${title}${detail} ${seconds(performance.now() - startedAt)}`;
  });
  const line = `… ${now.join(" · ")}`;
  if (stream.isTTY) stream.write(`\r\u001B[K${line.slice(0, (stream.columns || 80) - 1)}`);
  else stream.write(`${line}\n`);
}

/** @param {number} milliseconds */
const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(1)} s`;
