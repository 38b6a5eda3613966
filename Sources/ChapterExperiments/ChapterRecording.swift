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
    let (id, chapter, threads) = (Run.newID(), number, options.threads)
    let queue = WriteQueue(to: store, warn: note)
    queue.add { store throws(RunStoreError) in
      try store.begin(configuration, chapter: chapter, threads: threads, id: id)
    }
    queue.add { store throws(RunStoreError) in
      try store.record(metrics, in: id)
      try store.record(statistics, in: id)
      if let weights { try store.saveWeights(weights, of: id) }
      try store.end(id, as: .finished)
    }
    return queue.finish(patience: 10) ? try? store.run(id) : nil
  }
}
