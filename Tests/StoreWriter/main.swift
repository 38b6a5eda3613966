// Records in a store as a training would, for tests that need several processes or one to kill.
//
//     StoreWriter STORE EPOCHS SEED [GO]
//
// It waits for the file GO to appear, begins a run, records EPOCHS epochs (0: until it is killed) and
// ends the run. On standard output: the run's id, then the number of every epoch recorded.
//
//     StoreWriter STORE fill RUNS EPOCHS
//     StoreWriter STORE time
//
// make a store for measurements, with five numbers per epoch (5000 runs of 400 epochs are ten million), and say
// how long the questions of chapters take on it. No test does.
import Foundation
import RunStore

/// Prints a line at once, so that whoever reads it knows that what it says has happened.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

let arguments = CommandLine.arguments
if arguments.count > 2, ["fill", "time"].contains(arguments[2]) {
  do {
    if arguments[2] == "time" {
      try timeQuestions(of: arguments[1])
    } else if arguments.count == 5, let runs = Int(arguments[3]), let epochs = Int(arguments[4]) {
      try fill(arguments[1], runs: runs, epochs: epochs)
    }
    exit(0)
  } catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
  }
}
guard arguments.count >= 4, let epochs = Int(arguments[2]), let seed = Int(arguments[3]) else {
  FileHandle.standardError.write(Data("usage: StoreWriter STORE EPOCHS SEED [GO]\n".utf8))
  exit(2)
}
if arguments.count > 4 {
  while !FileManager.default.fileExists(atPath: arguments[4]) { usleep(200) }
}
do {
  let store = try RunStore(opening: arguments[1])
  let configuration = RunConfiguration(
    experiment: "sharing", network: .other(OtherNetwork("none", depth: 8)), dataset: "none",
    seed: seed,
    hyperparameters: ["epochs": HyperparameterValue(epochs)])
  let run = try store.begin(configuration, threads: 1)
  say(run.id)
  var epoch = 0
  while epochs == 0 || epoch < epochs {
    epoch += 1
    try store.record(
      [
        Metric(step: epoch, epoch: epoch, split: .train, name: "loss", value: 1 / Double(epoch)),
        Metric(step: epoch, epoch: epoch, split: .train, name: "error", value: 0.5),
        Metric(step: epoch, epoch: epoch, split: .test, name: "error", value: 0.5),
      ], in: run.id)
    say("\(epoch)")
  }
  try store.end(run.id, as: .finished)
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
