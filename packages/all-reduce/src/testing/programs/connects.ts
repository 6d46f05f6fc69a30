// Connects with the options of its argument, where RANK stands for the rank.
import { connect } from '../../connect'

const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? '0'
const warnings: string[] = []
try {
  const ranks = await connect({
    ...JSON.parse((process.argv[2] ?? '{}').replaceAll('RANK', rank)),
    warn: (sentence) => warnings.push(sentence),
  })
  console.log(JSON.stringify({ rank: ranks.rank, size: ranks.size, warnings }))
  await ranks.close()
} catch (error) {
  const { name, message } = error as Error
  console.log(JSON.stringify({ rank: Number(rank), name, message }))
  process.exitCode = 1
}
