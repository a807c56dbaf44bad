import type { Domain } from '../made/vocabulary.ts'

export const LEARNING: readonly Domain[] = [
  {
    about: 'courses',
    services: ['courses', 'campus', 'lectures'],
    resources: [
      'course: subject, credits#, level=bachelor/master/open, lecturer, begins_on@, online?',
      'enrolment: course, student_number, enrolled_on@, state=waiting/active/dropped, audit_only?',
      'assignment: course, points#, due_on@, group_work?, rubric',
      'lecture_hall: seats#, building, recording?, boards#, step_free?',
      'syllabus: course, weeks#, topics*, revision, published?',
      'study_group: course, members#, meets=weekly/daily, language, open?',
    ],
    notes: [
      'Places on the waiting list move up at six in the morning.',
      'Credits are granted when the last assignment has been graded.',
      'Late work loses a tenth of its points for each day.',
    ],
  },
  {
    about: 'exams and grading',
    services: ['exams', 'grading', 'testcentre'],
    resources: [
      'exam: subject, minutes#, on@, form=written/oral/practical, aids_allowed?',
      'question: subject, points#, difficulty#, kind=choice/text/number, tags*',
      'grade: exam, value#, published_on@, examiner, appealed?',
      'exam_seating: hall, rows#, distance_m#, seats#',
      'retake: exam, attempt#, registered_on@, last_attempt?',
      'certificate: programme, issued_on@, serial, honours?, language',
    ],
    notes: [
      'Questions that are in use cannot be changed.',
      'Grades are visible when all of an exam are there.',
      'A certificate can be checked by anybody who knows its serial.',
    ],
  },
  {
    about: 'translation',
    services: ['translations', 'localise', 'glossary'],
    resources: [
      'translation: source_language=en/de/fr/es/ja, target_language=en/de/fr/es/ja, text, tone=formal/casual, reviewed?',
      'glossary_term: term, equivalent, field_of_use, forbidden?, added_on@',
      'translation_memory: segments#, language_pair, updated_on@, shared?',
      'language_detection: text, confidence#, language, script',
      'proofreading: translation, changes#, proofreader, finished_on@, words#',
      'string_key: namespace, english, max_length#, plural?, screenshots*',
    ],
    notes: [
      'Terms of the glossary win over the memory, and the memory over the machine.',
      'Placeholders in braces are carried over untouched.',
      'Texts are cut into segments at the ends of sentences.',
    ],
  },
  {
    about: 'dictionaries',
    services: ['dictionary', 'wordbook', 'lexicon'],
    resources: [
      'headword: language=en/de/fr/la, word_class=noun/verb/adjective/adverb, senses#, archaic?, syllables#',
      'definition: headword, sense#, register=neutral/formal/slang, examples*',
      'synonym_set: headword, words*, closeness#',
      'pronunciation: headword, ipa, region=uk/us/au, recorded?',
      'etymology: headword, origin, century#, cognates*',
      'daily_word: headword, on@, readers#, language',
    ],
    notes: [
      'Senses are sorted by how common they are.',
      'A headword may stand in several word classes.',
      'Pronunciations are in the international alphabet with stress marks.',
    ],
  },
  {
    about: 'scientific literature',
    services: ['citations', 'papers', 'references'],
    resources: [
      'paper: doi, journal, year#, authors*, open_access?, cited_by#',
      'citation: paper, style=apa/mla/chicago/ieee, page#, context',
      'author_profile: orcid, affiliation, h_index#, papers#, verified?',
      'journal: issn, publisher, impact#, review=single/double/open, quarterly?',
      'bibliography: topic, entries#, style=apa/mla/chicago/ieee, updated_on@, shared?',
      'preprint: server_name, revision#, posted_on@, subject, withdrawn?',
    ],
    notes: [
      'Counts of citations are refreshed on Sundays.',
      'Preprints are joined with the paper when a DOI is there.',
      'Authors of the same name are told apart by their ORCID alone.',
    ],
  },
  {
    about: 'flashcards',
    services: ['flashcards', 'memocards', 'memodeck'],
    resources: [
      'deck: subject, cards#, language, shared?, last_studied_on@',
      'card: deck, front, back, ease#, due_on@, suspended?',
      'review: card, rating=again/hard/good/easy, seconds#, reviewed_on@',
      'study_streak: days#, longest_days#, since@, frozen?',
      'card_template: sides#, styled?, language, variables*',
      'study_goal: cards_per_day#, until@, weekdays*, paused?',
    ],
    notes: [
      'The next date of a card is set by its ease and its last interval.',
      'Suspended cards keep their history.',
      'A streak can be frozen for one day in each week.',
    ],
  },
  {
    about: 'scholarships',
    services: ['scholarships', 'bursary', 'studyfund'],
    resources: [
      'scholarship: sponsor, monthly_eur#, months#, closes_on@, subject, renewable?',
      'application: scholarship, state=draft/submitted/shortlisted/granted/refused, submitted_on@, essay_words#, transcript?',
      'jury: members#, meets_on@, chair, quorum#, remote?',
      'recommendation: application, referee, received_on@, strength#, confidential?',
      'stipend_payment: application, amount_eur#, paid_on@, month, returned?',
      'exchange_place: university, country, places#, semester=spring/autumn, language_level',
    ],
    notes: [
      'Applications close at midnight in the time zone of the sponsor.',
      'Members of the jury cannot see recommendations of their own students.',
      'A draft is removed ninety days after the closing date.',
    ],
  },
]
