import * as tf from '@tensorflow/tfjs'
import { loadDigits } from './digits'
import { train } from './train'

const rows = document.querySelector<HTMLElement>('#epochs')!
const status = document.querySelector<HTMLElement>('#status')!

try {
  // ?backend=cpu chooses; the default is the fastest there is.
  const backend = new URLSearchParams(location.search).get('backend')
  if (backend && !(await tf.setBackend(backend))) throw new Error(`this browser has no backend ${backend}`)
  await tf.ready()
  const digits = await loadDigits(500)
  status.textContent = `training by ${tf.getBackend()} …`
  let epoch = 0
  for await (const { loss, accuracy } of train(digits.train, digits.test, 5)) {
    const row = rows.appendChild(document.createElement('tr'))
    for (const text of [String(++epoch), loss.toFixed(3), `${(100 * accuracy).toFixed(1)} %`]) {
      row.appendChild(document.createElement('td')).textContent = text
    }
  }
  status.textContent = `trained by ${tf.getBackend()}`
} catch (error) {
  status.textContent = String(error)
  throw error
}
