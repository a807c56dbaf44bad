import type { Domain } from '../made/vocabulary.ts'

export const PUBLIC: readonly Domain[] = [
  {
    about: 'building permits',
    services: ['permits', 'planning', 'buildoffice'],
    resources: [
      'building_permit: parcel_number, kind=new/extension/demolition/change, filed_on@, state=filed/review/granted/refused, storeys#',
      'site_visit: building_permit, inspector, on@, findings*, passed?',
      'zoning_rule: zone=residential/mixed/industrial/green, max_height_m#, coverage_percent#, since@',
      'neighbour_objection: building_permit, received_on@, grounds=light/noise/distance, upheld?',
      'permit_fee: amount_eur#, basis, due_on@, paid?, waiver',
      'plan_sheet: building_permit, scale, sheet_number#, revision, stamped?',
    ],
    notes: [
      'The clock of a permit stands while documents are missing.',
      'Objections are heard for four weeks after the notice.',
      'Heights are measured from the natural ground.',
    ],
  },
  {
    about: 'elections',
    services: ['elections', 'ballots', 'pollstation'],
    resources: [
      'polling_place: district, booths#, step_free?, opens_at, voters#',
      'ballot: election, options#, language=en/de/fr, printed#, postal?',
      'district_result: election, votes#, turnout_percent#, counted_on@, final?',
      'candidate: list_name, position#, district, incumbent?, born_on@',
      'poll_worker: polling_place, role=chair/clerk/counter, trained?, shift=morning/evening',
      'recount: district, requested_on@, difference#, reason, ended?',
    ],
    notes: [
      'Results are preliminary until the board has met.',
      'Postal ballots are counted with the district of the sender.',
      'Turnout is of those who may vote and not of all inhabitants.',
    ],
  },
  {
    about: 'land register',
    services: ['landregister', 'cadastre', 'plots'],
    resources: [
      'plot: district, area_m2#, use=field/forest/building/road, surveyed_on@, disputed?',
      'title_deed: plot, share_percent#, registered_on@, encumbered?, notary',
      'easement: plot, kind=way/pipe/view, since@, beneficiary, width_m#',
      'boundary_stone: plot, easting#, northing#, found?, set_on@',
      'mortgage_charge: plot, amount_eur#, rank#, entered_on@, cleared?',
      'valuation: plot, per_m2_eur#, year#, zone, contested?',
    ],
    notes: [
      'Who asks for a deed has to name a lawful interest.',
      'Areas come from the survey and may differ from what the deed says.',
      'Ranks of charges are those of the day of entry.',
    ],
  },
  {
    about: 'waste and recycling',
    services: ['recycling', 'wastebins', 'scrapyard'],
    resources: [
      'bin: kind=paper/glass/bio/residual, litres#, street, fill_percent#, damaged?',
      'collection_round: district, weekday, truck, tonnes#, next_on@',
      'recycling_yard: town, accepts*, opening_hours, weighbridge?, queue_minutes#',
      'bulky_pickup: street, items*, wanted_on@, cubic_metres#, fee_eur#',
      'sorting_batch: material=paper/glass/metal/plastic, tonnes#, purity_percent#, baled_on@',
      'missed_collection: street, kind=paper/glass/bio/residual, reported_on@, resolved?, reason',
    ],
    notes: [
      'Rounds move by one day after a public holiday.',
      'Bins with a sensor tell their level twice a day.',
      'Bulky things are collected from the kerb only.',
    ],
  },
  {
    about: 'street lighting and roads',
    services: ['streetworks', 'roadcare', 'lanterns'],
    resources: [
      'street_lamp: street, watts#, pole_number, dimmed?, kind=led/sodium/gas',
      'pothole: street, depth_cm#, width_cm#, reported_on@, filled?',
      'road_closure: street, from@, to@, reason=works/parade/flood, detour',
      'gritting_route: kilometres#, spreader, salt_kg#, priority#, done?',
      'traffic_light: crossing, phases#, cycle_seconds#, blind_signal?, adaptive?',
      'road_survey: street, condition#, surveyed_on@, lanes#, crew',
    ],
    notes: [
      'Potholes on main roads are filled within two days.',
      'Closures are published three days ahead, except for floods.',
      'Lamps are dimmed to half between one and five.',
    ],
  },
  {
    about: 'water supply',
    services: ['waterworks', 'hydrants', 'pipeline'],
    resources: [
      'water_meter: serial, street, cubic_metres#, read_on@, leaking?',
      'pipe: material=steel/pvc/cast_iron/lead, diameter_mm#, laid_on@, street, pressure_bar#',
      'hydrant: street, flow_lpm#, underground?, checked_on@, thread',
      'water_test: source, hardness#, nitrate_mg#, tested_on@, fit_to_drink?',
      'reservoir: capacity_m3#, level_percent#, covered?, village, cleaned_on@',
      'pipe_burst: street, litres_lost#, found_on@, repaired?, houses_cut_off#',
    ],
    notes: [
      'Hardness is in German degrees.',
      'Meters are read once a year; between two readings the value is estimated.',
      'Hydrants are checked before the first frost.',
    ],
  },
  {
    about: 'lost property',
    services: ['lostfound', 'foundbox', 'reclaim'],
    resources: [
      'found_item: category=bag/phone/key/clothing/umbrella, colour, found_on@, place, valuable?',
      'loss_report: category=bag/phone/key/clothing/umbrella, lost_on@, line, marks*, matched?',
      'handover: found_item, identity_checked?, fee_eur#, handed_on@, counter',
      'storage_shelf: depot, row, free_places#, cooled?',
      'item_auction: on@, items#, hall, proceeds_eur#, online?',
      'match: found_item, loss_report, score#, confirmed?, suggested_on@',
    ],
    notes: [
      'Items are kept for six months and then sold.',
      'Phones are not switched on by the staff.',
      'A match under sixty points is not shown to the finder.',
    ],
  },
]
