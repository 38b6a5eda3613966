import Commands
import Files
import Foundation
import RunStore
import Statistics

extension Report {
  /// The page: one file that needs no other, and asks no network for anything.
  ///
  /// - Parameter generator: makes the number by which the page knows its own script and style. What a store holds
  ///   can't name it, so a browser runs nothing that came from there.
  public func page(using generator: inout some RandomNumberGenerator) -> String {
    let nonce = (0..<2).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
    let policy =
      "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; "
      + "base-uri 'none'; form-action 'none'"
    let head = HTML.element(
      "head", [:],
      [
        .element("meta", ["charset": "utf-8"]),
        .element("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
        .element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("title", [:], [.text("\(labels.title): \(storeName)")]),
        .own("style", nonce: nonce, reportStyle),
      ])
    let sections = self.sections
    let body = HTML.element(
      "body", [:],
      [
        .element("a", ["class": "skip", "href": "#comparisons"], [.text(labels.skip)]),
        .element("header", [:], header(sections)), .newline,
        .element("main", [:], sections.map(\.html)), .newline, .all(templates),
        .own("script", nonce: nonce, reportScript),
      ])
    return "<!DOCTYPE html>\n"
      + HTML.element(
        "html", ["lang": labels.language, "class": "no-script"], [head, .newline, body]
      )
      .markup + "\n"
  }

  // MARK: Parts

  private struct Section {
    let id: String
    let title: String
    let content: [HTML]

    var html: HTML {
      .element(
        "section", ["id": id, "aria-labelledby": "\(id)-title"],
        [.element("h2", ["id": "\(id)-title"], [.text(title)]), .newline] + content + [.newline])
    }
  }

  private var sections: [Section] {
    [
      Section(id: "summary", title: labels.summary, content: summarySection),
      Section(id: "comparisons", title: labels.comparisons, content: comparisonSection),
      Section(id: "curves", title: labels.curves, content: curveSection),
      Section(id: "runs", title: labels.whatDiffers, content: runSection),
      Section(id: "checks", title: labels.checks, content: checkSection),
      Section(id: "machines", title: labels.machines, content: machineSection),
    ]
  }

  private func header(_ sections: [Section]) -> [HTML] {
    let filter = question.filter == RunFilter() ? "" : ": " + question.filter.sql
    let themes = [
      ("", labels.themeAutomatic), ("light", labels.themeLight), ("dark", labels.themeDark),
    ]
    return [
      .element("h1", [:], [.text(labels.title)]),
      paragraph(Labels.fill(labels.made, made.utcText + " UTC", storeName, filter)),
      .element(
        "fieldset", ["class": "controls needs-script"],
        [.element("legend", [:], [.text(labels.theme)])]
          + themes.enumerated().map { index, theme in
            .element(
              "label", [:],
              [
                .element(
                  "input",
                  [
                    "type": "radio", "name": "theme", "value": theme.0,
                    "checked": index == 0 ? "checked" : nil,
                  ]), " ", .text(theme.1),
              ])
          }),
      .element("noscript", [:], [paragraph(labels.needsScript)]),
      .element(
        "nav", ["aria-label": labels.contents],
        [
          .element(
            "ul", [:],
            sections.map {
              .element("li", [:], [.element("a", ["href": "#\($0.id)"], [.text($0.title)])])
            })
        ]),
    ]
  }

  private var summarySection: [HTML] {
    let pairs = comparisons.groups.flatMap(\.pairs)
    let undecided = pairs.count { if case .undecided = $0.verdict { true } else { false } }
    let passed = checks.rows.count { $0[2] == .integer(1) }
    let started = runs.map(\.started)
    let statuses = Run.Status.allCases.compactMap { status in
      let count = runs.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(status.rawValue)"
    }
    let count =
      allRuns > runs.count
      ? Labels.fill(labels.runsLeftOut, "\(runs.count)", "\(allRuns)") : "\(runs.count)"
    var facts = [
      (labels.runs, "\(count): \(statuses.joined(separator: ", "))"),
      (labels.experiments, runs.map(\.configuration.experiment).unique.joined(separator: ", ")),
      (labels.dataSets, runs.map(\.configuration.dataset).unique.joined(separator: ", ")),
      (
        labels.comparisonCount,
        Labels.fill(
          labels.comparisonWords, "\(pairs.count)", "\(pairs.count - undecided)", "\(undecided)")
      ),
      (
        labels.checkCount,
        Labels.fill(labels.checkWords, "\(passed)", "\(checks.rows.count - passed)")
      ),
    ]
    if let first = started.min(), let last = started.max() {
      facts.append(
        (labels.period, Labels.fill(labels.periodWords, first.utcText, last.utcText)))
    }
    return [definitions(facts)]
  }

  private var checkSection: [HTML] {
    if checks.rows.isEmpty { return [paragraph(labels.noChecks)] }
    let table = DataTable(
      caption: labels.checks,
      columns: [
        .init(name: labels.chapter, kind: .number), .init(name: labels.claim),
        .init(name: labels.result), .init(name: labels.measured), .init(name: labels.recorded),
      ],
      rows: checks.rows.map { row in
        row.enumerated().map { index, value in
          DataTable.Cell(
            index == 2
              ? (value == .integer(1) ? labels.holds : labels.fails) : value.description)
        }
      })
    return [
      paragraph(labels.checksNote), table.html(labels), sql(queries.checks, about: labels.checks),
    ]
  }

  private var machineSection: [HTML] {
    let table = DataTable(
      caption: labels.machines,
      columns: [
        .init(name: labels.code), .init(name: labels.machine),
        .init(name: labels.threads, kind: .number), .init(name: labels.learner),
        .init(name: labels.runs, kind: .number), .init(name: labels.first),
        .init(name: labels.last),
      ], rows: machines.rows.map { $0.map { DataTable.Cell($0.description) } })
    return [table.html(labels), sql(queries.machines, about: labels.machines)]
  }

  /// What the script reads: the tables that can be saved, and the words it writes.
  private var templates: [HTML] {
    let words: JSON = [
      "copied": .text(labels.copied), "point": .text(labels.point), "chart": .text(labels.chart),
      "epoch": .text(labels.epoch), "nothing": .text(labels.nothing),
      "nothingToDraw": .text(labels.nothingToDraw), "quantity": .text(labels.quantity),
      "noDifference": .text(labels.noDifference), "twoRuns": .text(labels.twoRuns),
    ]
    return (tables + [("words", words.line)]).map { name, text in
      .element("template", ["id": name], [.lines(text)]) + .newline
    }
  }

  // MARK: Pieces of sections

  func paragraph(_ text: String, _ name: String? = nil) -> HTML {
    .element("p", ["class": name], [.text(text)]) + .newline
  }

  func definitions(_ facts: [(name: String, text: String)]) -> HTML {
    .element(
      "dl", [:],
      facts.map { name, text in
        .element(
          "div", [:],
          [.element("dt", [:], [.text(name)]), .element("dd", [:], [.text(text)])])
      }) + .newline
  }

  /// A question behind a table, folded away.
  func sql(_ text: String, about subject: String, then: String = "") -> HTML {
    .element(
      "details", [:],
      [
        .element("summary", [:], [.text("\(labels.sql): \(subject)")]),
        paragraph("\(labels.sqlNote) \(then)"),
        .element(
          "pre", ["tabindex": "0", "role": "group", "aria-label": "\(labels.sql): \(subject)"],
          [.element("code", [:], [.lines(text)])]),
        .element(
          "button", ["type": "button", "class": "copy needs-script"], [.text(labels.copy)]),
      ]) + .newline
  }

  /// A button that saves a table.
  func save(_ name: String) -> HTML {
    .element(
      "button", ["type": "button", "class": "save needs-script", "data-table": name],
      [.text("\(labels.save): \(name)")]) + .newline
  }
}
