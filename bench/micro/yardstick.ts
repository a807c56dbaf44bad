const ROWS = Array.from({ length: 200 }, (_, id) => ({
  id,
  name: `row ${id}`,
  tags: ['a', 'b', 'c'],
  nested: { open: id % 2 === 0, score: id / 7 },
}))

/**
 * Work that has nothing to do with the gateway: what is measured in the same run is told as a multiple of it, and such a multiple says the
 * same on a slow and on a fast machine. JSON, a sort and a map, about a quarter of a millisecond; it must not change, or no older figure can be
 * compared.
 */
export function doYardstick(): number {
  const rows = JSON.parse(JSON.stringify(ROWS)) as typeof ROWS
  const byName = new Map(rows.map((row) => [row.name, row]))
  const sorted = rows.toSorted((a, b) => b.nested.score - a.nested.score)
  return byName.size + (sorted[0]?.id ?? 0)
}
