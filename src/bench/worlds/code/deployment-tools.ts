import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const DEPLOYMENT = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    ref: { type: 'string' },
    environment: { type: 'string', enum: ['preview', 'staging', 'production'] },
    status: { type: 'string', enum: ['queued', 'building', 'testing', 'releasing', 'live', 'failed'] },
    startedBy: { type: 'string' },
    createdAt: { type: 'string' },
    finishedAt: { type: ['string', 'null'] },
    url: { type: ['string', 'null'], description: 'Where it can be reached; null before it is live' },
    failure: { type: ['string', 'null'] },
    stages: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, status: { type: 'string' } },
        required: ['name', 'status'],
      },
    },
    log: { type: 'string', description: 'Only where it was asked for' },
  },
  required: ['id', 'ref', 'environment', 'status', 'url', 'failure', 'stages'],
}

export const CREATE_DEPLOYMENT: Definition = {
  name: 'create_deployment',
  description:
    'Start a deployment of a tag, branch or commit to an environment. It is queued and takes some minutes: ask get_deployment for its status until it is live or failed.',
  inputSchema: {
    type: 'object',
    properties: {
      ref: { type: 'string', description: 'Tag, branch or commit' },
      environment: { type: 'string', enum: ['preview', 'staging', 'production'] },
      note: { type: 'string', description: 'Why, for the list of deployments' },
      skipTests: { type: 'boolean', default: false, description: 'Only for preview' },
    },
    required: ['ref', 'environment'],
  },
  outputSchema: DEPLOYMENT,
}

export const GET_DEPLOYMENT: Definition = {
  name: 'get_deployment',
  description:
    'Get the status of a deployment and of its stages, and its log if that is wanted. Logs are long.',
  inputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string', description: 'Id of the deployment, for example d-3071' },
      log: { type: 'boolean', default: false, description: 'Whether the log is wanted' },
    },
    required: ['id'],
  },
  outputSchema: DEPLOYMENT,
}
