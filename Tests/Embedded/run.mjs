// Runs what `.ci/embedded` linked: node run.mjs FILE
import { readFileSync } from "node:fs"

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {})
const start = performance.now()
const first = instance.exports.train(1)
const last = instance.exports.train(6)
const seconds = (performance.now() - start) / 1000
console.log(`loss ${first.toFixed(4)} at first, ${last.toFixed(4)} after six steps`)
console.log(`${(7 / seconds).toFixed(1)} steps a second`)
if (!(Math.abs(first - Math.log(10)) < 1.5 && last < first)) {
  console.error("The network doesn't learn.")
  process.exit(1)
}
