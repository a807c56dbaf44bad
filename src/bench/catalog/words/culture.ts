import type { Domain } from '../made/vocabulary.ts'

export const CULTURE: readonly Domain[] = [
  {
    about: 'public library',
    services: ['library', 'shelfmark', 'readingroom'],
    resources: [
      'book: author, isbn, year#, language=en/de/fr/es, shelf, lendable?',
      'loan: book, reader_card, due_on@, renewals#, overdue?',
      'reservation: book, position#, branch, made_on@, expires_on@',
      'branch: district, opening_hours, seats#, step_free?, collections*',
      'reading_list: topic, books#, age_group=child/teen/adult, curator, public?',
      'fine: reader_card, amount_eur#, reason=late/damaged/lost, waived?, since@',
    ],
    notes: [
      'A loan can be renewed twice unless somebody else waits for the book.',
      'Titles are found without regard to accents and articles.',
      'Fines stop growing at the price of the book.',
    ],
  },
  {
    about: 'museum collection',
    services: ['museum', 'artefacts', 'gallery'],
    resources: [
      'artefact: accession_number, period, material=stone/wood/metal/textile/clay, weight_kg#, on_display?',
      'exhibition: hall, opens_on@, closes_on@, visitors#, curator',
      'artefact_loan: borrower, insured_eur#, courier?, leaves_on@, returns_on@',
      'conservation_report: artefact, condition=good/fair/poor, conservator, written_on@, humidity_percent#',
      'showcase: hall, lux#, humidity_percent#, locked?, width_cm#',
      'guided_tour: language=en/de/fr/es, minutes#, group_size#, theme, wheelchair?',
    ],
    notes: [
      'Accession numbers are never used again, also after an artefact has been given away.',
      'Light is measured at the surface of the artefact.',
      'Provenance before 1945 is reviewed before a loan is agreed.',
    ],
  },
  {
    about: 'theatre and concert seats',
    services: ['theatre', 'boxoffice', 'stagehouse'],
    resources: [
      'performance: title, hall, starts_on@, minutes#, sold_out?, surtitles*',
      'seat: row, number#, category=stalls/circle/gallery/box, view=full/partial, price_eur#',
      'seat_hold: performance, seats#, until@, reason=school/press/house, group',
      'ensemble_member: voice=soprano/alto/tenor/bass/none, instrument, contract_until@, understudy?',
      'rehearsal: piece, stage=main/studio/chamber, begins_on@, hours#, piano?',
      'costume: piece, size, fabric, altered?, rack',
    ],
    notes: [
      'Seats are held for fifteen minutes while they are being chosen.',
      'Prices of the gallery are the same for every category of piece.',
      'Understudies are shown only to the house.',
    ],
  },
  {
    about: 'sheet music',
    services: ['scores', 'sheetmusic', 'notation'],
    resources: [
      'score: composer, key=major/minor/modal, bars#, instruments*, public_domain?',
      'part: score, instrument, clef=treble/bass/alto/tenor, pages#, transposed?',
      'arrangement: score, arranger, difficulty#, published_on@, licence',
      'concert_programme: season, pieces*, minutes#, conductor, encore?',
      'tempo_mark: score, bar#, beats_per_minute#, wording',
      'instrument_hire: instrument, monthly_eur#, insured?, from@, workshop',
    ],
    notes: [
      'Bars are counted without repeats.',
      'Difficulty goes from one to six, as the music schools use it.',
      'Transposed parts are written at the pitch that the player reads.',
    ],
  },
  {
    about: 'film archive',
    services: ['filmarchive', 'cinema', 'reels'],
    resources: [
      'film: director, year#, minutes#, format=35mm/16mm/digital, restored?, languages*',
      'reel: film, position#, length_m#, shrinkage_percent#, vault',
      'screening: film, hall, starts_on@, introduced?, seats#',
      'restoration: film, stage=scan/clean/grade/done, hours#, funded_by, begun_on@',
      'film_rights: territory, until@, exclusive?, fee_eur#, holder',
      'projector: hall, lumens#, lamp_hours#, serviced_on@, format=35mm/16mm/digital',
    ],
    notes: [
      'Reels are kept at four degrees and need a day to warm up.',
      'Running times are for twenty-four frames a second.',
      'A film may have several originals, one for each language.',
    ],
  },
  {
    about: 'family history',
    services: ['genealogy', 'familytree', 'forebears'],
    resources: [
      'ancestor: surname, born_on@, birthplace, religion, living?',
      'marriage: place, married_on@, witnesses*, register_page#',
      'parish_register: parish, from_year#, to_year#, language=latin/german/english, scanned?',
      'family_branch: root, generations#, members#, private?',
      'grave: cemetery, plot, inscription, photographed?, lease_until@',
      'dna_match: kit, shared_cm#, relation=close/cousin/distant, found_on@',
    ],
    notes: [
      'Dates may be partial: a year, or a year and a month.',
      'Data of the living is left out unless you belong to the branch.',
      'Spellings of a surname are grouped by their sound.',
    ],
  },
  {
    about: 'podcasts and radio',
    services: ['podcasts', 'radio', 'airwaves'],
    resources: [
      'episode: show, minutes#, published_on@, explicit?, guests*',
      'show: host, genre=science/history/comedy/news, feed, episodes#, weekly?',
      'transcript: episode, language=en/de/fr/es, words#, reviewed?',
      'sponsor_spot: show, seconds#, position=pre/mid/post, rate_eur#, until@',
      'broadcast_slot: station, weekday, from_hour#, minutes#, live?',
      'jingle: key, seconds#, composer, licensed_until@',
    ],
    notes: [
      'Downloads are counted once for each listener and day.',
      'Transcripts are made by machine and marked when somebody has read them.',
      'Feeds are read every twenty minutes.',
    ],
  },
]
