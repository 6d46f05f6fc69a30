import { benchAllReduce } from './all-reduce/bench-all-reduce'
import { allReduceUsage, parseAllReduceOptions } from './all-reduce/options'
import { benchChart, chartUsage } from './chart/bench-chart'
import { parseFlags, UsageError } from './command-line'
import { benchCurves } from './curves/bench-curves'
import { curvesUsage, parseCurvesOptions } from './curves/options'
import { benchData } from './data/bench-data'
import { dataUsage, parseDataOptions } from './data/options'
import { benchGradients, gradientsUsage } from './gradients/bench-gradients'
import { benchGraph, graphUsage } from './graph-capture/run'
import { benchLeaks, leaksUsage, parseLeaksOptions } from './leaks/bench-leaks'
import { benchRanks } from './ranks/bench-ranks'
import { parseRanksOptions, ranksUsage } from './ranks/options'
import { benchRecipe } from './recipe/bench-recipe'
import { parseRecipeOptions, recipeUsage } from './recipe/options'
import { benchScaling, scalingUsage } from './scaling/bench-scaling'
import { benchStep } from './step/bench-step'
import { parseStepOptions, stepUsage } from './step/options'

const commands: Record<string, { usage: string; run(args: string[]): void | Promise<void> }> = {
  step: { usage: stepUsage, run: (args) => benchStep(parseStepOptions(args)) },
  data: { usage: dataUsage, run: (args) => benchData(parseDataOptions(args)) },
  'all-reduce': { usage: allReduceUsage, run: (args) => benchAllReduce(parseAllReduceOptions(args)) },
  ranks: { usage: ranksUsage, run: (args) => benchRanks(parseRanksOptions(args)) },
  scaling: { usage: scalingUsage, run: benchScaling },
  recipe: { usage: recipeUsage, run: (args) => benchRecipe(parseRecipeOptions(args)) },
  chart: {
    usage: chartUsage,
    run(args) {
      parseFlags(args, {})
      benchChart()
    },
  },
  curves: { usage: curvesUsage, run: (args) => benchCurves(parseCurvesOptions(args)) },
  gradients: {
    usage: gradientsUsage,
    run(args) {
      parseFlags(args, {})
      return benchGradients()
    },
  },
  leaks: { usage: leaksUsage, run: (args) => benchLeaks(parseLeaksOptions(args)) },
  graph: {
    usage: graphUsage,
    run: (args) => benchGraph(parseFlags(args, { resnet50: { type: 'boolean', default: false } })),
  },
}
const usage = Object.values(commands)
  .map((command) => command.usage)
  .join('\n\n')

try {
  await main(process.argv.slice(2))
} catch (error) {
  // By name: those of examples/imagenet are classes of their own.
  const { name, message, stack } = error as Error
  console.error(`bench: ${['UsageError', 'BenchError', 'RunError'].includes(name) ? message : (stack ?? error)}`)
  process.exitCode = name === 'UsageError' ? 2 : 1
}

async function main([name, ...args]: string[]): Promise<void> {
  const command = name === undefined ? undefined : commands[name]
  if (name === '--help' || name === '-h') return console.log(usage)
  if (!command) throw new UsageError(`there is no benchmark ${name ?? 'without a name'}\n\n${usage}`)
  if (args.includes('--help') || args.includes('-h')) return console.log(command.usage)
  await command.run(args)
}
