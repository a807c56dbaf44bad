import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const SUMMARY = {
  type: 'object',
  properties: {
    number: { type: 'integer' },
    title: { type: 'string' },
    state: { type: 'string', enum: ['open', 'closed'] },
    stateReason: { type: ['string', 'null'] },
    labels: { type: 'array', items: { type: 'string' } },
    author: { type: 'string' },
    assignee: { type: ['string', 'null'] },
    milestone: { type: ['string', 'null'] },
    comments: { type: 'integer' },
    createdAt: { type: 'string' },
    updatedAt: { type: 'string' },
    url: { type: 'string' },
  },
  required: ['number', 'title', 'state', 'labels', 'author', 'assignee', 'milestone'],
}

export const LIST_ISSUES: Definition = {
  name: 'list_issues',
  description:
    'List issues of the repository, newest first. Filters are combined. The texts and comments of issues are not part of the list, use get_issue for those.',
  inputSchema: {
    type: 'object',
    properties: {
      state: { type: 'string', enum: ['open', 'closed', 'all'], default: 'open' },
      labels: {
        type: 'array',
        items: { type: 'string' },
        description: 'Only issues that have all of these labels',
      },
      assignee: { type: 'string', description: 'Login of a member, or "none" for issues without one' },
      milestone: { type: 'string', description: 'Title of a milestone, for example "2.4"' },
      query: { type: 'string', description: 'Words that must be in the title' },
      limit: { type: 'integer', minimum: 1, default: 30, description: 'Issues per page, at most 50' },
      cursor: { type: 'string', description: 'nextCursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      issues: { type: 'array', items: SUMMARY },
      nextCursor: { type: ['string', 'null'] },
      total: { type: 'integer' },
    },
    required: ['issues', 'nextCursor', 'total'],
  },
}

export const GET_ISSUE: Definition = {
  name: 'get_issue',
  description: 'Get one issue with its text, its comments and the pull request that closed it, if one did.',
  inputSchema: {
    type: 'object',
    properties: {
      number: { type: 'integer', description: 'Number of the issue' },
      comments: { type: 'boolean', default: true, description: 'Whether comments are wanted too' },
    },
    required: ['number'],
  },
}

export const UPDATE_ISSUE: Definition = {
  name: 'update_issue',
  description:
    'Change an issue: labels, assignee, milestone or state. Only what is given is changed. Logins must be those of members of the repository.',
  inputSchema: {
    type: 'object',
    properties: {
      number: { type: 'integer', description: 'Number of the issue' },
      assignee: { type: ['string', 'null'], description: 'Login of the new assignee; null takes it away' },
      milestone: { type: ['string', 'null'], description: 'Title of the milestone; null takes it away' },
      addLabels: { type: 'array', items: { type: 'string' }, description: 'Labels to add' },
      removeLabels: { type: 'array', items: { type: 'string' }, description: 'Labels to take away' },
      state: { type: 'string', enum: ['open', 'closed'] },
      stateReason: {
        type: 'string',
        enum: ['completed', 'not_planned', 'duplicate'],
        description: 'Why it is closed; default completed',
      },
    },
    required: ['number'],
  },
  outputSchema: SUMMARY,
}
