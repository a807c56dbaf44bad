/** What a person types who looks for these tools. */

export const LIST_EVENTS = {
  tool: 'calendar.list_events',
  lookups: ['events in a calendar', 'meetings of a person this week', 'calendar'],
}

export const FIND_FREE_SLOTS = {
  tool: 'calendar.find_free_slots',
  lookups: ['when are people free', 'free time for a meeting', 'availability of attendees'],
}

export const CREATE_EVENT = {
  tool: 'calendar.create_event',
  lookups: ['schedule a meeting and invite people', 'book a room', 'new calendar event'],
}

export const LIST_ALERTS = {
  tool: 'metrics.list_alerts',
  lookups: ['alerts that are firing', 'monitoring alerts by service', 'alerts'],
}

export const QUERY_SERIES = {
  tool: 'metrics.query_series',
  lookups: ['latency of a service over time', 'metrics time series', 'measured values of a service'],
}

export const SEARCH_PEOPLE = {
  tool: 'people.search_people',
  lookups: ['search the directory for a person', 'employees by name', 'people directory'],
}

export const GET_TEAM = {
  tool: 'people.get_team',
  lookups: ['members of a team', 'team on call rotation', 'team'],
}
