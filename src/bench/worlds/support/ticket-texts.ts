/** What tickets are about: a subject, what the customer writes first, what he writes later. */
interface Topic {
  readonly subject: string
  readonly tag: string
  readonly opening: string
  readonly later: string
}

export const TOPICS: readonly [Topic, ...Topic[]] = [
  {
    subject: 'Export of the monthly report stops half way',
    tag: 'export',
    opening:
      'Since Monday the export of our monthly report stops at about half of the rows. The file downloads, but it ends in the middle of a line. We need it for our accountant by the end of the week.',
    later:
      'We tried it again in another browser and with a smaller range of dates. Same result, the file ends after row 4,812.',
  },
  {
    subject: 'Single sign-on asks for a password again',
    tag: 'sso',
    opening:
      'About ten of our people are asked for a password although single sign-on is enforced for our domain. Signing out and in again does not help. Nothing was changed on our side in the identity provider.',
    later:
      'Our administrator has compared the certificate with the one in your settings, and they are the same.',
  },
  {
    subject: 'Invoice shows the wrong number of seats',
    tag: 'billing',
    opening:
      'The last invoice counts more seats than we have people. We removed several accounts in the first week of the month. Please check it and tell us whether we get a credit note.',
    later:
      'I have attached the list of active people as our administrator sees it. The difference is seven seats.',
  },
  {
    subject: 'Webhook deliveries arrive twice',
    tag: 'webhooks',
    opening:
      'Our endpoint gets every delivery twice, with the same id, about four seconds apart. We answer with status 200 within half a second. Our orders are created twice because of this.',
    later: 'We ignore repeated ids now as you advised, but we would like to know the cause.',
  },
  {
    subject: 'Search does not find archived projects',
    tag: 'search',
    opening:
      'Projects that we archived last year no longer show up in the search, even with the filter for archived ones. They can still be opened by their address.',
    later: 'It concerns all projects that were archived before March, as far as we can see.',
  },
  {
    subject: 'How do we move an account to another region',
    tag: 'account',
    opening:
      'Our legal department wants all data to stay within the European region. How do we move our account, how long does it take, and can people go on working meanwhile?',
    later: 'Thank you, that answers the first question. What about the backups that already exist?',
  },
  {
    subject: 'Mobile app loses drafts when offline',
    tag: 'mobile',
    opening:
      'Our field engineers write notes in places without a network. After they come back online, drafts of more than one page are gone. It happens on both kinds of phones.',
    later:
      'Version 5.18.2 on all devices. One of the engineers has recorded the screen, I can send you the file.',
  },
  {
    subject: 'Request for a copy of the security report',
    tag: 'security',
    opening:
      'For our yearly audit of suppliers we need your latest security report and the list of subprocessors. A confidentiality agreement between our companies exists already.',
    later: 'Received, thank you. Our auditor asks whether the penetration test can be shared as well.',
  },
]

/** What agents answer. */
export const AGENT_REPLIES = [
  'Thank you for the clear description. I can see it in our logs and have passed it on to the engineers. I will write again as soon as I know more.',
  'I have looked at your account and could repeat what you see. A fix is being tested, and I expect it to be live within two working days.',
  'Could you tell me at which time this happened last, and for which person? With that I can find the matching entries on our side.',
  'This should work again now. Please try it once more and let me know whether it does; I keep the ticket open until then.',
] as const

/** The first messages of the open tickets of one customer, one of them from somebody who has had enough. */
export const HALDEN_OPENINGS: readonly (readonly [subject: string, opening: string])[] = [
  [
    'Question about the audit log',
    'Hello, how long are entries of the audit log kept on our plan, and can we export them on a schedule? No hurry, it is for a plan for next year.',
  ],
  [
    'Dashboard tiles load slowly',
    'The tiles on the dashboard have become a bit slow in the mornings, maybe five seconds. Not a blocker, but perhaps you want to have a look when somebody has time.',
  ],
  [
    'Labels for pallets print without the barcode',
    'Some labels come out without a barcode since the update. We found that the old template still works, so we are using that one for now. Could you check the new one?',
  ],
  [
    'Route planning ignores closed roads',
    'This is the third time I write about this, and the third time I get a friendly answer and nothing happens. Two trucks stood in front of a closed bridge for four hours again yesterday. If nobody who can decide something calls me today, we will end the contract.',
  ],
  [
    'Second factor for a new colleague',
    'A new colleague has a new phone and needs to set up the second factor again. Could you reset it, please? Thank you for the quick help last time!',
  ],
  [
    'Wrong logo on delivery notes',
    'Our delivery notes still show the old logo although we have uploaded the new one. It is urgent for our marketing people, they say, but honestly it can wait until next week.',
  ],
]
