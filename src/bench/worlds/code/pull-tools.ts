import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const REF = {
  type: 'object',
  properties: { branch: { type: 'string' }, sha: { type: 'string' } },
  required: ['branch', 'sha'],
}

export const GET_PULL_REQUEST: Definition = {
  name: 'get_pull_request',
  description:
    'Get a pull request: its branches, reviews, checks, size, the issues that it closes, and who merged it with which commit.',
  inputSchema: {
    type: 'object',
    properties: { number: { type: 'integer', description: 'Number of the pull request' } },
    required: ['number'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      number: { type: 'integer' },
      title: { type: 'string' },
      body: { type: 'string' },
      state: { type: 'string', enum: ['open', 'merged', 'closed'] },
      draft: { type: 'boolean' },
      author: { type: 'string' },
      head: REF,
      base: REF,
      mergeable: { type: 'boolean' },
      checks: {
        type: 'object',
        properties: {
          passed: { type: 'integer' },
          failed: { type: 'integer' },
          pending: { type: 'integer' },
        },
        required: ['passed', 'failed', 'pending'],
      },
      reviews: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            login: { type: 'string' },
            verdict: { type: 'string', enum: ['approved', 'changes_requested', 'pending'] },
            at: { type: ['string', 'null'] },
          },
          required: ['login', 'verdict', 'at'],
        },
      },
      additions: { type: 'integer' },
      deletions: { type: 'integer' },
      changedFiles: { type: 'integer' },
      commits: { type: 'integer' },
      closesIssues: { type: 'array', items: { type: 'integer' } },
      createdAt: { type: 'string' },
      mergedAt: { type: ['string', 'null'] },
      mergedBy: { type: ['string', 'null'] },
      mergeCommit: { type: ['string', 'null'] },
      url: { type: 'string' },
    },
    required: [
      'number',
      'title',
      'state',
      'author',
      'mergeable',
      'reviews',
      'additions',
      'deletions',
      'mergedBy',
      'mergeCommit',
    ],
  },
}

export const MERGE_PULL_REQUEST: Definition = {
  name: 'merge_pull_request',
  description:
    'Merge an open pull request into its base branch. Fails where it has conflicts, lacks an approval, where checks have not passed, or where the rules of the branch do not allow the method.',
  inputSchema: {
    type: 'object',
    properties: {
      number: { type: 'integer', description: 'Number of the pull request' },
      method: {
        type: 'string',
        enum: ['merge', 'squash', 'rebase'],
        default: 'merge',
        description: 'A merge commit, one commit for all, or the commits as they are on top of the base',
      },
      message: { type: 'string', description: 'Message of the commit; the title where it is left out' },
      expectedSha: { type: 'string', description: 'Merge only if the head is still this commit' },
      deleteBranch: { type: 'boolean', default: true },
    },
    required: ['number'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      number: { type: 'integer' },
      merged: { type: 'boolean' },
      method: { type: 'string' },
      mergeCommit: { type: 'string' },
      branchDeleted: { type: 'boolean' },
    },
    required: ['number', 'merged', 'method', 'mergeCommit'],
  },
}

export const COMPARE_COMMITS: Definition = {
  name: 'compare_commits',
  description:
    'Compare two tags, branches or commits: all commits that the second has and the first has not, oldest first, with authors and changed files.',
  inputSchema: {
    type: 'object',
    properties: {
      base: { type: 'string', description: 'Where to begin, for example v2.3.0' },
      head: { type: 'string', description: 'Where to end, for example v2.4.0' },
    },
    required: ['base', 'head'],
  },
}
