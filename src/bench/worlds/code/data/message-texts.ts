/** What the support team passed on in the morning of 9 March 2026; the sixth customer has lost data, in words of their own. */
export const ESCALATIONS: readonly {
  readonly number: number
  readonly author: string
  readonly text: string
}[] = [
  {
    number: 545,
    author: 'ines.castel',
    text: 'Bakery chain in Ghent, #545: the page is slow since Friday, they call it unbearable, but everything they need is there in the end.',
  },
  {
    number: 552,
    author: 'oskar.lindqvist',
    text: 'A rather sharp mail about #552. They want to speak to "whoever is responsible". What annoys them is that the currency is missing; they know it is only the display.',
  },
  {
    number: 538,
    author: 'ines.castel',
    text: '#538, the furniture shop: they ask politely for the third time when the apostrophe in names will work. URGENT in the subject, though they say it can wait for the release.',
  },
  {
    number: 561,
    author: 'wren.abara',
    text: 'The vineyard says of #561 that the total at the bottom was wrong for an hour yesterday. It is right again, and the rows were right all the time.',
  },
  {
    number: 549,
    author: 'oskar.lindqvist',
    text: 'Hotel group, #549: two events for each booking. They filter them on their side, and would like to stop doing that.',
  },
  {
    number: 557,
    author: 'ines.castel',
    text: 'The garden centre came back on #557. After they ran the import a second time, three weeks of stock counts are simply not there any more; the old figures are in no list and in no export, and they have no copy. They were very kind about it.',
  },
  {
    number: 563,
    author: 'wren.abara',
    text: 'School canteen, #563: blank page on the phones of two cooks. On the computer in the office it works.',
  },
  {
    number: 541,
    author: 'oskar.lindqvist',
    text: 'Angry call about #541. The dates were off by an hour in the preview and they had "nearly lost everything", which turned out to mean half an hour of work on a draft. It was restored from the draft folder while we spoke.',
  },
]

/** The incident of 5 March 2026, as it was talked about. */
export const INCIDENT_LINES: readonly { readonly author: string; readonly text: string }[] = [
  ['priya.raman', 'Checkout answers with 500 for about one request in twenty since 09:38. I am looking.'],
  [
    'priya.raman',
    'It is not one region. West and north have the same share of errors, and both began in the same minute.',
  ],
  [
    'henrik.solberg',
    'Last deployment was d-3064 at 09:31, seven minutes before. The only change in it is the pool of connections to the ledger.',
  ],
  [
    'mira.oduya',
    'I take the lead for this one. Priya stays on the cause, Henrik prepares the way back, Ines talks to support.',
  ],
  [
    'ines.castel',
    'Support has eleven reports so far. I have put a note on the status page: some payments fail, trying again helps.',
  ],
  [
    'priya.raman',
    'The errors are all "no free connection after 2000 ms". The pool holds 40, and 40 are in use.',
  ],
  [
    'henrik.solberg',
    'Before d-3064 it was 40 for each process. Now it is 40 for the whole machine, so ten for each process.',
  ],
  [
    'luca.ferrante',
    'That is my change. The setting was renamed, and the old name is still in the file for production.',
  ],
  ['mira.oduya', 'Can we go back at once, or does the migration of this morning hold us?'],
  ['henrik.solberg', 'The migration only adds a column with a default. Going back is safe.'],
  [
    'mira.oduya',
    'Then go back. Luca, please check the file for production in the meantime, so that we know what to change.',
  ],
  ['henrik.solberg', 'Going back to d-3061 began at 10:16.'],
  [
    'tamsin.reyes',
    'From the other side: the queue of unpaid orders is at 2,310 and grows by about forty a minute.',
  ],
  ['ines.castel', 'The hotel group called. They stop their campaign until we tell them that it is safe.'],
  ['henrik.solberg', 'Half of the machines are back on d-3061. Their errors are gone.'],
  ['priya.raman', 'I see it too. Share of errors over all is down from 5.1 to 2.4 per cent.'],
  [
    'luca.ferrante',
    'Confirmed: production has pool.max, the code now reads pool.perMachine. Staging was changed by hand last week, so the tests there saw nothing.',
  ],
  ['henrik.solberg', 'All machines are back. Last error at 10:31:20.'],
  ['mira.oduya', 'Thanks. We wait a quarter of an hour before we call it over.'],
  ['tamsin.reyes', 'Unpaid orders: 2,480, and falling now. The retry takes about 120 a minute.'],
  [
    'anouk.delmas',
    'From the ledger: no entry was written twice. I compared the hour by payment number, and there are 19 that were charged and have no order.',
  ],
  [
    'mira.oduya',
    'Anouk, can you send these 19 to Ines as a list? They should hear from us before they notice.',
  ],
  [
    'anouk.delmas',
    'Done. Eighteen can be matched to a basket, so the orders can be made afterwards. For one the basket has expired, that one we pay back.',
  ],
  ['ines.castel', 'All 19 have a mail. The hotel group has started its campaign again.'],
  [
    'mira.oduya',
    'No error for sixteen minutes. I call it over at 10:48. The note on the status page is closed.',
  ],
  ['tamsin.reyes', 'The queue is empty as of 10:59.'],
  [
    'luca.ferrante',
    'I will write: a start that fails where a setting has an unknown name. That would have stopped the first machine and nothing else.',
  ],
  [
    'mira.oduya',
    'Good. Also: staging must not be changed by hand. Henrik, please open an issue for both. We talk about it on Monday at ten.',
  ],
].map(([author = '', text = '']) => ({ author, text }))
