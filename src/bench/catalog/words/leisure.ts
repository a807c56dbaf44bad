import type { Domain } from '../made/vocabulary.ts'

export const LEISURE: readonly Domain[] = [
  {
    about: 'sports leagues',
    services: ['league', 'fixtures', 'scoreboard'],
    resources: [
      'fixture: home_team, away_team, kicks_off_on@, venue, round#, postponed?',
      'team: division, coach, colours*, founded_on@, squad_size#',
      'player: position=goal/defence/midfield/attack, shirt#, fit?, caps#, birthplace',
      'standing: division, points#, goal_difference#, rank#, promoted?',
      'transfer_deal: player, fee_eur#, on@, loan?, from_team',
      'referee: licence=regional/national/international, matches#, active?, district',
    ],
    notes: [
      'Standings are those after the last finished round.',
      'With the same points the goal difference decides, then the direct matches.',
      'Kick-off times can change until ten days ahead.',
    ],
  },
  {
    about: 'chess',
    services: ['chess', 'openings', 'rookfile'],
    resources: [
      'game: white, black, result=white/black/draw/open, moves#, played_on@, rated?',
      'opening: eco_code, first_moves, white_wins_percent#, gambit?, popularity#',
      'tournament: rounds#, tempo=classical/rapid/blitz, begins_on@, town, open?',
      'puzzle: rating#, theme=fork/pin/mate/endgame, solution, solved?',
      'engine_line: position, depth#, score#, best_move, tablebase?',
      'club_rating: player, elo#, games#, since@, provisional?',
    ],
    notes: [
      'Positions are given in Forsyth-Edwards notation.',
      'Scores are from the side of white, in hundredths of a pawn.',
      'Ratings are recomputed on the first of each month.',
    ],
  },
  {
    about: 'board games',
    services: ['boardgames', 'tabletop', 'meeples'],
    resources: [
      'board_game: players_min#, players_max#, minutes#, age#, mechanism=worker/deck/auction/area, cooperative?',
      'play: board_game, winner, played_on@, score#, seats#',
      'expansion: board_game, released_on@, adds_players?, price_eur#, publisher',
      'game_night: place, on@, seats#, theme, beginners_welcome?',
      'rule_question: board_game, page#, asked_on@, answered?, wording',
      'game_copy: board_game, condition=new/good/worn, lent?, missing_parts*, shelf',
    ],
    notes: [
      'Minutes are for the number of players that the box names first.',
      'A play without a winner is counted as lost together.',
      'Copies with missing parts are lent only on demand.',
    ],
  },
  {
    about: 'hotels',
    services: ['hotels', 'guesthouse', 'staybook'],
    resources: [
      'hotel: stars#, city, rooms#, pets_allowed?, amenities*, opened_on@',
      'hotel_room: category=single/double/family/suite, nightly_eur#, floor#, smoking?, view',
      'stay: hotel_room, arrives_on@, nights#, guests#, breakfast?, state=booked/in_house/left',
      'housekeeping_task: hotel_room, kind=clean/linen/minibar/repair, due_on@, done?, minutes#',
      'rate_plan: label, discount_percent#, refundable?, minimum_nights#, from@',
      'guest_review: hotel, stars#, written_on@, language, answered?',
    ],
    notes: [
      'Prices are for the room and night, with taxes and without breakfast.',
      'A night ends at eleven, and later departures count as one more.',
      'Rates are copied to the portals every ten minutes.',
    ],
  },
  {
    about: 'hiking trails',
    services: ['trails', 'hiking', 'summits'],
    resources: [
      'trail: length_km#, climb_m#, difficulty=easy/medium/hard/alpine, marked?, region',
      'hut: altitude_m#, beds#, staffed?, opens_on@, winter_room?',
      'trail_condition: trail, state=open/muddy/snow/closed, seen_on@, reporter',
      'summit: height_m#, first_climbed_on@, cross?, massif',
      'waypoint: trail, latitude#, longitude#, water?, kind=fork/bridge/spring/view',
      'hut_bed: hut, night@, kind=dormitory/room, blanket?, price_eur#',
    ],
    notes: [
      'Walking times are for a light pack and without rests.',
      'Conditions older than a week are shown in grey.',
      'Beds are released again at six in the evening when nobody has come.',
    ],
  },
  {
    about: 'skiing',
    services: ['skiing', 'pistes', 'snowreport'],
    resources: [
      'piste: difficulty=blue/red/black, length_m#, groomed?, snow_cm#, lit?',
      'ski_lift: kind=chair/gondola/drag, persons_per_hour#, running?, wind_limit_kmh#, valley',
      'snow_report: resort, top_cm#, valley_cm#, fresh_cm#, on@',
      'ski_pass: days#, age=child/adult/senior, price_eur#, valid_from@, keycard',
      'avalanche_bulletin: massif, level#, issued_on@, aspects*, above_m#',
      'ski_school_course: level=first/turning/racing, children?, meets_at, days#, instructor',
    ],
    notes: [
      'Snow depths are measured at seven in the morning.',
      'A lift that stands because of wind is shown as closed and not as broken.',
      'The bulletin holds from five in the afternoon for one day.',
    ],
  },
  {
    about: 'campsites',
    services: ['campsites', 'pitches', 'outdoors'],
    resources: [
      'campsite: lake?, pitches#, season_from@, season_to@, region, dogs_allowed?',
      'pitch: size_m2#, power_amps#, shade=none/some/full, surface=grass/gravel, row',
      'pitch_booking: pitch, arrives_on@, nights#, vehicle=tent/caravan/camper, adults#',
      'wash_house: showers#, accessible?, hot_water?, cleaned_on@, position',
      'canoe: seats#, life_vests#, daily_eur#, rented?, material',
      'campfire_permit: pitch, on@, wood_kg#, revoked?, risk=low/medium/high',
    ],
    notes: [
      'Arrivals are from two in the afternoon until eight.',
      'In July and August at least three nights are booked.',
      'Fires are forbidden from the third level of risk.',
    ],
  },
]
