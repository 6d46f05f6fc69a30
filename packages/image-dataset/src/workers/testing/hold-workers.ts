// Starts two workers, gives one something to do that never ends, and stays: for the test that kills it.
import { decodeWorkers, evaluationBatches, imageFolder } from '../../index'

const workers = decodeWorkers({ count: 2 })
const source = await imageFolder(process.argv[2]!)
const batches = evaluationBatches(source, { batch: source.length, transform: { size: 8, resize: 8 }, workers })
void batches.next()
setTimeout(() => console.log('holding'), 1500)
