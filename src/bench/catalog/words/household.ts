import type { Domain } from '../made/vocabulary.ts'

export const HOUSEHOLD: readonly Domain[] = [
  {
    about: 'recipes',
    services: ['recipes', 'cookbook', 'kitchen'],
    resources: [
      'recipe: cuisine=italian/indian/mexican/nordic/thai, servings#, minutes#, vegetarian?, ingredients*',
      'ingredient: aisle, calories#, allergen=none/gluten/milk/nut/egg, in_season?, substitutes*',
      'meal_plan: week, meals#, diet=any/vegetarian/vegan, budget_eur#, leftovers?',
      'pantry_item: shelf, amount_g#, best_before@, opened?',
      'cooking_step: recipe, position#, minutes#, technique=boil/bake/fry/rest, temperature_celsius#',
      'wine_pairing: grape, sweetness=dry/medium/sweet, price_eur#, dishes*',
    ],
    notes: [
      'Amounts are scaled to the number of servings and rounded to what a kitchen can weigh.',
      'Minutes are for the work only; resting and rising come on top.',
      'Allergens are those of the ingredients as they are, without traces.',
    ],
  },
  {
    about: 'gardens',
    services: ['garden', 'plantcare', 'plantbeds'],
    resources: [
      'plant: latin_name, light=sun/half/shade, height_cm#, hardy?, flowers_in*',
      'bed: length_m#, width_m#, soil=clay/loam/sand, raised?, orientation',
      'watering_rule: zone, litres#, every_days#, skip_when_raining?, from_hour#',
      'seed_packet: variety, germination_percent#, sow_before@, organic?, supplier',
      'compost_heap: started_on@, temperature_celsius#, turned?, volume_l#',
      'pest: kind=aphid/slug/mite/mildew, plants*, severity#, first_seen_on@, treatment',
    ],
    notes: [
      'Watering is skipped when more than five millimetres of rain fell since the evening.',
      'Dates for sowing follow the last frost of the place and not the month.',
      'Beds remember what grew in them for four years.',
    ],
  },
  {
    about: 'lights and heating at home',
    services: ['smarthome', 'lights', 'thermostat'],
    resources: [
      'lamp: room, brightness_percent#, colour, on?, firmware',
      'scene: rooms*, fade_seconds#, trigger=manual/sunset/motion, active?',
      'radiator: room, target_celsius#, valve_percent#, window_open?, battery_percent#',
      'blind: window, position_percent#, tilt#, locked?, side=north/east/south/west',
      'motion_sensor: room, sensitivity#, last_motion@, armed?',
      'automation: trigger, actions*, enabled?, runs#, last_run@',
    ],
    notes: [
      'Devices that sleep answer only when they wake up, which can take a minute.',
      'Changes are sent over the local bridge and work without the internet.',
      'A window that is open turns the radiator of its room down.',
    ],
  },
  {
    about: 'rooms that can be booked',
    services: ['rooms', 'venues', 'spacebook'],
    resources: [
      'room: building, seats#, floor#, equipment*, step_free?',
      'room_booking: room, starts_on@, hours#, purpose, catering?',
      'floor_plan: building, floor#, desks#, drawn_on@, units=metres/feet',
      'desk: floor#, zone=quiet/team/phone, monitor?, height_adjustable?, dock',
      'equipment_loan: item, returned?, due_on@, deposit_eur#, shelf',
      'opening_rule: building, weekday=weekday/saturday/sunday, from_hour#, to_hour#, staffed?',
    ],
    notes: [
      'A room that nobody has entered after fifteen minutes is given free.',
      'Seats are counted for rows; with tables there are about half as many.',
      'Bookings of more than four hours have to be confirmed by the house.',
    ],
  },
  {
    about: 'household energy',
    services: ['energy', 'solarhome', 'wattage'],
    resources: [
      'meter: kind=power/gas/heat, serial, readings_per_day#, smart?, installed_on@',
      'meter_value: meter, value_kwh#, taken_on@, estimated?, source',
      'solar_panel: roof_side=north/east/south/west, peak_w#, tilt#, inverter, cleaned_on@',
      'home_battery: capacity_kwh#, charge_percent#, cycles#, backup_mode?',
      'appliance: label, standby_w#, yearly_kwh#, class=A/B/C/D/E',
      'power_contract: supplier, per_kwh_ct#, base_eur#, green?, ends_on@',
    ],
    notes: [
      'Estimated values are replaced when the meter has been read.',
      'Production and consumption are both positive; the balance has a sign.',
      'Quarter-hour values are kept for two years, daily values for ever.',
    ],
  },
  {
    about: 'pets and their vets',
    services: ['pets', 'vetcare', 'pawbook'],
    resources: [
      'pet: kind=dog/cat/rabbit/bird, breed, weight_kg#, born_on@, neutered?',
      'vaccination: pet, vaccine, given_on@, due_on@, batch',
      'chip: number, registered?, implanted_on@, country, maker',
      'vet_visit: pet, reason, fee_eur#, visited_on@, follow_up?',
      'feeding_plan: pet, grams#, meals#, food=dry/wet/raw, allergies*',
      'kennel: size=small/medium/large, heated?, nightly_eur#, free_from@',
    ],
    notes: [
      'Chip numbers have fifteen digits and are checked against the country code.',
      'Weights are kept as a series, so that a loss can be seen.',
      'A visit without a fee is a follow-up of an earlier one.',
    ],
  },
  {
    about: 'laundries and dry cleaning',
    services: ['laundry', 'washroom', 'linen'],
    resources: [
      'washing_machine: drum_kg#, programme=cotton/wool/mixed/short, running?, minutes_left#',
      'garment: fabric=cotton/silk/wool/linen, stains*, colour, pressed?, label',
      'laundry_bag: weight_kg#, collected_on@, ready_on@, express?',
      'linen_set: hotel, sheets#, towels#, wash_cycles#, torn?',
      'detergent: brand_line, dose_ml#, scented?, opened_on@',
      'press_station: operator, garments_per_hour#, steam?, serviced_on@',
    ],
    notes: [
      'Programmes are chosen by the most delicate garment in the drum.',
      'Express bags are ready on the next working day before noon.',
      'A linen set is retired after two hundred washes.',
    ],
  },
]
