import Foundation
import Training

/// A line on standard output for every epoch: columns for people, or JSON.
final class EpochLines {
  private let json: Bool
  private var isFirst = true

  init(json: Bool) { self.json = json }

  func print(_ report: EpochReport) throws {
    if json {
      Swift.print(try jsonText(Row(report), onOneLine: true))
    } else {
      if isFirst { Swift.print(Self.header(report)) }
      Swift.print(Self.row(report))
    }
    // Whoever reads along sees an epoch when it is over.
    fflush(nil)
    isFirst = false
  }

  private static func header(_ report: EpochReport) -> String {
    "epoch    step  train loss  err %" + (report.validation == nil ? "" : "  validation  err %")
      + "   test loss  err %  seconds"
  }

  private static func row(_ report: EpochReport) -> String {
    func columns(_ evaluation: Evaluation) -> String {
      String(format: "  %10.4f %6.2f", evaluation.loss, 100 * evaluation.error)
    }
    return String(format: "%5d %7d", report.epoch, report.step) + columns(report.train)
      + (report.validation.map(columns) ?? "") + columns(report.test)
      + String(format: "  %7.1f", report.seconds)
  }

  /// An epoch as one JSON object.
  private struct Row: Encodable {
    let epoch, step: Int
    let train_loss, train_error: Double
    let validation_loss, validation_error: Double?
    let test_loss, test_error: Double
    let seconds: Double

    init(_ report: EpochReport) {
      (epoch, step, seconds) = (report.epoch, report.step, report.seconds)
      (train_loss, train_error) = (report.train.loss, report.train.error)
      (validation_loss, validation_error) = (report.validation?.loss, report.validation?.error)
      (test_loss, test_error) = (report.test.loss, report.test.error)
    }
  }
}
