import { expect, test } from 'vitest'
import { override } from './recipe'
import { baseline } from './recipes/baseline'
import { efficient } from './recipes/efficient'
import { milestonesBeyond } from './schedule'

// The rate falls after epochs 30, 60 and 90; those of warmup are among them.
test.each([
  [baseline, [], undefined],
  [baseline, ['epochs=91'], undefined],
  [baseline, ['epochs=90'], 'does not fall after epoch 90: this run has 90'],
  [baseline, ['epochs=30'], 'does not fall after epoch 30, 60, 90: this run has 30'],
  [efficient, ['epochs=91'], undefined],
  [efficient, ['epochs=90'], 'does not fall after epoch 90: this run has 90'],
  [efficient, ['epochs=30', 'rate.schedule=cosine'], undefined],
  // A trial of twenty steps is not meant to come so far.
  [baseline, ['epochs=30', 'steps=20'], undefined],
])(
  'milestonesBeyond(recipe) names the milestones that a short run does not reach: %#',
  (recipe, settings, expected) => {
    const found = milestonesBeyond(override(recipe, settings))
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(expected)
  },
)
