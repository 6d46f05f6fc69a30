import type { RawImage } from '@bag-of-tricks/image-dataset/pixels'
import { asDigit } from './as-digit'
import { decode } from './decode'
import { drawingPad } from './drawing-pad'
import { loadNetwork } from './network'
import { hideAnswer, percent, say, showAnswer } from './show-answer'
import { takeFiles } from './take-files'

const progress = document.querySelector<HTMLProgressElement>('#loading')!
const pad = document.querySelector<HTMLCanvasElement>('#pad')
const ready = pad ? 'Ready: draw something, or give it a picture.' : 'Ready: give it a picture.'

/** What is to be answered; what came before it need not be any more. */
let newest: object | undefined

say('Loading the network …')
const network = loadNetwork((share) => {
  progress.value = share
})
network
  .then(
    () => newest ?? say(ready),
    (error) => say(explain(error)),
  )
  .finally(() => progress.remove())

takeFiles(
  document.querySelector<HTMLInputElement>('#file')!,
  (file) => look(() => decode(file)),
  (message) => say(message),
)
if (pad) {
  const clear = drawingPad(pad, (drawing) => {
    const digit = asDigit(drawing)
    if (digit) look(async () => digit)
  })
  document.querySelector('#clear')!.addEventListener('click', () => {
    clear()
    newest = undefined
    hideAnswer()
    network.then(
      () => say(ready),
      () => {},
    )
  })
}

/** Answers for a picture, unless another one comes meanwhile. */
async function look(read: () => Promise<RawImage>): Promise<void> {
  const mine = {}
  newest = mine
  try {
    const image = await read()
    const { answer } = await network
    if (newest !== mine) return
    const result = answer(image)
    showAnswer(result)
    say(`Most probably ${result.guesses[0]!.name}: ${percent(result.guesses[0]!.probability)}.`)
  } catch (error) {
    if (newest === mine) say(explain(error))
  }
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
