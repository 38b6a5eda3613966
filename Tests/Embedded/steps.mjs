// Prints what Steps.swift prints, of the module for the page: node steps.mjs FILE
import { readFileSync } from "node:fs"

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {})
const calls = instance.exports
const pixels = readFileSync("Sources/Datasets/Digits/digits-images.idx3-ubyte").subarray(16)
const labels = readFileSync("Sources/Datasets/Digits/digits-labels.idx1-ubyte").subarray(8)
const place = calls.floats()
const floats = new Float32Array(calls.memory.buffer, place, 65 * labels.length)
floats.set(pixels)
floats.set(labels, pixels.length)
calls.load_digits(labels.length)

const doubles = (count) => {
  const place = calls.doubles()
  return new Float64Array(calls.memory.buffer, place, count)
}
const bits = (number) => new BigUint64Array(Float64Array.of(number).buffer)[0].toString(16)
for (const [depth, shortcut, width, normalizes] of [[20, "A", 8, 1], [8, "none", 16, 1], [14, "B", 4, 1], [8, "C", 8, 0]]) {
  calls.create(depth, ["none", "A", "B", "C"].indexOf(shortcut), width, normalizes, 0.03, 7, 20)
  const numbers = Array.from({ length: 24 }, () => calls.advance())
  calls.measured()
  numbers.push(...doubles(4))
  numbers.push(...doubles(calls.gradient_norms()))
  console.log(depth, shortcut, width, normalizes, numbers.map(bits).join(" "))
}

// How fast it is.
calls.create(20, 1, 8, 1, 0.1, 0, 20)
const start = performance.now()
for (let step = 0; step < 22; step += 1) calls.advance()
const seconds = (performance.now() - start) / 1000
console.error(`ResNet-20: ${(22 * 64 / seconds).toFixed(0)} images per second`)

// Whether memory is given back: what a step leaves behind would come to megabytes.
let memory
for (let run = 0; run < 10; run += 1) {
  calls.create(20, 1, 8, 1, 0.1, run, 20)
  for (let step = 0; step < 5; step += 1) calls.advance()
  const bytes = calls.memory.buffer.byteLength
  if (run === 2) memory = bytes
  if (bytes > memory + 2 ** 20) throw new Error(`Memory grows from ${memory} to ${bytes} bytes.`)
}
