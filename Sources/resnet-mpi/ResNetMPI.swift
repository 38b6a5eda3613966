import ArgumentParser
import Commands
import Datasets
import Files
import Foundation
import ResNetCommands
import Training

/// `resnet-mpi`: trains one network by several processes, on one machine or many.
@main
struct ResNetMPI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resnet-mpi",
    abstract: "Trains one network by several processes, on one machine or many.",
    discussion: """
      What `resnet train` does, by as many processes as mpirun starts:

        mpirun -n 4 .build/release/resnet-mpi train --arch resnet20 --shards 8 --threads 1

      --shards says into how many parts each batch is cut; there are no more processes than that. Parameters, \
      losses and errors depend on it, and neither on the number of processes nor on that of their threads: \
      `resnet train` with the same --shards comes to the same bits. Process 0 prints, records and saves; any number \
      of processes resumes. (With --local-statistics the number of processes counts too.)

      Without --threads each process has as many as its machine has processors, which is too many where several \
      processes share it.
      """,
    subcommands: [Train.self, Measure.self])

  static func main() {
    prepareStreams()
    guard let ranks = MPIRanks() else {
      Commands.tell(
        "Error: This MPI can't be called by several threads. Take one that can, such as Debian's Open MPI."
      )
      Foundation.exit(1)
    }
    let status = DataFiles.$reader.withValue(ranks) {
      Train.$ranks.withValue(ranks) { exitStatus { tell($0, as: ranks) } }
    }
    // After Ctrl-C all of them stop at the same step.
    guard status == 0 || status == 130 else { ranks.abort(status) }
    ranks.leave()
    Foundation.exit(status)
  }
  /// Says what went wrong. What all processes notice is told by process 0, which ends the others before they come to
  /// speak.
  private static func tell(_ message: String, as ranks: MPIRanks) {
    if !ranks.isFirst { Thread.sleep(forTimeInterval: 3) }
    Commands.tell(ranks.count > 1 ? "Rank \(ranks.index): \(message)" : message)
  }
}
