import { attacks, OUT_OF_MEMORY } from './harness.ts'

const flood = (make: string): string => `const keep = []\nfor (let n = 0; ; n++) keep.push(${make})`
const ENDS = ['script_error', ...OUT_OF_MEMORY]

attacks('Intl objects, which live outside the heap limit, are counted', {
  DateTimeFormat: { code: flood("new Intl.DateTimeFormat('de')"), ends: ['script_error'] },
  'NumberFormat, without new': { code: flood("Intl.NumberFormat('de')"), ends: ['script_error'] },
  'Collator through its prototype': {
    code: flood('new Intl.Collator.prototype.constructor()'),
    ends: ['script_error'],
  },
  'Segmenter, subclassed': {
    code: `class S extends Intl.Segmenter {}\n${flood('new S()')}`,
    ends: ['script_error'],
  },
  Locale: { code: flood("new Intl.Locale('de')"), ends: ['script_error'] },
  'from toLocaleString': {
    code: flood("(n).toLocaleString('de-u-nu-' + (n % 2 ? 'thai' : 'arab'))"),
    ends: ENDS,
  },
  'from dates': {
    code: flood("new Date(n).toLocaleString('de', { timeZone: 'Europe/Berlin' })"),
    ends: ENDS,
  },
  'from comparisons': {
    code: flood("'a'.localeCompare('b', n % 2 ? 'de' : 'sv', { numeric: true })"),
    ends: ENDS,
  },
  segments: {
    code: `const s = new Intl.Segmenter()\n${flood("s.segment('text').containing(1)")}`,
    ends: ENDS,
  },
  'locales maximised': { code: `const l = new Intl.Locale('de')\n${flood('l.maximize()')}`, ends: ENDS },
})
