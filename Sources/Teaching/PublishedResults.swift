import Commands
import Foundation

extension StudentResult {
  /// In the shape that Gradescope's autograder reads: `results.json`.
  public var forGradescope: JSON {
    .object([
      ("score", .number(points.rounded(toPlaces: 4))),
      ("output", .text(problem ?? "")),
      ("visibility", .text("visible")),
      (
        "tests",
        .array(
          items.map { item in
            .object([
              ("name", .text(item.label)), ("number", .text("\(item.chapter).\(item.exercise)")),
              ("score", .number(item.points.rounded(toPlaces: 4))),
              ("max_score", JSON(item.maximum)),
              ("status", .text(item.isSolved ? "passed" : "failed")),
              ("output", .text(item.output)), ("visibility", .text("visible")),
            ])
          })
      ),
    ])
  }

  /// In the shape that Exercism's test runners write, version 3.
  public var forExercism: JSON {
    let isPassed = problem == nil && items.allSatisfy(\.isSolved)
    return .object([
      ("version", JSON(3)),
      ("status", .text(problem != nil ? "error" : isPassed ? "pass" : "fail")),
      ("message", JSON(problem)),
      (
        "tests",
        problem != nil
          ? .array([])
          : .array(
            items.map { item in
              .object([
                ("name", .text(item.label)), ("test_code", .text(item.name)),
                (
                  "status",
                  .text(item.isSolved ? "pass" : item.state == "wrong" ? "fail" : "error")
                ),
                ("message", item.isSolved ? .null : .text(item.message)),
                // The format allows 500 characters.
                ("output", item.printed.isEmpty ? .null : .text(String(item.printed.prefix(500)))),
              ])
            })
      ),
    ])
  }

  /// The row of a summary, as JSON.
  public var summary: JSON {
    .object(
      [
        ("student", .text(student)), ("points", .number(points.rounded(toPlaces: 4))),
        ("max_points", JSON(maximum)),
      ] + Self.states.map { ($0.replacing(/[^a-z]+/, with: "_"), JSON(count($0))) }
        + [("problem", JSON(problem))])
  }

  /// The columns of the summary that ``summaryRow`` fills.
  public static let summaryColumns =
    ["student", "points", "max_points"] + states.map { $0.replacing(/[^a-z]+/, with: "_") }
    + ["problem"]

  /// The points, and those that there are: `5.25 of 6`.
  public var marks: String { "\(points.plain) of \(maximum)" }

  /// Its row of the summary.
  public var summaryRow: [String] {
    [student, points.plain, "\(maximum)"] + Self.states.map { "\(count($0))" } + [problem ?? ""]
  }
}

extension StudentResult.Item {
  /// `3.2 globalAveragePoolGradient: The backward pass of a mean`.
  var label: String { "\(chapter).\(exercise) \(name): \(title)" }

  fileprivate var output: String {
    let shown = printed.isEmpty ? "" : "\n\nWhat it printed:\n\(printed)"
    return (isSolved ? message : "\(state.uppercased()): \(message)") + shown
  }
}

extension Double {
  func rounded(toPlaces places: Int) -> Double {
    let scale = Foundation.pow(10, Double(places))
    return (self * scale).rounded() / scale
  }

  /// `2`, `0.5`: with at most four places, and none that says nothing.
  var plain: String {
    let value = rounded(toPlaces: 4)
    return value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
