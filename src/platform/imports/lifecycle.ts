import { defineLifecycle } from '#kit/lifecycle'

export const importLifecycle = defineLifecycle('import', {
  states: {
    reading: 'Its rows come in and are kept; nothing has been looked at.',
    checking: 'Every row is checked; nothing is written yet.',
    applying: 'What its rows say is written, a few hundred at a time.',
    done: 'Everything that could be applied is applied.',
    checked: 'It was a dry run: all is checked, nothing was written.',
    refused: 'The file or rows of it have errors, so nothing was written.',
    cancelled: 'Stopped by a person; what was applied until then stays.',
    failed: 'A batch of it could not be done; it may be resumed.',
  },
  moves: {
    check: { from: ['reading'], to: 'checking', when: 'The last row has come in.' },
    apply: { from: ['checking'], to: 'applying', when: 'All rows are checked.' },
    finish: { from: ['applying'], to: 'done', when: 'The last row is written.' },
    report: { from: ['checking'], to: 'checked', when: 'A dry run has checked all rows.' },
    refuse: {
      from: ['reading', 'checking'],
      to: 'refused',
      when: 'The file cannot be read, or rows have errors.',
    },
    cancel: {
      from: ['reading', 'checking', 'applying'],
      to: 'cancelled',
      when: 'Staff stops it.',
    },
    fail: { from: ['checking', 'applying'], to: 'failed', when: 'A batch could not be done.' },
    recheck: { from: ['failed'], to: 'checking', when: 'Staff resumes it, with rows to check.' },
    reapply: { from: ['failed'], to: 'applying', when: 'Staff resumes it, with all rows checked.' },
  },
})

export type ImportStatus = (typeof importLifecycle.states)[number]

/** Nothing more will happen by itself. */
export const ENDED: readonly ImportStatus[] = ['done', 'checked', 'refused', 'cancelled', 'failed']
