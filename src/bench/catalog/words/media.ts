import type { Domain } from '../made/vocabulary.ts'

export const MEDIA: readonly Domain[] = [
  {
    about: 'images',
    services: ['images', 'pixels', 'darkroom'],
    resources: [
      'image: width_px#, height_px#, format=png/jpeg/webp/avif, taken_on@, tags*, transparent?',
      'crop: image, x#, y#, ratio=square/wide/portrait, focus',
      'album: cover, images#, public?, sorted_by=date/name/rating, created_on@',
      'watermark: wording, opacity_percent#, corner=top_left/top_right/bottom_left/bottom_right, tiled?',
      'colour_profile: space=srgb/p3/adobe, gamma#, embedded?, maker',
      'thumbnail: image, width_px#, quality#, cached?, expires_on@',
    ],
    notes: [
      'Images are turned upright before anything else is done with them.',
      'Metadata with a position is removed unless it is asked for.',
      'Sizes are in pixels of the original and not of the screen.',
    ],
  },
  {
    about: 'video rendering',
    services: ['renderfarm', 'videocut', 'framestack'],
    resources: [
      'render_job: timeline, frames#, codec=h264/h265/av1/prores, started_on@, failed?, priority#',
      'timeline: tracks#, frames_per_second#, minutes#, locked?, editor',
      'clip: timeline, from_frame#, to_frame#, muted?, source',
      'subtitle_track: language=en/de/fr/es, lines#, burned_in?, format=srt/vtt/ass',
      'render_node: cores#, memory_gb#, busy?, region, last_seen_on@',
      'transition: kind=cut/fade/wipe/dissolve, frames#, easing, clip',
    ],
    notes: [
      'Frames are counted from zero, and the end does not belong to the clip.',
      'A job that lost its node starts again from the last whole segment.',
      'Nodes that are idle for ten minutes are switched off.',
    ],
  },
  {
    about: 'audio processing',
    services: ['audio', 'soundlab', 'mixdesk'],
    resources: [
      'recording: seconds#, sample_rate_hz#, bits#, made_on@, microphone, mono?',
      'mix: recordings#, loudness_lufs#, mastered?, engineer, format=wav/flac/mp3',
      'speech_segment: recording, from_second#, to_second#, speaker, confidence#',
      'sound_effect: category=nature/city/machine/crowd, seconds#, loopable?, licence',
      'equaliser_preset: bands#, gain_db#, genre, shared?',
      'voice: language=en/de/fr/es, age=young/adult/old, pitch#, licensed?, style',
    ],
    notes: [
      'Loudness is integrated over the whole recording.',
      'Silence at both ends is removed when a mix is made.',
      'Speakers are numbered in the order in which they speak.',
    ],
  },
  {
    about: 'maps and routes',
    services: ['maps', 'geocoder', 'routing'],
    resources: [
      'route: from_place, to_place, profile=car/bike/walk/truck, distance_km#, minutes#, avoid_tolls?',
      'place: latitude#, longitude#, category=food/fuel/lodging/sight/shop, rating#, open_now?',
      'map_layer: kind=roads/terrain/satellite/transit, opacity_percent#, zoom#, visible?',
      'isochrone: origin, minutes#, profile=car/bike/walk, polygons#, generalise_m#',
      'address: street, house_number, postcode, country, confidence#',
      'elevation_profile: points#, climb_m#, steepest_percent#, samples#, smoothed?',
    ],
    notes: [
      'Coordinates are latitude first, in decimal degrees.',
      'Routes take the traffic of the hour into account when a departure is given.',
      'Addresses are matched loosely; look at the confidence before you rely on one.',
    ],
  },
  {
    about: 'fonts and type',
    services: ['fonts', 'typefoundry', 'glyphs'],
    resources: [
      'font: designer, weights#, classification=serif/sans/mono/script, variable?, scripts*',
      'glyph: font, codepoint, advance#, kerned?, components*',
      'font_licence: use=desktop/web/app, seats#, until@, price_eur#',
      'pairing: heading_font, body_font, contrast#, mood',
      'specimen: font, pages#, paper=a4/letter/a5, coloured?, printed_on@',
      'web_kit: fonts*, domains*, views#, subset?, expires_on@',
    ],
    notes: [
      'Advances are in units of the em, of which a font has a thousand.',
      'A subset holds only the letters that the page uses.',
      'Licences of the desktop do not cover the web.',
    ],
  },
  {
    about: 'surveys',
    services: ['surveys', 'polls', 'questionnaire'],
    resources: [
      'survey: topic, questions#, opens_on@, closes_on@, anonymous?, languages*',
      'survey_answer: survey, respondent, answered_on@, minutes#, complete?',
      'survey_question: survey, kind=scale/choice/matrix/open, position#, mandatory?, wording',
      'quota: survey, group, target#, reached#, closed?',
      'panel: country, members#, incentive_eur#, active?, recruited_on@',
      'crosstab: survey, row_question, column_question, weighting=none/age/region, cells#',
    ],
    notes: [
      'Answers under a minute are kept and marked as hasty.',
      'Cells with fewer than five respondents are blanked.',
      'Questions cannot be reworded once the survey is open.',
    ],
  },
  {
    about: 'electronic books',
    services: ['ebooks', 'epubpress', 'pagecraft'],
    resources: [
      'manuscript: words#, chapters#, genre=novel/poetry/essay/guide, deadline@, edited?',
      'chapter: manuscript, position#, words#, title, draft?',
      'edition: isbn, format=epub/pdf/print, price_eur#, released_on@, territory',
      'cover_design: width_px#, height_px#, artist, approved?, palette*',
      'royalty_statement: edition, copies#, amount_eur#, quarter, paid?',
      'reader_review: edition, stars#, language, written_on@, verified?',
    ],
    notes: [
      'Chapters are numbered anew when one of them moves.',
      'Royalties are for copies sold less copies returned.',
      'An edition that was released keeps its ISBN for ever.',
    ],
  },
]
