import Datasets
import Foundation
import MiniTensor
import Networks
import RunStore
import Testing

@testable import Training

@Suite struct EvaluationTests {
  @Test("Loss and error are the means over all images, whatever the network says")
  func byHand() {
    let images = Tensor([3, 1, 1, 1], [0, 1, 2])
    let data = Dataset(name: "three", images: images, labels: [0, 1, 1], classNames: ["a", "b"])
    // The logits are (0, ln 3), so the classes have the probabilities 1/4 and 3/4.
    let three = Float(log(3.0))
    let evaluation = Evaluation(
      of: { images in
        let batch = images.shape[0]
        return Tensor([batch, 2], (0..<2 * batch).map { $0 % 2 == 0 ? 0 : three })
      }, on: data, batchSize: 2)
    let expected = (log(4.0) + 2 * log(4.0 / 3)) / 3
    #expect(abs(evaluation.loss - expected) < 1e-6)
    #expect(evaluation.error == 1.0 / 3)
  }

  @Test("A NaN among an image's logits is a wrong answer, also of class 0", arguments: [0, 1])
  func notANumber(_ position: Int) {
    let data = Dataset(
      name: "one", images: Tensor([1, 1, 1, 1]), labels: [0], classNames: ["a", "b"])
    var logits: [Float] = [1, 0]
    logits[position] = .nan
    let evaluation = Evaluation(of: { _ in Tensor([1, 2], logits) }, on: data)
    #expect(evaluation.error == 1 && evaluation.loss.isNaN)
  }

  @Test("The figures of no images are NaN")
  func empty() throws {
    let none = try Digits.load().test.examples([])
    let evaluation = Evaluation(of: { _ in Tensor([0, 10]) }, on: none)
    #expect(evaluation.error.isNaN && evaluation.loss.isNaN)
  }

  /// An image's logits are those of any other batch but for rounding, and each batch's mean loss is
  /// rounded to 2⁻²⁴ of it: 1e-6 is a few of these.
  @Test("The batch size doesn't matter", arguments: [1, 7, 64, 1000])
  func batchSize(_ size: Int) throws {
    let digits = try Digits.load()
    let network = CifarNetwork(try .small(.B), seed: 3)
    let expected = Evaluation(of: { network($0, .inference) }, on: digits.test)
    let actual = Evaluation(of: { network($0, .inference) }, on: digits.test, batchSize: size)
    #expect(abs(actual.loss - expected.loss) < 1e-6 * expected.loss)
    #expect(actual.error == expected.error)
  }

  @Test("An epoch's report comes back from the run store as it went in")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(opening: folder.store)
    let run = try store.begin(
      RunConfiguration(
        experiment: "test", network: .other(OtherNetwork("none")), dataset: "none", seed: 0),
      threads: 1)
    let reports = (1...12).map { epoch in
      let share = 1 / Double(epoch)
      return EpochReport(
        epoch: epoch, step: 23 * epoch, train: Evaluation(loss: share, error: 0.1 * share),
        test: Evaluation(loss: .pi * share, error: 0.7 * share), seconds: 0.3 * share)
    }
    for report in reports { try store.record(report.metrics, in: run.id) }
    #expect(EpochReport.all(in: try store.metrics(of: run.id)) == reports)
  }

  @Test("An epoch of which a metric is missing is no report")
  func incomplete() {
    let evaluation = Evaluation(loss: 1, error: 0.5)
    func report(_ epoch: Int) -> EpochReport {
      EpochReport(epoch: epoch, step: epoch, train: evaluation, test: evaluation, seconds: 1)
    }
    for missing in report(2).metrics.indices {
      var metrics = report(2).metrics
      metrics.remove(at: missing)
      #expect(EpochReport.all(in: report(1).metrics + metrics) == [report(1)])
    }
  }
}
