import type { Domain } from '../made/vocabulary.ts'

export const MOVEMENT: readonly Domain[] = [
  {
    about: 'vehicle fleet',
    services: ['fleet', 'vehicles', 'motorpool'],
    resources: [
      'vehicle: plate, mileage_km#, fuel=diesel/petrol/electric/hybrid, depot, in_service?, bought_on@',
      'driver: licence_class=B/C1/C/D, home_depot, rest_hours#, medical_until@, languages*',
      'trip: origin, destination, distance_km#, started_on@, purpose=delivery/service/private',
      'inspection: garage, due_on@, result=passed/failed/repeat, defects*, cost_eur#',
      'fuel_card: card_number, monthly_limit_eur#, blocked?, valid_until@, station_brands*',
      'tyre_set: season=summer/winter/all_year, tread_mm#, storage_rack, fitted_on@',
    ],
    notes: [
      'Mileage is taken over from the telematics unit once a day, after the depots have closed.',
      'A vehicle that is out of service cannot be given to a driver.',
      'Distances are those of the road and not of the straight line.',
    ],
  },
  {
    about: 'car parks',
    services: ['parking', 'carpark', 'kerbside'],
    resources: [
      'car_park: operator, spaces#, height_limit_m#, open_at_night?, tariff_zone',
      'bay: level, size=small/standard/wide/accessible, sensor, occupied?, has_charger?',
      'parking_session: plate, entered_on@, duration_minutes#, paid?, exit_gate',
      'permit: holder, zone, valid_until@, kind=resident/visitor/trade, plates*',
      'barrier: lane, position=open/closed/fault, direction=in/out, last_service@',
      'tariff: zone, price_per_hour_eur#, daily_cap_eur#, free_minutes#, weekdays*',
    ],
    notes: [
      'Free spaces are counted by sensors in the floor and may lag by up to a minute.',
      'The first minutes of a session are free where the tariff says so.',
      'Plates are written without spaces or dashes.',
    ],
  },
  {
    about: 'public transport',
    services: ['transit', 'departures', 'railboard'],
    resources: [
      'stop: zone, platform_count#, sheltered?, step_free?, lines*',
      'line: operator, mode=bus/tram/metro/ferry, colour, first_run, night_service?',
      'departure: stop, line, platform, delay_minutes#, cancelled?, planned_on@',
      'disruption: cause=works/weather/strike/fault, severity=low/medium/high, begins_on@, ends_on@, lines*',
      'fare: zones#, price_eur#, passenger=adult/child/senior, valid_hours#, carrier',
      'lift: station, level_from, level_to, out_of_use?, expected_back_on@',
    ],
    notes: [
      'Times are local to the stop, also on the night when the clocks change.',
      'Delays come from the control room every thirty seconds.',
      'A line may have more than one operator on the same day.',
    ],
  },
  {
    about: 'airfields and flights',
    services: ['airfield', 'flightdesk', 'hangar'],
    resources: [
      'flight: callsign, origin, destination, gate, state=planned/boarding/airborne/landed, departs_on@',
      'aircraft: registration, seats#, range_km#, maker, grounded?',
      'runway: heading#, length_m#, surface=asphalt/concrete/grass, lit?, closed_until@',
      'slot: runway, starts_on@, duration_minutes#, kind=arrival/departure, holder',
      'crew_roster: base, month, duty_hours#, published?, roles*',
      'hangar_place: hangar, length_m#, heated?, free_from@, daily_rate_eur#',
    ],
    notes: [
      'All times are UTC unless the name of a member ends in `local`.',
      'Runway headings are magnetic and rounded to ten degrees.',
      'A slot is lost when it is not confirmed two hours ahead.',
    ],
  },
  {
    about: 'container port',
    services: ['port', 'quayside', 'boxyard'],
    resources: [
      'container: size=20ft/40ft/45ft, weight_kg#, seal, reefer?, yard_position',
      'vessel: flag, length_m#, draught_m#, capacity_teu#, arrives_on@',
      'berth: quay, length_m#, depth_m#, shore_power?, free_from@',
      'crane_move: crane, kind=load/discharge/shift, container, finished_on@, minutes#',
      'customs_hold: reason=documents/scan/weight, placed_on@, released?, officer',
      'gate_visit: truck_plate, purpose=pickup/drop, booked_for@, lane, waiting_minutes#',
    ],
    notes: [
      'A container under a customs hold can be moved in the yard but cannot leave the gate.',
      'Weights are verified gross mass as the line has declared it.',
      'Berth plans are frozen twelve hours before the arrival of the vessel.',
    ],
  },
  {
    about: 'parcel delivery',
    services: ['parcels', 'lastmile', 'depotline'],
    resources: [
      'parcel: tracking_code, weight_kg#, postcode, state=announced/at_depot/on_van/delivered, insured?',
      'round: depot, van, stops#, starts_on@, area',
      'locker: street, doors#, free_doors#, refrigerated?, opening_hours',
      'delivery_proof: signed_by, photo_taken?, delivered_on@, place=door/locker/neighbour',
      'pickup_request: street, parcels#, wanted_on@, window=morning/afternoon/evening, heavy?',
      'surcharge: reason=size/remote/island, amount_eur#, postcodes*, valid_until@',
    ],
    notes: [
      'Scans reach the system when a van is back in range, which can take some hours in the country.',
      'A locker keeps a parcel for five days.',
      'The window of a pickup is a wish and no promise.',
    ],
  },
  {
    about: 'shared bicycles',
    services: ['bikeshare', 'pedals', 'cyclehub'],
    resources: [
      'bike: frame_number, battery_percent#, model=city/cargo/electric, locked?, last_seen_on@',
      'dock: district, places#, free_places#, solar?, closed?',
      'ride: bike, from_dock, to_dock, minutes#, price_eur#, started_on@',
      'repair_job: bike, fault=brake/tyre/chain/battery, mechanic, parts*, done?',
      'pass: kind=day/month/year, zone, price_eur#, valid_until@',
      'rebalancing_run: van, bikes#, from_district, to_district, planned_on@',
    ],
    notes: [
      'A bike that has not been seen for three days counts as missing.',
      'Rides under one minute are thrown away as false starts.',
      'Battery levels of electric bikes are sent once every ten minutes.',
    ],
  },
  {
    about: 'charging of electric cars',
    services: ['charging', 'chargepoints', 'plugmap'],
    resources: [
      'charging_point: connector=type2/ccs/chademo, power_kw#, street, public?, state=free/busy/broken',
      'charging_session: point, energy_kwh#, minutes#, price_eur#, started_on@',
      'charge_card: label, holder, blocked?, monthly_limit_kwh#, issued_on@',
      'load_limit: site, amperes#, from_hour#, to_hour#, reason',
      'price_plan: per_kwh_eur#, per_minute_eur#, blocking_fee?, valid_from@',
      'firmware: maker, build, released_on@, mandatory?, models*',
    ],
    notes: [
      'Energy is what the meter of the point has counted, and is settled at midnight.',
      'A load limit holds for the whole site and is shared by its points.',
      'Points that have not answered for fifteen minutes are shown as broken.',
    ],
  },
]
