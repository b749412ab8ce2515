import { expect, test } from 'vitest'
import { grouped, isMonitoring, splitOf } from './chart_groups'

test('train and validation of one tag are one chart', () => {
  expect(grouped(['lr', 'train/epoch_loss', 'validation/epoch_loss', 'val_loss'])).toEqual([
    { title: 'lr', labels: ['lr'] },
    { title: 'epoch_loss', labels: ['train/epoch_loss', 'validation/epoch_loss'] },
    { title: 'val_loss', labels: ['val_loss'] },
  ])
})

test('a split is a whole part of the name', () => {
  expect([splitOf('train/loss'), splitOf('loss/eval'), splitOf('training_loss'), splitOf('')]).toEqual([
    'train',
    'eval',
    '',
    '',
  ])
  expect(grouped(['train'])).toEqual([{ title: 'train', labels: ['train'] }])
})

test('what machines did is told apart by the beginning of its name', () => {
  const labels = [
    'system/cpu',
    'train/system/gpu.0',
    'sys/ram',
    'monitoring/disk',
    'train/loss',
    'system',
    'ecosystem/x',
    'a/system/x',
  ]
  expect(labels.filter(isMonitoring)).toEqual(labels.slice(0, 4))
})
