import { expect, test } from 'vitest'
import { classesAsCsv, worstClasses } from './class-report'
import type { Prediction } from './evaluate'
import { figuresOfClasses } from './figures-of-classes'

const names = ['ape', 'bear', 'cat', 'dog', 'elk', 'fox', 'goat, or "kid"']

/** A prediction of a picture of `label`; `classes` are the answers, the first one first. */
const predicted = (label: number, ...classes: number[]): Prediction => ({
  ...{ index: 0, label, classes, probabilities: classes.map(() => 0.2), loss: 1 },
})

const predictions = [
  // Apes: one right, one second of five, two taken for a dog, one for a cat.
  predicted(0, 0, 1, 2, 3, 4),
  predicted(0, 3, 0, 2, 1, 4),
  predicted(0, 3, 1, 2, 4, 5),
  predicted(0, 2, 0, 1, 3, 4),
  // Bears: taken for a goat and for an ape, as often.
  predicted(1, 6, 2, 3, 4, 5),
  predicted(1, 0, 1, 2, 3, 4),
  // Foxes: always right.
  predicted(5, 5, 0, 1, 2, 3),
]

test('figuresOfClasses(predictions, classes) counts for each class what it was taken for', () => {
  const figures = figuresOfClasses(predictions, names)
  expect(figures.map(({ name }) => name)).toEqual(names)
  expect(figures[0]).toEqual({ name: 'ape', images: 4, right: 1, amongFive: 3, takenFor: 'dog' })
  // Of several the first in the order of classes.
  expect(figures[1]).toEqual({ name: 'bear', images: 2, right: 0, amongFive: 1, takenFor: 'ape' })
  expect(figures[2]).toEqual({ name: 'cat', images: 0, right: 0, amongFive: 0, takenFor: undefined })
  expect(figures[5]).toEqual({ name: 'fox', images: 1, right: 1, amongFive: 1, takenFor: undefined })
})

test('classesAsCsv(figures) is RFC 4180: CR LF, and quotes around what has a comma or a quote in it', () => {
  const figures = figuresOfClasses([...predictions, predicted(6, 0, 6, 1, 2, 3)], names)
  expect(classesAsCsv(figures).split('\r\n')).toEqual([
    'class,images,right,top-1,top-5,most often taken for',
    'ape,4,1,0.2500,0.7500,dog',
    'bear,2,0,0.0000,0.5000,ape',
    'cat,0,0,,,',
    'dog,0,0,,,',
    'elk,0,0,,,',
    'fox,1,1,1.0000,1.0000,',
    '"goat, or ""kid""",1,0,0.0000,1.0000,ape',
    '',
  ])
})

test('worstClasses(figures, count) lists those with mistakes, the worst first', () => {
  expect(worstClasses(figuresOfClasses(predictions, names))).toEqual([
    'worst classes   right  most often taken for',
    'bear           0 of 2  ape',
    'ape            1 of 4  dog',
  ])
  expect(worstClasses(figuresOfClasses(predictions, names), 1)).toHaveLength(2)
  expect(worstClasses(figuresOfClasses(predictions.slice(-1), names))).toEqual([])
})
