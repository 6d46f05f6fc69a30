import { writeFileSync } from 'node:fs'
import { connect } from '@bag-of-tricks/all-reduce'
import { enableFastGradients } from '@bag-of-tricks/fast-gradients'
import * as tf from '@tensorflow/tfjs-node'
import { trainPart } from '../../../../../packages/fast-gradients/src/testing/train-part'

// train-part.ts COUNTS FILE: trains a batch norm over ranks, each of which has so many of the pictures.

enableFastGradients(tf)
const [counts, file] = process.argv.slice(2)
const ranks = await connect()
writeFileSync(`${file}${ranks.rank}`, JSON.stringify(trainPart(ranks, JSON.parse(counts!))))
await ranks.close()
