import { nativeEngine } from '../../../src/scripts/check/native/native-engine.ts'
import { workerEngine } from '../../../src/scripts/check/worker/worker-engine.ts'
import { describeChecker } from './contract.ts'

for (const kind of [nativeEngine, workerEngine]) {
  if (kind.unusable() === undefined) describeChecker(kind)
}
