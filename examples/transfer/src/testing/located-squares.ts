import { randomOfStep } from '@bag-of-tricks/example-imagenet'
import type { LocatedPicture } from '../boxes/located-pictures'

/** Grey pictures with a white square, 12 to 20 pixels wide, somewhere in them. */
export function locatedSquares(count: number, size = 32, seed = 0): LocatedPicture[] {
  const random = randomOfStep(seed, 0)
  const below = (n: number) => Math.floor(n * random())
  return Array.from({ length: count }, () => {
    const side = 12 + below(9)
    const [left, top] = [below(size - side + 1), below(size - side + 1)]
    const pixels = new Uint8Array(size * size * 3).fill(100)
    for (let row = top; row < top + side; row++) {
      pixels.fill(255, 3 * (row * size + left), 3 * (row * size + left + side))
    }
    return { pixels, box: [(left + side / 2) / size, (top + side / 2) / size, side / size, side / size] }
  })
}
