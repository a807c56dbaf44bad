/** Made-up people of several worlds. */
export const FIRST_NAMES = [
  'Petra',
  'Samir',
  'Helena',
  'Owen',
  'Ines',
  'Tomasz',
  'Freya',
  'Daniel',
  'Amara',
  'Luca',
  'Mirjam',
  'Kofi',
] as const
export const LAST_NAMES = [
  'Vance',
  'Okafor',
  'Brandt',
  'Salazar',
  'Nyberg',
  'Hughes',
  'Kovac',
  'Rossi',
  'Whitlock',
  'Demir',
] as const
