import type { Answer } from './network'
import type { Guess } from './rank'

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T

/** Below this, each pixel of what the network sees is shown as a square. */
const small = 96

/** Shows what the network saw and what it takes that for. */
export function showAnswer({ seen, size, guesses }: Answer): void {
  showSeen(byId<HTMLCanvasElement>('seen'), seen, size)
  byId('seen-size').textContent = `${size} × ${size} pixels`
  byId('ranking').replaceChildren(...guesses.map(row))
  byId('result').hidden = false
}

/** Takes the answer away. */
export function hideAnswer(): void {
  byId('result').hidden = true
}

/** Says one sentence, to screen readers too. */
export function say(message: string): void {
  byId('status').textContent = message
}

export function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)} %`
}

function row({ name, probability }: Guess): HTMLElement {
  const item = document.createElement('li')
  const [label, figure, bar] = ['span', 'data', 'span'].map((tag) => document.createElement(tag))
  label!.className = 'name'
  label!.textContent = name
  ;(figure as HTMLDataElement).value = String(probability)
  figure!.textContent = percent(probability)
  bar!.className = 'bar'
  bar!.style.setProperty('--share', String(probability))
  item.append(label!, ' ', figure!, bar!)
  return item
}

function showSeen(canvas: HTMLCanvasElement, rgb: Uint8ClampedArray, size: number): void {
  canvas.width = canvas.height = size
  canvas.classList.toggle('small', size < small)
  const pixels = new ImageData(size, size)
  for (let i = 0; i < size ** 2; i++) pixels.data.set([...rgb.subarray(3 * i, 3 * i + 3), 255], 4 * i)
  canvas.getContext('2d')!.putImageData(pixels, 0, 0)
}
