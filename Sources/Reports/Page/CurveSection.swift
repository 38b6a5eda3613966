extension Report {
  /// The curves, which the script draws from the table that can be saved.
  var curveSection: [HTML] {
    if curves.rows.isEmpty { return [paragraph(labels.noCurves)] }
    return [
      paragraph(labels.curvesNote),
      .element(
        "div", ["class": "controls needs-script"],
        [
          select("curves-experiment", labels.experiment), select("curves-metric", labels.metric),
          select("curves-scale", labels.scale, [labels.linear, labels.logarithmic]),
        ]),
      choices("curves-seeds", labels.seedsShown), choices("curves-networks", labels.networksShown),
      .element("div", ["id": "curves-chart", "class": "chart needs-script"]), .newline,
      save("curves.csv"), sql(queries.curves, about: labels.curves),
    ]
  }

  /// The runs: what is the same in all, a table of what isn't, and two of them side by side.
  var runSection: [HTML] {
    if runs.isEmpty { return [paragraph(labels.noRuns)] }
    let (names, rows) = runFacts
    let cells = rows.map { $0.map(CSV.words) }
    let varying = names.indices.filter { column in Set(cells.map { $0[column] }).count > 1 }
    // Both change with every run and say little in a row; the saved table has them.
    let left = ["run", "finished"]
    let shown = varying.filter { !left.contains(names[$0]) }
    let constant = names.indices.filter { !varying.contains($0) && cells.first?[$0] != "" }
    // A table of forty columns would end at the edge of the paper.
    let onPaper = ["name", "experiment", "network", "dataset", "seed", "status"]
    let table = DataTable(
      caption: labels.allRuns,
      columns: [.init(name: names[0])]
        + shown.map {
          .init(
            name: names[$0], kind: isNumber(cells, $0) ? .number : .text,
            isOnPaper: onPaper.contains(names[$0]) || names[$0].hasPrefix("final "))
        },
      rows: cells.map { row in
        [DataTable.Cell(String(row[0].prefix(8)))]
          + shown.map { DataTable.Cell(.text(shortened(row[$0])), value: row[$0]) }
      }, isLong: true)
    return [
      .element("h3", [:], [.text(labels.alike)]),
      definitions(constant.map { (names[$0], cells[0][$0]) }),
      .element("h3", [:], [.text(labels.allRuns)]), table.html(labels),
      .element("p", ["class": "paper"], [.text(labels.runsOnPaper)]), save("runs.csv"),
      sql(queries.runs, about: labels.runs),
      .element("h3", [:], [.text(labels.twoRuns)]),
      .element(
        "div", ["class": "controls needs-script"],
        [select("first-run", labels.firstRun), select("second-run", labels.secondRun)]),
      .element("div", ["id": "two-runs", "class": "needs-script", "aria-live": "polite"]),
      .element("div", ["id": "two-curves", "class": "chart needs-script"]), .newline,
    ]
  }

  private func isNumber(_ cells: [[String]], _ column: Int) -> Bool {
    cells.allSatisfy { $0[column].isEmpty || Double($0[column]) != nil }
  }

  /// A number of many digits with four; the cell has the whole one beside it.
  private func shortened(_ text: String) -> String {
    guard text.count > 8, text.contains("."), let number = Double(text) else { return text }
    return Measure("", .overall).text(number)
  }

  private func select(_ id: String, _ label: String, _ options: [String] = []) -> HTML {
    .element(
      "label", ["for": id],
      [
        .text(label), " ",
        .element("select", ["id": id], options.map { .element("option", [:], [.text($0)]) }),
      ])
  }

  /// Boxes to tick, which the script makes.
  private func choices(_ id: String, _ legend: String) -> HTML {
    .element(
      "fieldset", ["class": "controls choices needs-script"],
      [
        .element("legend", [:], [.text(legend)]),
        .element(
          "button",
          ["type": "button", "data-choose": "all", "aria-label": "\(legend): \(labels.all)"],
          [.text(labels.all)]),
        .element(
          "button",
          ["type": "button", "data-choose": "none", "aria-label": "\(legend): \(labels.none)"],
          [.text(labels.none)]),
        .element("div", ["id": id]),
      ]) + .newline
  }
}
