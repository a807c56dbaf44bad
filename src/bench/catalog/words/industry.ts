import type { Domain } from '../made/vocabulary.ts'

export const INDUSTRY: readonly Domain[] = [
  {
    about: 'machine maintenance',
    services: ['maintenance', 'machines', 'upkeep'],
    resources: [
      'machine: hall, maker, hours_run#, criticality=low/medium/high, running?, installed_on@',
      'maintenance_job: machine, kind=lubrication/overhaul/repair/check, planned_on@, hours#, done?',
      'spare_part: drawing_number, bin, lead_days#, price_eur#, interchangeable?',
      'downtime: machine, cause=fault/setup/material/crew, minutes#, began_on@, shift',
      'vibration_reading: machine, axis=x/y/z, mm_per_s#, taken_on@, bearing',
      'technician_crew: shift=early/late/night, members#, trades*, on_call?',
    ],
    notes: [
      'Hours are counted while the spindle turns and not while the power is on.',
      'A job that is overdue by more than a week blocks the release of the machine.',
      'Minutes of downtime are rounded up to five.',
    ],
  },
  {
    about: 'quality inspection',
    services: ['quality', 'inspections', 'gaugelab'],
    resources: [
      'inspection_lot: article, size#, sampled#, verdict=pass/fail/concession, made_on@',
      'defect: lot, code, severity=cosmetic/minor/major/critical, count#, photo_taken?',
      'gauge_tool: range_mm#, resolution_mm#, calibrated_until@, cabinet, locked?',
      'control_plan: article, characteristics*, frequency#, revision, approved?',
      'capability_study: characteristic, cpk#, parts#, run_on@, machine',
      'supplier_audit: supplier, score#, held_on@, auditor, grade=A/B/C',
    ],
    notes: [
      'Samples are drawn by the table of the control plan.',
      'A concession holds for one lot and never for the article.',
      'Gauges that are past their date lock themselves.',
    ],
  },
  {
    about: 'warehouse robots',
    services: ['robots', 'shuttles', 'agvfleet'],
    resources: [
      'robot: battery_percent#, aisle, payload_kg#, state=idle/moving/charging/fault, firmware',
      'mission: robot, from_aisle, to_aisle, priority#, started_on@, aborted?',
      'charging_bay: hall, power_kw#, robot, free?',
      'safety_zone: hall, speed_limit_mps#, scanner, active?, reason',
      'floor_map: hall, revision#, resolution_cm#, surveyed_on@, published?',
      'traffic_rule: aisle, direction=one_way/two_way/closed, from_hour#, to_hour#',
    ],
    notes: [
      'Robots finish the mission that they have begun before they obey a new rule.',
      'Below fifteen percent a robot drives to the next bay by itself.',
      'Maps are swapped while no robot is moving.',
    ],
  },
  {
    about: '3D printing',
    services: ['printfarm', 'additive', 'layers'],
    resources: [
      'print_job: model, material=pla/petg/abs/resin/nylon, layer_mm#, hours#, queued_on@, failed?',
      'printer: bed_mm#, nozzle_mm#, enclosed?, state=idle/printing/paused/fault, site',
      'spool: material=pla/petg/abs/nylon, colour, grams_left#, dried_on@, rack',
      'slicing_profile: infill_percent#, supports?, speed_mms#, brim?, label',
      'build_plate: printer, surface=glass/steel/textured, cleaned_on@, prints#',
      'post_process: print_job, step=wash/cure/sand/paint, minutes#, operator',
    ],
    notes: [
      'Hours are those of the slicer and usually five percent too low.',
      'A spool that was dried more than two weeks ago is dried again.',
      'Paused jobs keep the bed warm for one hour.',
    ],
  },
  {
    about: 'chemicals and hazards',
    services: ['chemicals', 'hazmat', 'safetysheet'],
    resources: [
      'chemical: cas_number, formula, state=solid/liquid/gas, flash_point_celsius#, carcinogenic?',
      'safety_sheet: chemical, language=en/de/fr/es, revised_on@, sections#, supplier',
      'cabinet: building, class=acid/base/solvent/oxidiser, volume_l#, ventilated?, inspected_on@',
      'exposure_limit: chemical, ppm#, minutes#, country, binding?',
      'spill: place, litres#, happened_on@, contained?, substances*',
      'disposal_run: contractor, drums#, collected_on@, waste_code, manifest',
    ],
    notes: [
      'Acids and bases are never put into the same cabinet, and the register refuses it.',
      'Sheets older than three years are marked as stale.',
      'Limits are means over eight hours unless minutes are given.',
    ],
  },
  {
    about: 'lifts and escalators',
    services: ['elevators', 'liftcare', 'shaftline'],
    resources: [
      'elevator: building, floors#, capacity_kg#, kind=rope/hydraulic, blocked?, commissioned_on@',
      'elevator_fault: elevator, code, floor#, reported_on@, trapped?',
      'service_contract: level=basic/full/premium, monthly_eur#, response_minutes#, ends_on@',
      'door_cycle_count: elevator, cycles#, counted_on@, door=front/rear',
      'emergency_call: elevator, answered_in_seconds#, at@, operator, false_alarm?',
      'safety_test: elevator, load_kg#, tested_on@, inspector, passed?',
    ],
    notes: [
      'Emergency calls are answered within thirty seconds, day and night.',
      'Doors are the cause of two faults in three.',
      'After a safety test the elevator stays blocked until it is released.',
    ],
  },
  {
    about: 'breweries and cellars',
    services: ['brewery', 'fermenter', 'cellar'],
    resources: [
      'brew: style=lager/ale/stout/wheat, volume_l#, gravity#, brewed_on@, hops*',
      'tank: volume_l#, pressure_bar#, temperature_celsius#, jacketed?, cleaned_on@',
      'yeast: strain, generation#, viability_percent#, harvested_on@, dry?',
      'malt_delivery: maltster, tonnes#, colour_ebc#, arrived_on@, silo',
      'tasting: brew, score#, tasters#, held_on@, off_flavours*',
      'keg: litres#, connector=A/S/D, returned?, deposit_eur#, last_filled_on@',
    ],
    notes: [
      'Gravity is in degrees Plato and corrected to twenty degrees.',
      'Yeast is used for eight generations at most.',
      'A tank has to be clean for less than three days when it is filled.',
    ],
  },
]
