import { extract, type Header } from 'tar-stream'

/** tar-stream 3 says where the content begins; its types do not. */
export type TarHeader = Header & { byteOffset: number }

export interface HeaderParser {
  /** Resolves, once the bytes are taken in, to the header of the entry that they complete, if they do. */
  write(bytes: Buffer): Promise<TarHeader | undefined>
  close(): void
}

/** tar-stream, which knows long names, pax headers and large sizes, as a function of block after block. */
export function headerParser(): HeaderParser {
  // Every write fills it: each is answered by a `drain` of its own.
  const parser = extract({ highWaterMark: 1 } as object)
  let found: TarHeader | undefined
  let failure: unknown
  parser.on('error', (error) => {
    failure ??= error
  })
  parser.on('entry', (header, stream, next) => {
    found = header as TarHeader
    stream.on('error', () => {})
    stream.resume()
    next()
  })
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        found = undefined
        const answer = () => {
          parser.off('drain', answer).off('close', answer)
          if (failure === undefined) resolve(found)
          else reject(failure)
        }
        parser.on('drain', answer).on('close', answer)
        parser.write(bytes)
      }),
    close: () => parser.destroy(),
  }
}
