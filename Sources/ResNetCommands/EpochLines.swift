import Commands
import Files
import Foundation
import Training

/// A line on standard output for every epoch: columns for people, or JSON.
final class EpochLines {
  /// Why lines are lost, if they are. Training goes on, so that its work is saved.
  private(set) var loss: FileError?
  private let json: Bool
  private var isFirst = true

  init(json: Bool) { self.json = json }

  func print(_ report: EpochReport) {
    guard loss == nil else { return }
    do throws(FileError) {
      if json {
        try printLine(Self.object(report).line)
      } else {
        if isFirst { try printLine(Self.header(report)) }
        try printLine(Self.row(report))
      }
    } catch {
      loss = error
      tell("\(error) Training goes on, and will end with status 1.")
    }
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

  private static func object(_ report: EpochReport) -> JSON {
    var members: [(name: String, value: JSON)] = [
      ("epoch", JSON(report.epoch)), ("step", JSON(report.step)),
    ]
    for (name, evaluation) in [
      ("train", report.train), ("validation", report.validation), ("test", report.test),
    ] {
      guard let evaluation else { continue }
      members.append(("\(name)_loss", .number(evaluation.loss)))
      members.append(("\(name)_error", .number(evaluation.error)))
    }
    return .object(members + [("seconds", .number(report.seconds))])
  }
}
