import type { Domain } from '../made/vocabulary.ts'

export const MONEY: readonly Domain[] = [
  {
    about: 'payments ledger',
    services: ['ledger', 'bookings', 'accounts'],
    resources: [
      'ledger_entry: account, amount#, currency=EUR/USD/GBP/CHF, posted_on@, memo, reversed?',
      'ledger_account: kind=asset/liability/income/expense, currency=EUR/USD/GBP/CHF, balance#, closed?',
      'transfer: from_account, to_account, amount#, value_on@, reference, state=draft/booked/returned',
      'bank_statement: iban, opening#, closing#, from@, to@',
      'standing_payment: amount#, every=week/month/quarter/year, next_on@, paused?, payee',
      'reconciliation: statement, matched#, open#, finished?, tolerance#',
    ],
    notes: [
      'Entries are never changed; a mistake is reversed and booked again.',
      'Amounts are in the smallest unit of the currency.',
      'The value date can lie before the day of posting, but not in a closed month.',
    ],
  },
  {
    about: 'insurance claims',
    services: ['claims', 'insurance', 'coverdesk'],
    resources: [
      'claim: policy_number, cause=fire/water/theft/storm/collision, amount_eur#, happened_on@, settled?',
      'policy: product=home/car/travel/life, premium_eur#, deductible_eur#, begins_on@, cancelled?',
      'damage_report: claim, assessor, estimate_eur#, inspected_on@, photos#',
      'payout: claim, amount_eur#, paid_on@, iban, partial?',
      'witness_statement: claim, taken_on@, language, signed?',
      'repair_shop: region, trades*, rating#, direct_billing?, capacity#',
    ],
    notes: [
      'A claim that is older than three years can be read but not opened again.',
      'Estimates above ten thousand need a second assessor.',
      'The deductible is taken off once for each cause.',
    ],
  },
  {
    about: 'loans and mortgages',
    services: ['loans', 'mortgage', 'lending'],
    resources: [
      'loan: principal_eur#, rate_percent#, months#, kind=annuity/bullet/linear, starts_on@, secured?',
      'instalment: loan, due_on@, interest_eur#, repayment_eur#, paid?',
      'collateral: kind=house/car/securities, value_eur#, appraised_on@, land_register',
      'credit_check: score#, bureau, requested_on@, consent?, findings*',
      'rate_offer: months#, rate_percent#, valid_until@, fixed?, product',
      'early_repayment: loan, amount_eur#, penalty_eur#, wanted_on@, approved?',
    ],
    notes: [
      'Rates are nominal per year; the effective one is given beside it.',
      'Instalments that fall on a Sunday are due on the next working day.',
      'The penalty of an early repayment is an estimate until it is approved.',
    ],
  },
  {
    about: 'exchange rates',
    services: ['currency', 'fxrates', 'ratesheet'],
    resources: [
      'rate: base=EUR/USD/GBP/CHF/JPY, quote, value#, fixed_on@, source',
      'conversion: amount#, from_currency, to_currency, rounding=up/down/half_even, made_on@',
      'currency_pair: base, quote, decimals#, tradable?, spread#',
      'rate_watch: pair, threshold#, direction=above/below, active?, until@',
      'cash_desk: city, currencies*, fee_percent#, opening_hours, weekend?',
      'banknote: currency, value#, series, withdrawn_on@, legal_tender?',
    ],
    notes: [
      'Fixings are published at four in the afternoon, Central European Time.',
      'On days without a fixing the last one holds.',
      'Rates have six decimals; conversions are rounded at the very end.',
    ],
  },
  {
    about: 'tax returns',
    services: ['taxes', 'fiscal', 'taxdesk'],
    resources: [
      'tax_return: year#, form=income/trade/vat/property, state=draft/sent/assessed, due_on@, payback_eur#',
      'deduction: category=travel/office/insurance/donation, amount_eur#, year#, receipt?, remark',
      'assessment: tax_return, tax_eur#, issued_on@, objection_until@, provisional?',
      'vat_rate: country, percent#, kind=standard/reduced/zero, valid_from@, goods*',
      'tax_office: city, bank_account, opening_hours, counter?, districts*',
      'prepayment: quarter#, amount_eur#, due_on@, paid?, reference',
    ],
    notes: [
      'A return that has been sent can only be corrected by another one.',
      'Figures are rounded in favour of the payer.',
      'Rates of other countries are taken over at the beginning of each month.',
    ],
  },
  {
    about: 'auctions',
    services: ['auctions', 'gavel', 'bidhouse'],
    resources: [
      'lot: estimate_eur#, reserve_eur#, category=art/furniture/jewellery/wine/books, opens_on@, withdrawn?',
      'bid: lot, amount_eur#, placed_on@, by_proxy?, paddle#',
      'auction_sale: hall, starts_on@, lots#, auctioneer, online?',
      'consignment: owner, items#, commission_percent#, received_on@, storage',
      'hammer_price: lot, amount_eur#, premium_eur#, sold_on@, export_licence?',
      'viewing_day: hall, on@, from_hour#, to_hour#, appointment_only?',
    ],
    notes: [
      'Bids rise by the steps of the house, and what lies between is rounded down.',
      'The reserve is shown to the consignor only.',
      'The premium comes on top of the hammer price.',
    ],
  },
  {
    about: 'donations and charities',
    services: ['donations', 'charity', 'goodcause'],
    resources: [
      'donation: amount_eur#, purpose, given_on@, anonymous?, method=card/transfer/cash',
      'appeal: goal_eur#, raised_eur#, ends_on@, region, matched?',
      'donor_circle: members#, yearly_eur#, patron, public?',
      'grant: recipient, amount_eur#, tranche#, paid_on@, reporting=none/yearly/final',
      'volunteer_shift: place, hours#, on@, volunteers#, training_needed?',
      'receipt_run: year#, receipts#, printed?, language=en/de/fr',
    ],
    notes: [
      'Receipts are made once a year, in the second half of January.',
      'Donations without a purpose go where the need is greatest.',
      'Matching ends when the matching fund is used up.',
    ],
  },
]
