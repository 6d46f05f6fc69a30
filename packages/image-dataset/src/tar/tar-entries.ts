import { DatasetError } from '../errors'
import type { ReadableFile } from '../readable-file'
import { type HeaderParser, headerParser, type TarHeader } from './header-parser'
import { type TarEntry, tarEntry } from './tar-entry'

const block = 512
/** What tar writes at once, and so the zeros that may be in between where one archive was put after another. */
const record = 20 * block
/** Long names and pax headers before an entry; a few hundred bytes are usual. */
const mostHeader = 2 ** 20
/** Stands for content: nobody looks at it. */
const zeros = Buffer.alloc(2 ** 20)

/**
 * Lists the files of a tar file, whose content is not read: the parser is given zeros in its place. Entries that are
 * neither files nor folders, and names that lead elsewhere, are refused.
 */
export async function tarEntries(file: ReadableFile): Promise<TarEntry[]> {
  refuseCompressed(file)
  const entries = new Map<string, TarEntry>()
  const parser = headerParser()
  try {
    for (let position = 0; position < file.size; ) {
      const header = await nextHeader(file, position, parser)
      if (header === undefined) break
      const entry = tarEntry(header, file)
      if (entry) add(entries, entry, file)
      position = header.byteOffset + (await skipContent(header, parser))
    }
    return [...entries.values()]
  } catch (error) {
    if (error instanceof DatasetError) throw error
    const after = [...entries.keys()].at(-1)
    const place = after === undefined ? 'at its beginning' : `after ${after}`
    throw new DatasetError(`${file.name} is damaged ${place}: ${(error as Error).message}`, { cause: error })
  } finally {
    parser.close()
  }
}

/** Gives the parser one block after the other until it knows the entry; undefined at the end of the archive. */
async function nextHeader(file: ReadableFile, start: number, parser: HeaderParser): Promise<TarHeader | undefined> {
  for (let position = start; position - start <= mostHeader; position += block) {
    const bytes = part(file, position, block)
    if (position === start && isZero(bytes) && isZero(part(file, start + bytes.length, record - bytes.length)))
      return undefined
    if (bytes.length < block) throw new Error('the file ends in a header')
    const header = await parser.write(bytes)
    if (header === undefined) continue
    // tar-stream loses its place after a long name of no length.
    if (header.byteOffset === position + block) return header
    throw new Error('a header is not where it should be')
  }
  throw new Error(`a header takes more than ${mostHeader} bytes`)
}

/** Gives the parser zeros for the content of an entry; resolves to its length in blocks. */
async function skipContent({ type, size = 0 }: TarHeader, parser: HeaderParser): Promise<number> {
  const length = type === 'directory' ? 0 : Math.ceil(size / block) * block
  for (let left = length; left > 0; left -= zeros.length) {
    await parser.write(zeros.subarray(0, Math.min(left, zeros.length)))
  }
  return length
}

function add(entries: Map<string, TarEntry>, entry: TarEntry, file: ReadableFile): void {
  if (entries.has(entry.name)) throw new DatasetError(`${file.name} has ${entry.name} twice: make it anew`)
  entries.set(entry.name, entry)
}

/** As much of a stretch as the file has. */
function part(file: ReadableFile, offset: number, length: number): Buffer {
  return file.read(offset, Math.max(0, Math.min(length, file.size - offset)))
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

function refuseCompressed(file: ReadableFile): void {
  const magic = file.read(0, Math.min(file.size, 6)).toString('hex')
  const kind = Object.entries({ gzip: '1f8b', zstd: '28b52ffd', bzip2: '425a68', xz: 'fd377a585a00' })
  const [name] = kind.find(([, start]) => magic.startsWith(start)) ?? []
  if (name === undefined) return
  throw new DatasetError(`${file.name} is compressed (${name}): unpack it once, pictures are picked out at random`)
}
