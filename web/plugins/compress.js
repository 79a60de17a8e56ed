import { promisify } from 'node:util';
import zlib from 'node:zlib';

// Phones on slow networks fetch these once: they are compressed as hard as it goes, here and never again.
const ENDINGS = /\.(js|css|svg)$/;
const SMALLEST = 1024;

const squeezed = promisify(zlib.brotliCompress);
const zipped = promisify(zlib.gzip);
const brotli = bytes => squeezed(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } });
const gzip = bytes => zipped(bytes, { level: 9 });

/** A `.br` and a `.gz` twin beside every text file of the build. */
export default function compress() {
  return {
    name: 'compress',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(options, bundle) {
        await Promise.all(Object.values(bundle).map(async file => {
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          if (!ENDINGS.test(file.fileName) || bytes.length < SMALLEST) return;
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: await brotli(bytes) });
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: await gzip(bytes) });
        }));
      }
    }
  };
}
