import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { createCommits } from './data/history.ts'
import { createIssues, MEMBERS, type Issue } from './data/issues.ts'
import { createPulls, type Pull } from './data/pulls.ts'
import { createDeployments } from './deployments.ts'
import { CREATE_DEPLOYMENT, GET_DEPLOYMENT } from './deployment-tools.ts'
import { GET_ISSUE, LIST_ISSUES, UPDATE_ISSUE } from './issue-tools.ts'
import { COMPARE_COMMITS, GET_PULL_REQUEST, MERGE_PULL_REQUEST } from './pull-tools.ts'

const MILESTONES = ['2.3', '2.4', '2.5'] as const
const MEMBER_LOGINS: readonly string[] = MEMBERS

/** A repository with issues, pull requests, commits and deployments. */
export function createRepo(): MockServer {
  let issues = createIssues()
  let pulls = createPulls()
  const deployments = createDeployments()
  const commits = createCommits()

  const findIssue = (args: JsonObject): Issue => findByNumber(issues, args, 'issue')
  const findPull = (args: JsonObject): Pull => findByNumber(pulls, args, 'pull request')

  return {
    name: 'repo',
    reset() {
      issues = createIssues()
      pulls = createPulls()
      deployments.reset()
    },
    tools: [
      { definition: LIST_ISSUES, run: (args) => listIssues(issues, args) },
      { definition: GET_ISSUE, run: (args) => toDetails(findIssue(args), args['comments'] !== false) },
      {
        definition: UPDATE_ISSUE,
        run(args) {
          const changed = changeIssue(findIssue(args), args)
          issues = issues.map((issue) => (issue.number === changed.number ? changed : issue))
          return toSummary(changed)
        },
      },
      { definition: GET_PULL_REQUEST, run: findPull },
      {
        definition: MERGE_PULL_REQUEST,
        run(args) {
          const merged = mergePull(findPull(args), args)
          pulls = pulls.map((pull) => (pull.number === merged.number ? merged : pull))
          return {
            number: merged.number,
            merged: true,
            method: 'squash',
            mergeCommit: merged.mergeCommit ?? '',
            branchDeleted: args['deleteBranch'] !== false,
          }
        },
      },
      {
        definition: COMPARE_COMMITS,
        run(args) {
          const base = readText(args, 'base')
          const head = readText(args, 'head')
          if (base !== 'v2.3.0' || head !== 'v2.4.0')
            throw new MockFailure(`Nothing to compare between ${base} and ${head}. Tags: v2.3.0, v2.4.0.`)
          return { base, head, status: 'ahead', aheadBy: commits.length, behindBy: 0, commits }
        },
      },
      { definition: CREATE_DEPLOYMENT, run: deployments.create },
      { definition: GET_DEPLOYMENT, run: deployments.get },
    ],
  }
}

function findByNumber<Entry extends { readonly number: number }>(
  list: readonly Entry[],
  { number }: JsonObject,
  what: string,
): Entry {
  const found = list.find((entry) => entry.number === number)
  if (found === undefined) throw new MockFailure(`No ${what} #${JSON.stringify(number)} in atlas/shop.`)
  return found
}

function listIssues(issues: readonly Issue[], args: JsonObject): Json {
  const { state = 'open', labels = [], assignee, milestone, query } = args
  const wanted = Array.isArray(labels) ? labels.map(String) : []
  const matches = issues
    .toReversed()
    .filter(
      (issue) =>
        (state === 'all' || issue.state === state) &&
        wanted.every((label) => issue.labels.includes(label)) &&
        (assignee === undefined || (issue.assignee ?? 'none') === assignee) &&
        (milestone === undefined || issue.milestone === milestone) &&
        (typeof query !== 'string' || issue.title.toLowerCase().includes(query.toLowerCase())),
    )
  const { entries, nextCursor, total } = toPage(matches, args, { usual: 30, most: 50 })
  return { issues: entries.map(toSummary), nextCursor, total }
}

function toSummary(issue: Issue): JsonObject {
  const { body: _body, closedAt: _closedAt, closedByPull: _closedByPull, comments, ...rest } = issue
  return { ...rest, comments: comments.length, url: `https://repo.example/atlas/shop/issues/${issue.number}` }
}

function toDetails({ comments, closedByPull, ...issue }: Issue, withComments: boolean): Json {
  return {
    ...issue,
    closedBy: closedByPull === null ? null : { kind: 'pull_request', number: closedByPull },
    commentCount: comments.length,
    ...(withComments ? { comments } : {}),
    url: `https://repo.example/atlas/shop/issues/${issue.number}`,
  }
}

function changeIssue(issue: Issue, args: JsonObject): Issue {
  const { assignee = issue.assignee, milestone = issue.milestone, state = issue.state } = args
  if (typeof assignee === 'string' && !MEMBER_LOGINS.includes(assignee))
    throw new MockFailure(`No member with the login '${assignee}'. Members: ${MEMBERS.join(', ')}.`)
  if (milestone !== null && !MILESTONES.some((title) => title === milestone))
    throw new MockFailure(`No milestone ${JSON.stringify(milestone)}. Milestones: ${MILESTONES.join(', ')}.`)
  const isClosed = state === 'closed'
  const added = toTexts(args['addLabels'])
  const removed = toTexts(args['removeLabels'])
  return {
    ...issue,
    assignee: typeof assignee === 'string' ? assignee : null,
    milestone: typeof milestone === 'string' ? milestone : null,
    labels: [...new Set([...issue.labels, ...added])].filter((label) => !removed.includes(label)),
    state: isClosed ? 'closed' : 'open',
    stateReason: isClosed
      ? (readOptionalText(args, 'stateReason') ?? issue.stateReason ?? 'completed')
      : null,
    closedAt: isClosed ? (issue.closedAt ?? NOW) : null,
    updatedAt: NOW,
  }
}

function mergePull(pull: Pull, args: JsonObject): Pull {
  const { method = 'merge', expectedSha } = args
  if (pull.state !== 'open') throw new MockFailure(`Pull request #${pull.number} is ${pull.state} already.`)
  if (expectedSha !== undefined && expectedSha !== pull.head.sha)
    throw new MockFailure(
      `The head of #${pull.number} is ${pull.head.sha}, not ${JSON.stringify(expectedSha)}.`,
    )
  if (pull.reviews.some(({ verdict }) => verdict !== 'approved'))
    throw new MockFailure(`Pull request #${pull.number} waits for a review.`)
  if (method !== 'squash')
    throw new MockFailure(
      `Rule of branch main: the method ${JSON.stringify(method)} is not allowed, history is kept linear. Allowed: squash.`,
    )
  return {
    ...pull,
    state: 'merged',
    mergedAt: NOW,
    mergedBy: 'you',
    mergeCommit: pull.head.sha.split('').toReversed().join(''),
  }
}

function toTexts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** All that is changed is changed at this moment, so that results are the same each time. */
const NOW = '2026-03-09T13:00:00Z'
