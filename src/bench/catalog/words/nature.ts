import type { Domain } from '../made/vocabulary.ts'

export const NATURE: readonly Domain[] = [
  {
    about: 'weather',
    services: ['weather', 'forecast', 'skywatch'],
    resources: [
      'forecast: place, day@, high_celsius#, low_celsius#, rain_percent#, model=short/medium/long',
      'weather_station: altitude_m#, sensors*, operator, automatic?, installed_on@',
      'observation: station, wind_kmh#, pressure_hpa#, taken_on@, sky=clear/cloudy/overcast/fog',
      'storm_track: basin, category#, heading, formed_on@, dissipated?',
      'radar_image: region, product=rain/snow/hail, taken_on@, resolution_m#',
      'climate_normal: place, month#, mean_celsius#, rain_mm#, period',
    ],
    notes: [
      'Forecasts beyond ten days are means of an ensemble and carry no hours.',
      'Wind is given at ten metres above the ground.',
      'A place may be a name, a postcode, or latitude and longitude with a comma between them.',
    ],
  },
  {
    about: 'rivers and floods',
    services: ['rivers', 'gauges', 'floodline'],
    resources: [
      'gauge: river, kilometre#, zero_point_m#, operator, telemetric?',
      'water_level: gauge, level_cm#, measured_on@, trend=rising/falling/steady',
      'flood_stage: gauge, stage=watch/warning/severe, threshold_cm#, since@',
      'weir: river, gates#, flow_m3s#, fish_ladder?, keeper',
      'catchment: area_km2#, main_river, snow_fed?, districts*',
      'sandbag_depot: district, bags#, keyholder, road_access?, checked_on@',
    ],
    notes: [
      'Levels are relative to the zero point of the gauge and may be negative.',
      'Values of the last two hours are raw and may be corrected later.',
      'Stages are set by the flood centre and not computed from the level alone.',
    ],
  },
  {
    about: 'forestry',
    services: ['forestry', 'woodlot', 'treeline'],
    resources: [
      'stand: compartment, area_ha#, main_tree=spruce/pine/beech/oak, age_years#, protected?',
      'tree: stand, girth_cm#, height_m#, health=good/weak/dead, marked?',
      'felling: stand, volume_m3#, planned_on@, contractor, method=single/strip/clear',
      'planting: stand, seedlings#, planted_on@, fenced?, nursery',
      'timber_lot: length_m#, grade=A/B/C/D, volume_m3#, roadside, sold?',
      'bark_beetle_trap: stand, beetles#, emptied_on@, lure, coordinates',
    ],
    notes: [
      'Volumes are without bark unless it is said otherwise.',
      'Between April and August no felling may be planned in protected stands.',
      'Age is that of the upper layer of the stand.',
    ],
  },
  {
    about: 'wildlife observation',
    services: ['wildlife', 'birdcount', 'fieldtracks'],
    resources: [
      'sighting: kind_of_animal, count#, seen_on@, grid_square, certainty=sure/likely/guess',
      'camera_trap: grid_square, battery_percent#, pictures#, checked_on@, night_vision?',
      'nest: kind_of_animal, eggs#, height_m#, occupied?, first_seen_on@',
      'collar: animal, frequency_mhz#, fix_interval_minutes#, active?, fitted_on@',
      'transect: length_km#, habitat=forest/meadow/shore/wetland, walkers#, season',
      'ringing: ring_code, wing_mm#, weight_g#, ringed_on@, ringer',
    ],
    notes: [
      'Positions of rare animals are blurred to ten kilometres for the public.',
      'A count of zero is a record too: it says that somebody looked.',
      'Names of animals are accepted in Latin or English.',
    ],
  },
  {
    about: 'soil and farming',
    services: ['soil', 'farmland', 'fieldbook'],
    resources: [
      'field: crop=wheat/maize/barley/rape/fallow, area_ha#, slope_percent#, irrigated?, parish',
      'soil_sample: field, depth_cm#, ph#, taken_on@, nitrogen_kg#, laboratory',
      'sowing: field, seed_variety, rate_kg#, sown_on@, drilled?',
      'harvest: field, yield_t#, moisture_percent#, harvested_on@, combine',
      'spraying: field, product, dose_l#, sprayed_on@, wind_kmh#, buffer_strip?',
      'herd: kind=cattle/sheep/goats/pigs, heads#, pasture, organic?, vet',
    ],
    notes: [
      'Areas are net of hedges and ditches.',
      'Spraying is refused by the register when the wind was above eighteen kilometres an hour.',
      'Yields are converted to fourteen percent of moisture.',
    ],
  },
  {
    about: 'tides and the sea',
    services: ['tides', 'seastate', 'buoys'],
    resources: [
      'tide: harbour, height_m#, kind=high/low, at@, coefficient#',
      'buoy: sea_area, wave_height_m#, water_celsius#, drifting?, last_contact@',
      'current: strait, knots#, bearing#, valid_on@, layer=surface/mid/bottom',
      'lighthouse: character, range_nm#, height_m#, automated?, built_on@',
      'sea_chart: number, scale, edition#, corrected_until@, areas*',
      'beach_flag: beach, colour=green/yellow/red, set_on@, lifeguards#, reason',
    ],
    notes: [
      'Heights are above chart datum and not above mean sea level.',
      'Predicted tides know nothing of wind and pressure.',
      'Buoys that drift keep sending their last anchored name.',
    ],
  },
  {
    about: 'astronomy',
    services: ['astronomy', 'nightsky', 'observatory'],
    resources: [
      'star: constellation, magnitude#, distance_ly#, variable?, catalogue_number',
      'telescope: aperture_mm#, site, mount=alt_az/equatorial, robotic?, mirrors#',
      'exposure: telescope, seconds#, filter=red/green/blue/clear, taken_on@, airmass#',
      'comet: designation, perihelion_on@, tail_degrees#, periodic?, discoverer',
      'eclipse: kind=solar/lunar, maximum_on@, duration_minutes#, regions*',
      'observing_night: site, seeing_arcsec#, moon_percent#, clouded_out?, observer',
    ],
    notes: [
      'Coordinates are for the epoch 2000 unless another is given.',
      'Magnitudes are visual, and smaller is brighter.',
      'Exposures above an airmass of two are kept but not used for photometry.',
    ],
  },
]
