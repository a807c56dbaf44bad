/** What is known of a machine, as `node:os` and `process` tell it. */
export interface Machine {
  /** Of one of its processors: `Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz`. */
  readonly cpuModel: string
  readonly cpus: number
  /** `v24.21.0`. */
  readonly nodeVersion: string
}

/** Words of a model's name that say nothing of its family. */
const IDLE_WORDS = /^(cpu|processor|gen|with|\d+(st|nd|rd|th)|\d+-core|.*core-processor)$/
/** A number of a model, `7763`, `8370c`, `v4`, but not the 9 of a Ryzen 9. */
const MODEL_NUMBER = /^(v\d+|\d{2,}\w*)$/

/**
 * The class of a machine: the family of its processor, how many there are, and the major version of Node, as `amd-epyc-2cpu-node24`.
 * Figures of two machines of one class are alike enough to be compared; its name tells nothing of the machine's owner.
 */
export function toMachineClass({ cpuModel, cpus, nodeVersion }: Machine): string {
  const major = /^v?(\d+)/.exec(nodeVersion)?.[1] ?? '0'
  return `${toFamily(cpuModel)}-${cpus}cpu-node${major}`
}

function toFamily(cpuModel: string): string {
  const words = cpuModel
    .toLowerCase()
    .replaceAll(/\((r|tm|c)\)/g, ' ')
    // The clock, and the graphics that come with it.
    .replace(/(@| with ).*$/, '')
    .split(/[^a-z0-9-]+/)
    .filter((word) => word !== '' && !IDLE_WORDS.test(word) && !MODEL_NUMBER.test(word))
    // `i7-1370p` is an i7.
    .map((word) => word.replace(/-\d{2,}\w*$/, ''))
  return words.slice(0, 4).join('-') || 'unknown'
}
