/**
 * Of some documents those with the largest numbers, the largest first; of equal ones the one with the smaller place. A heap of
 * `count`: time is n log(count), which for a page of a large catalog is a small part of sorting it.
 */
export function bestOf(
  documents: Iterable<number>,
  scores: Float64Array,
  count: number,
  isAsked: (document: number) => boolean,
): number[] {
  const heap: number[] = []
  const isWorse = (a: number, b: number): boolean => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0)
    return difference < 0 || (difference === 0 && a > b)
  }
  const swap = (a: number, b: number): void => {
    const held = heap[a] ?? 0
    heap[a] = heap[b] ?? 0
    heap[b] = held
  }
  const rise = (from: number): void => {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (!isWorse(heap[at] ?? 0, heap[parent] ?? 0)) return
      swap(at, parent)
      at = parent
    }
  }
  const sink = (): void => {
    for (let at = 0; ;) {
      const left = 2 * at + 1
      let worst = at
      if (left < heap.length && isWorse(heap[left] ?? 0, heap[worst] ?? 0)) worst = left
      if (left + 1 < heap.length && isWorse(heap[left + 1] ?? 0, heap[worst] ?? 0)) worst = left + 1
      if (worst === at) return
      swap(at, worst)
      at = worst
    }
  }
  for (const document of documents) {
    const isRoom = heap.length < count
    if (!isRoom && (count === 0 || isWorse(document, heap[0] ?? 0))) continue
    if (!isAsked(document)) continue
    if (isRoom) rise(heap.push(document) - 1)
    else {
      heap[0] = document
      sink()
    }
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1))
}
