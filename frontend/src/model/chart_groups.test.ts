import { expect, test } from 'vitest'
import { grouped, isMonitoring, lineOf, splitOf } from './chart_groups'

test('train and validation of one tag are one chart', () => {
  expect(grouped(['lr', 'train/epoch_loss', 'validation/epoch_loss', 'val_loss'])).toEqual([
    { title: 'lr', labels: ['lr'] },
    { title: 'epoch_loss', labels: ['train/epoch_loss', 'validation/epoch_loss'] },
    { title: 'val_loss', labels: ['val_loss'] },
  ])
})

test('so are those that frameworks name with underscores', () => {
  expect(grouped(['train_acc', 'train_loss_epoch', 'train_loss_step', 'val_acc', 'val_loss'])).toEqual([
    { title: 'acc', labels: ['train_acc', 'val_acc'] },
    { title: 'loss', labels: ['train_loss_epoch', 'val_loss'] },
    { title: 'train_loss_step', labels: ['train_loss_step'] },
  ])
  expect(
    grouped(['Loss_train/Loss', 'Loss_validation/Loss', 'losses/train/losses', 'losses/validation/losses']),
  ).toEqual([
    { title: 'Loss', labels: ['Loss_train/Loss', 'Loss_validation/Loss'] },
    { title: 'losses', labels: ['losses/train/losses', 'losses/validation/losses'] },
  ])
})

test('a line is called by its split where that tells it from the others', () => {
  const labels = ['train_loss', 'train_loss_epoch', 'val_loss', 'loss']
  expect(labels.map((label) => lineOf(label, labels))).toEqual(['train_loss', 'train_loss_epoch', 'val', 'loss'])
})

test('a split is a part of the name, or a word at an end of one', () => {
  const labels = ['train/loss', 'loss/eval', 'training_loss', 'retrain_loss', 'trainable', '']
  expect(labels.map(splitOf)).toEqual(['train', 'eval', 'training', '', '', ''])
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
