import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);
const COMPRESSED = /\.(js|css)$/;

/**
 * Writes a `.br` beside every script and style sheet of a folder, as small as Brotli can. It takes
 * too long to be done for each request, and is done once for each build.
 * @param {string} folder
 */
export async function compressStatic(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile() || !COMPRESSED.test(file.name)) continue;
    const source = path.join(file.parentPath, file.name);
    const bytes = await readFile(source);
    const compressed = await compress(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    if (compressed.length < bytes.length) await writeFile(`${source}.br`, compressed);
  }
}
