/** The weights of `tools/oracles/timm-export.py`: a hash of the tensor's torch name and the position in it. */
export function hashedWeights(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((a, b) => a * b)
  if (shape.length > 1) {
    const limit = Math.sqrt((6 * shape[0]!) / size)
    return hash(name, size, (u) => (2 * u - 1) * limit)
  }
  return hash(name, size, /(weight|running_var)$/.test(name) ? (u) => u + 0.5 : (u) => (2 * u - 1) * 0.1)
}

/** The same, but for biases, with every ReLU far from its kink: `clear_of_kinks` of `tools/oracles/resnet.py`. */
export function clearOfKinks(name: string, shape: readonly number[], depth: number): Float32Array {
  const values = hashedWeights(name, shape)
  if (name === 'fc.weight') return values.map((value) => 0.05 * value)
  if (name === 'fc.bias' || !name.endsWith('bias')) return values
  const upper = name.includes(depth < 50 ? 'bn2' : 'bn3') || name.includes('downsample')
  const gamma = hashedWeights(name.replace('bias', 'weight'), shape)
  return gamma.map((value, i) => (upper || values[i]! > 0 ? 5 : -5) * value)
}

/** Numbers in [0, 1), mapped: murmur3's finalizer of position · golden ratio + FNV-1a of the name. */
export function hash(name: string, size: number, map: (u: number) => number): Float32Array {
  let seed = 0x811c9dc5
  for (const character of name) seed = Math.imul(seed ^ character.charCodeAt(0), 0x01000193)
  const values = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + seed) | 0
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    values[i] = map(((x ^ (x >>> 16)) >>> 0) / 2 ** 32)
  }
  return values
}
