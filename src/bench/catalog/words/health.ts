import type { Domain } from '../made/vocabulary.ts'

export const HEALTH: readonly Domain[] = [
  {
    about: 'pharmacy',
    services: ['pharmacy', 'dispensary', 'medicines'],
    resources: [
      'medicine: substance, strength_mg#, form=tablet/syrup/cream/injection, prescription_only?, maker',
      'prescription: medicine, doses#, repeats#, issued_on@, expires_on@, dispensed?',
      'interaction: substance_a, substance_b, severity=minor/moderate/major, mechanism',
      'cold_shelf: temperature_celsius#, checked_on@, boxes#, sealed?',
      'night_duty: on@, street, from_hour#, emergency_bell?',
      'batch_recall: medicine, batch, reason, since@, class=I/II/III',
    ],
    notes: [
      'Doses are for adults; those for children are a resource of their own.',
      'Interactions are listed in both directions only once.',
      'A recall of class I is shown before everything else.',
    ],
  },
  {
    about: 'laboratory samples',
    services: ['lab', 'samples', 'assays'],
    resources: [
      'sample: barcode, tissue=blood/saliva/urine/swab, volume_ml#, drawn_on@, frozen?',
      'assay: analyte, method=elisa/pcr/culture, minutes#, accredited?, unit',
      'assay_result: sample, analyte, value#, flagged?, measured_on@',
      'freezer: temperature_celsius#, racks#, free_positions#, on_backup_power?, building',
      'reagent: lot_number, opened_on@, expires_on@, volume_ml#, hazard=none/irritant/toxic',
      'courier_box: route, sealed?, max_celsius#, left_on@, samples#',
    ],
    notes: [
      'Values below the limit of detection are given as zero with a flag.',
      'A sample may be thawed three times at most.',
      'Barcodes are printed with a check digit.',
    ],
  },
  {
    about: 'nutrition',
    services: ['nutrition', 'mealtrack', 'foodfacts'],
    resources: [
      'food: kcal#, protein_g#, fat_g#, group=fruit/grain/dairy/meat/legume, raw?',
      'meal_entry: food, grams#, eaten_on@, meal=breakfast/lunch/dinner/snack',
      'diet_goal: kcal#, protein_g#, from@, strict?, focus=lose/keep/gain',
      'water_intake: millilitres#, drunk_on@, kind=water/tea/juice',
      'food_label: barcode, serving_g#, languages*, verified?, score=A/B/C/D/E',
      'intolerance: substance, severity#, diagnosed_on@, foods*',
    ],
    notes: [
      'Values are for a hundred grams unless a serving is named.',
      'Raw and cooked are two foods.',
      'Goals begin at midnight of the day on which they are set.',
    ],
  },
  {
    about: 'training and fitness',
    services: ['fitness', 'workouts', 'footwork'],
    resources: [
      'workout: sport=run/ride/swim/row/lift, minutes#, distance_km#, done_on@, indoor?',
      'exercise: muscle=chest/back/leg/core/arm, equipment, sets#, repetitions#, video',
      'training_plan: goal, weeks#, sessions_per_week#, level=beginner/advanced/elite, coach',
      'heart_zone: zone#, from_bpm#, to_bpm#, tested_on@',
      'race: place, distance_km#, on@, elevation_m#, qualified?',
      'gym_class: room, places#, starts_on@, instructor, waitlist?',
    ],
    notes: [
      'Distances indoors are what the machine says.',
      'A plan shifts by itself when more than two sessions were missed.',
      'Heart zones are recomputed after each test.',
    ],
  },
  {
    about: 'blood donation',
    services: ['bloodbank', 'donorclinic', 'plasma'],
    resources: [
      'blood_unit: group=A/B/AB/O, rhesus=positive/negative, volume_ml#, drawn_on@, expires_on@, irradiated?',
      'donor_visit: donor_number, haemoglobin#, deferred?, visited_on@, centre',
      'donation_centre: city, couches#, evening_hours?, parking?, languages*',
      'deferral: reason=travel/medication/illness/tattoo, until@, permanent?',
      'transfusion: unit, ward, started_on@, minutes#, reaction?',
      'mobile_drive: town, on@, expected#, collected#, bus',
    ],
    notes: [
      'Units are handed out by their date, the oldest first.',
      'Whole blood can be given every eight weeks.',
      'A deferral can only be ended by a doctor of the centre.',
    ],
  },
  {
    about: 'hearing and eye care',
    services: ['optician', 'hearingcare', 'eyesight'],
    resources: [
      'eye_test: left_dioptre#, right_dioptre#, tested_on@, optometrist, driving_fit?',
      'frame: shape=round/square/oval, bridge_mm#, material, colour, price_eur#',
      'lens: coating=none/hard/blue/sun, index#, progressive?, supplier',
      'hearing_aid: side=left/right/both, battery=zinc/rechargeable, programmes#, fitted_on@, serial',
      'audiogram: loss_db#, frequency_hz#, side=left/right, recorded_on@, masked?',
      'fitting: device, minutes#, booked_for@, follow_up?, branch',
    ],
    notes: [
      'Dioptres come in quarters, with the sign first.',
      'Audiograms are stored as one value for each frequency and side.',
      'Fittings within six weeks of the first one are free.',
    ],
  },
]
