/** What a person types who looks for these tools. */

export const LIST_ISSUES = {
  tool: 'repo.list_issues',
  lookups: ['list open issues', 'issues by label and milestone', 'search issues of the repository'],
}

export const GET_PULL_REQUEST = {
  tool: 'repo.get_pull_request',
  lookups: ['pull request details', 'reviews and checks of a pull request', 'pull request'],
}

export const GET_DEPLOYMENT = {
  tool: 'repo.get_deployment',
  lookups: ['deployment log', 'status of a deployment', 'deployment'],
}

export const LIST_MESSAGES = {
  tool: 'chat.list_messages',
  lookups: ['read messages of a channel', 'chat channel history', 'messages'],
}

export const GET_ISSUE = {
  tool: 'repo.get_issue',
  lookups: ['read one issue', 'issue text and comments', 'issue'],
}

export const UPDATE_ISSUE = {
  tool: 'repo.update_issue',
  lookups: ['change labels or assignee of an issue', 'close issue', 'edit issue'],
}

export const POST_MESSAGE = {
  tool: 'chat.post_message',
  lookups: ['post a message to a channel', 'write in team chat', 'send chat message'],
}
