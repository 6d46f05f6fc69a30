import { extract, type Header } from 'tar-stream'
import { DatasetError } from '../errors'
import type { ReadableFile } from '../readable-file'

/** A file in a tar file. */
export interface TarEntry {
  /** With slashes, `./` before it left out. */
  name: string
  /** Where its content begins, and how long it is. */
  offset: number
  length: number
}

const block = 512
/** Stands for content: nobody looks at it. */
const zeros = Buffer.alloc(2 ** 20)

/**
 * Lists the files of a tar file, whose content is not read: tar-stream, which knows the headers, is given zeros in its
 * place. Entries that are neither files nor folders, and names that lead elsewhere, are refused.
 */
export async function tarEntries(file: ReadableFile): Promise<TarEntry[]> {
  refuseCompressed(file)
  const entries: TarEntry[] = []
  const names = new Set<string>()
  const parser = feed((header) => {
    const entry = checked(header, file)
    if (entry === undefined) return
    if (names.has(entry.name)) throw new DatasetError(`${file.name} has ${entry.name} twice: make it anew`)
    names.add(entry.name)
    entries.push(entry)
  })
  let position = 0
  try {
    while (position < file.size) {
      const content = await parser.write(file.read(position, Math.min(block, file.size - position)))
      position += block
      for (let left = Math.ceil(content / block) * block; left > 0; left -= zeros.length) {
        await parser.write(zeros.subarray(0, Math.min(left, zeros.length)))
        position += Math.min(left, zeros.length)
      }
    }
    return entries
  } catch (error) {
    if (error instanceof DatasetError) throw error
    const after = entries.at(-1)
    const place = after ? `after ${after.name}` : 'at its beginning'
    throw new DatasetError(`${file.name} is damaged ${place}: ${(error as Error).message}`, { cause: error })
  } finally {
    parser.close()
  }
}

interface Parser {
  /** Resolves, once the bytes are taken in, to the length of the content that comes next. */
  write(bytes: Buffer): Promise<number>
  close(): void
}

function feed(onHeader: (header: Header) => void): Parser {
  // Every write fills it: each is answered by a `drain` of its own.
  const parser = extract({ highWaterMark: 1 } as object)
  let content = 0
  let failure: unknown
  parser.on('error', (error) => {
    failure ??= error
  })
  parser.on('entry', (header, stream, next) => {
    try {
      onHeader(header)
      content = header.type === 'directory' ? 0 : (header.size ?? 0)
    } catch (error) {
      failure = error
    }
    stream.on('error', () => {})
    stream.resume()
    next()
  })
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        content = 0
        const answer = () => {
          parser.off('drain', answer).off('close', answer)
          if (failure === undefined) resolve(content)
          else reject(failure)
        }
        parser.on('drain', answer).on('close', answer)
        parser.write(bytes)
      }),
    close: () => parser.destroy(),
  }
}

/** The entry of a header, undefined for a folder. */
function checked(header: Header, file: ReadableFile): TarEntry | undefined {
  const { type, size = 0 } = header
  const name = header.name.replace(/^(\.\/)+/, '')
  const refuse = (what: string) => new DatasetError(`${file.name} has an entry ${header.name} ${what}`)
  if (type === 'directory') return undefined
  if (type !== 'file' && type !== 'contiguous-file') {
    throw refuse(`that is no file but ${type ?? 'of an unknown kind'}: make it without`)
  }
  if (/^([/\\]|[a-z]:)|\\|\0|(^|\/)\.\.(\/|$)/i.test(name)) throw refuse('whose name leads out of it: do not trust it')
  // tar-stream 3 says where; its types do not.
  const { byteOffset: offset } = header as Header & { byteOffset: number }
  if (!Number.isSafeInteger(size) || offset + size > file.size) throw refuse('that is not all there: copy it again')
  return { name, offset, length: size }
}

function refuseCompressed(file: ReadableFile): void {
  const magic = file.read(0, Math.min(file.size, 6)).toString('hex')
  const kind = Object.entries({ gzip: '1f8b', zstd: '28b52ffd', bzip2: '425a68', xz: 'fd377a585a00' })
  const [name] = kind.find(([, start]) => magic.startsWith(start)) ?? []
  if (name === undefined) return
  throw new DatasetError(`${file.name} is compressed (${name}): unpack it once, pictures are picked out at random`)
}
