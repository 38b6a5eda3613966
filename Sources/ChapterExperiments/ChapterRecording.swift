import Foundation
import Notebook
import RunStore

extension Chapter {
  /// Records a run whose numbers the chapter has made itself, without ``Trainer``: begun and finished
  /// in one go.
  ///
  /// - Parameters:
  ///   - configuration: everything that decides the numbers.
  ///   - metrics: the numbers of the run, by step.
  ///   - statistics: numbers that belong to a layer, or to another part with a name and a position.
  ///   - weights: the trained weights, as the bytes of a safetensors file.
  /// - Returns: the run as stored; nil if it isn't, of which the reader has been told why.
  public func recordRun(
    _ configuration: RunConfiguration, _ metrics: [Metric], statistics: [LayerStatistic] = [],
    weights: Data? = nil
  ) -> Run? {
    guard let store, !store.isReadOnly else { return nil }
    do throws(RunStoreError) {
      let run = try store.begin(configuration, chapter: number, threads: options.threads)
      try store.record(metrics, in: run.id)
      try store.record(statistics, in: run.id)
      if let weights { try store.saveWeights(weights, of: run.id) }
      try store.end(run.id, as: .finished)
      return try store.run(run.id)
    } catch {
      note("This run is not recorded. \(error)")
      return nil
    }
  }
}
