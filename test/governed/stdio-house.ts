// A process that serves a governed gateway over its standard input and output. Argument: the folder of the store that it shares.
import { openGovernedHouse } from './house.ts'

const [, , folder = ''] = process.argv
const house = await openGovernedHouse('gateway', { folder, isServing: false })
process.on('SIGUSR2', house.release)
const door = house.listenStdio()
process.stdin.once('end', () => {
  void door
    .close()
    .then(house.close)
    .then(() => process.exit())
})
