import type { RawImage } from '@bag-of-tricks/image-dataset/pixels'

type Point = [x: number, y: number]

/** Lets one draw in white on a black canvas; each stroke that ends hands on the whole, in grey. Gives what clears it. */
export function drawingPad(canvas: HTMLCanvasElement, onDrawn: (drawing: RawImage) => void): () => void {
  const { width, height } = canvas
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  Object.assign(context, { lineCap: 'round', lineJoin: 'round', lineWidth: width / 13, strokeStyle: '#fff' })
  const clear = () => context.fillRect(0, 0, width, height)
  clear()

  let last: Point = [0, 0]
  const at = ({ clientX, clientY }: PointerEvent): Point => {
    const box = canvas.getBoundingClientRect()
    return [((clientX - box.left) * width) / box.width, ((clientY - box.top) * height) / box.height]
  }
  const lineTo = (point: Point) => {
    context.beginPath()
    context.moveTo(...last)
    context.lineTo(...point)
    context.stroke()
    last = point
  }
  canvas.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary || event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    last = at(event)
    // To itself: a dot.
    lineTo(last)
  })
  canvas.addEventListener('pointermove', (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) lineTo(at(event))
  })
  canvas.addEventListener('lostpointercapture', () => onDrawn(greyOf(context.getImageData(0, 0, width, height))))
  return clear
}

function greyOf({ data, width, height }: ImageData): RawImage {
  const grey = Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]!)
  return { data: grey, width, height, channels: 1 }
}
