import Files
import Foundation

extension Gradebook {
  /// As one page of HTML that needs nothing else: no script, no style sheet, light or dark as the reader has it.
  public var page: String {
    let head = exercises.map { exercise in
      "<th scope=\"col\" title=\"\(escaped("\(exercise.name): \(exercise.title)"))\">\(exercise.key.label)</th>"
    }.joined()
    let body = rows.map { row in
      let cells = exercises.map { cell(row.item($0.key), row.reports[$0.key]) }.joined()
      let points =
        row.result.map { "\(hundredths($0.points))&thinsp;/&thinsp;\($0.maximum)" } ?? "–"
      let solved = row.result.map { "\($0.count("solved"))" } ?? "–"
      let problem = row.result?.problem.map { "<br><small>\(escaped($0))</small>" } ?? ""
      return "<tr><th scope=\"row\">\(escaped(row.student))\(problem)</th>"
        + "<td>\(points)</td><td>\(solved)</td>\(cells)</tr>"
    }.joined(separator: "\n")
    let legend = StudentResult.states.map {
      "<span class=\"\(kind($0))\">\(symbol($0)) \(escaped($0))</span>"
    }.joined(separator: " ")
    let complaints = unread.map { "<p>\(escaped($0))</p>" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Gradebook</title>
      <style>
      :root { color-scheme: light dark; --line: #ccc; --good: #d5f0d9; --half: #fdf0c8; --bad: #f9d9d6; --none: transparent; }
      @media (prefers-color-scheme: dark) {
        :root { --line: #555; --good: #1d4a26; --half: #55460f; --bad: #5c231d; }
      }
      body { font: 15px/1.4 system-ui, sans-serif; margin: 1.5rem; }
      .scroll { overflow-x: auto; }
      table { border-collapse: separate; border-spacing: 0; border: solid var(--line); border-width: 1px 0 0 1px; }
      th, td { border: solid var(--line); border-width: 0 1px 1px 0; padding: 0.2rem 0.45rem; text-align: center; white-space: nowrap; }
      tr > :first-child { position: sticky; left: 0; background: Canvas; box-sizing: border-box; min-width: min(16rem, 40vw); max-width: min(16rem, 40vw); }
      th[scope="row"] { text-align: left; white-space: normal; overflow-wrap: anywhere; }
      small { font-weight: normal; opacity: 0.75; }
      .good { background: var(--good); } .half { background: var(--half); } .bad { background: var(--bad); }
      .legend span { display: inline-block; padding: 0.1rem 0.4rem; margin: 0 0.3rem 0.3rem 0; }
      </style>
      </head>
      <body>
      <h1>Gradebook</h1>
      <p>Points and states come from regraded submissions. The small figures are self-reported: attempts and \
      minutes until solved, out of the student's own store; h: hints that were asked for, g: the solution \
      was asked for.</p>
      <p class="legend">\(legend)</p>
      \(complaints)
      <div class="scroll">
      <table>
      <thead><tr><th scope="col">student</th><th scope="col">points</th><th scope="col">solved</th>\(head)</tr></thead>
      <tbody>
      \(body)
      </tbody>
      </table>
      </div>
      </body>
      </html>

      """
  }

  private func cell(_ item: StudentResult.Item?, _ report: Report?) -> String {
    var small: [String] = []
    if let report {
      small.append("\(report.attempts)×")
      if let minutes = report.minutes { small.append("\(minutes.plain) min") }
      if report.hints > 0 { small.append("\(report.hints) h") }
      if report.gaveUp { small.append("g") }
    }
    let reported = small.isEmpty ? "" : "<br><small>\(small.joined(separator: " "))</small>"
    guard let item else { return "<td>\(reported.isEmpty ? "" : "–" + reported)</td>" }
    let isPartial = !item.isSolved && item.points > 0
    let points = isPartial ? " \(hundredths(item.points))" : ""
    let title = escaped("\(item.state): \(item.message.prefix(300))")
    return "<td class=\"\(isPartial ? "half" : kind(item.state))\" title=\"\(title)\">"
      + "\(symbol(item.state))\(points)\(reported)</td>"
  }

  /// Points as a page shows them; the CSV has all digits.
  private func hundredths(_ points: Double) -> String { points.rounded(toPlaces: 2).plain }

  private func kind(_ state: String) -> String {
    switch state {
    case "solved": "good"
    case "to do", "missing": "none"
    default: "bad"
    }
  }

  private func symbol(_ state: String) -> String {
    switch state {
    case "solved": "✓"
    case "wrong": "✗"
    case "doesn't compile": "⌧"
    case "crashed": "↯"
    case "too slow": "∞"
    case "to do": "○"
    case "missing": "–"
    default: "!"
    }
  }

  private func escaped(_ text: String) -> String {
    text.visible.replacing([
      "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    ])
  }
}
