import { resolve } from 'node:path'
import type { Command } from '../command-line'
import { UsageError } from '../errors'
import { checkOutFile } from '../out-file'
import { architectureName, findArchitecture } from '../weights/architectures'
import { importWeights } from '../weights/import-weights'

export const importCommand: Command = {
  name: 'import',
  usage: 'FILE --arch NAME --out FILE',
  summary: 'checks weights of torchvision or timm, in safetensors, and makes them weights to begin with',
  takesWords: true,
  flags: {
    arch: { hint: 'NAME', help: "timm's name: resnet18d, resnet50 (also torchvision's), resnet50c, resnet101d, ..." },
    out: { hint: 'FILE', help: 'safetensors in float32; give it to train as --init' },
  },
  async run(flags, words) {
    const [arch, out] = [flags.arch as string | undefined, flags.out as string | undefined]
    const [file] = words
    if (file === undefined || words.length > 1 || arch === undefined || out === undefined) {
      throw new UsageError('import needs one FILE, --arch NAME and --out FILE')
    }
    const architecture = findArchitecture(arch, '--arch')
    checkOutFile(out, '--out')
    if (resolve(file) === resolve(out)) throw new UsageError('--out must be another file than the one that is read')
    const { classes, tensors } = await importWeights(file, { architecture, out })
    const { depth, variant } = architecture
    console.log(`${out}: ${architectureName(architecture)}, ${classes} classes, ${tensors} tensors`)
    console.log(
      `pnpm imagenet train --init ${out} --head reset --set model.depth=${depth} --set model.variant=${variant} --data DIR …`,
    )
    return 0
  },
}
