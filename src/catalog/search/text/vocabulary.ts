import type { Tokenizer } from './tokenize.ts'

/*
 * What people say and what tools are called. Each line is a class: its words may stand for each other. Words in several classes
 * belong to each of them, and classes are not joined: `post` is near `send` and near `message`, which are not near each other.
 */

const VERBS = `
get fetch read retrieve show view display open load obtain lookup describe
list show enumerate browse
search find query lookup discover locate explore
create add new make insert generate build register
write save store append put add insert compose draft
update edit modify change patch set rename alter adjust
delete remove erase drop clear purge discard destroy trash
send post publish email notify message reply forward submit share deliver
run execute launch start invoke trigger call perform
stop cancel abort kill terminate end halt
check verify validate test confirm inspect
convert transform translate change export
calculate compute evaluate solve
analyze analyse examine inspect evaluate assess
summarize summary digest condense
compare diff difference contrast
copy duplicate clone replicate
move transfer relocate rename
download fetch save pull export
upload import push attach
join merge combine concatenate concat
buy purchase order book reserve
book reserve reservation booking schedule
play listen stream watch
enable activate
disable deactivate
subscribe follow watch
connect link attach
log record track
draw plot chart render graph visualize
recommend suggest suggestion recommendation
assign allocate
approve accept confirm
reject decline deny
click press tap
type enter input
`

const NOUNS = `
mail email message inbox
repo repository
db database sql
table spreadsheet sheet
pr pull request merge
image photo picture screenshot
movie film
song track music lyrics
video clip
document doc docx file
documentation doc docs
directory folder dir path
user account profile member person people contact
team group
organization organisation org company business
issue ticket bug task
task todo job
event meeting appointment calendar
calendar event schedule agenda almanac
date day time calendar
weather forecast temperature climate
location place address coordinate geocode
coordinate latitude longitude geocode
place restaurant venue poi
map route direction
route direction path navigation
distance length
price cost quote rate fee
stock share ticker equity
currency money exchange forex
crypto cryptocurrency coin bitcoin token
payment charge transaction invoice
customer client
order purchase
product item goods
website site page web url
url link address
web internet online
page article
paper publication article study research
news headline article trending
post tweet message
comment reply note
note memo
chat conversation message
channel room
history log past
log commit history
latest recent last new current
top best popular trending
trend trending hot
size large length
tree hierarchy nested structure
relation link edge relationship
entity node record
graph network
row record entry
column field
field property attribute
schema structure
key id identifier
setting config configuration preference option
environment env variable
version release
package library module dependency
branch ref
code source snippet
function method
error exception bug fault
state status condition
statistic stat metric analytics usage
score rating rank
rating review
rank leaderboard top standing
review comment feedback
label tag category
category genre type kind
language locale
text string content
content body text
title name heading
word term
definition meaning
similar like related synonym
number count total
sum add total
average mean
percentage percent
presentation slide ppt powerpoint pptx
excel spreadsheet xlsx workbook
word docx document
pdf document
chart graph plot diagram
flight airline plane
hotel accommodation lodging stay
train railway rail
car vehicle auto
restaurant food dining eat
recipe meal food dish cook
drug medicine medication
gene variant mutation
patient medical health clinical
trial study
doctor physician
career job position vacancy
salary wage
school university college education
game match fixture
club team
player athlete
league tournament competition
artist singer musician
book novel
author writer
phone telephone mobile
sms text message
country nation
city town
zip postal postcode
domain hostname dns whois
server host
vm instance machine
container docker
cluster kubernetes
password secret credential
login signin auth authentication
key token
permission access role
trip travel tour itinerary vacation holiday
reminder alert notification
webhook hook callback
barcode qr
joke funny
fact trivia
horoscope zodiac astrology
memory knowledge
browser tab page
form input
`

/** Says which terms may stand for a term. */
export type Vocabulary = (term: string) => readonly string[]

/** Prepares the vocabulary in the form that a tokenizer gives words. */
export function createVocabulary(tokenize: Tokenizer): Vocabulary {
  const near = new Map<string, Set<string>>()
  for (const line of `${VERBS}${NOUNS}`.split('\n')) {
    const terms = new Set(tokenize(line))
    for (const term of terms) near.set(term, (near.get(term) ?? new Set()).union(terms))
  }
  const lists = new Map(
    [...near].map(([term, others]) => [term, [...others].filter((other) => other !== term)]),
  )
  return (term) => lists.get(term) ?? []
}
