const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** Reads width and height, in pixels, from the head of a PNG file. */
export function sizeOfPng(png: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) {
    throw new TypeError(
      `png must hold a PNG file, got ${bytes.length} bytes that begin with ${bytes.toString('hex', 0, 8)}`,
    )
  }
  // Its first chunk, after length and name.
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}
