/** A box in shares of its picture's width and height: where its middle is, and how large it is. */
export type Box = readonly [x: number, y: number, width: number, height: number]

export const wholePicture: Box = [0.5, 0.5, 1, 1]

/** The box a picture's mirror image has. */
export function mirrorBox([x, y, width, height]: Box): Box {
  return [1 - x, y, width, height]
}

/** The box that says no more than where objects mostly are. */
export function meanBox(boxes: readonly Box[]): Box {
  const mean = (side: 0 | 1 | 2 | 3) => boxes.reduce((sum, box) => sum + box[side], 0) / boxes.length
  return [mean(0), mean(1), mean(2), mean(3)]
}
