import Commands
import RunStore

extension JSON {
  /// An array with an object for every row.
  ///
  /// Of two members with the same name most parsers forget one, so a second column `a` is called `a:1`,
  /// as SQLite does in a subquery.
  init(_ answer: Rows) {
    var names: [String] = []
    for column in answer.columns {
      var (name, copies) = (column, 0)
      while names.contains(name) || copies > 0 && answer.columns.contains(name) {
        copies += 1
        name = "\(column):\(copies)"
      }
      names.append(name)
    }
    self = .array(
      answer.rows.map { row in .object(zip(names, row).map { (name: $0, value: JSON($1)) }) })
  }

  init(_ value: SQLValue) {
    switch value {
    case .null: self = .null
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .blob(let data): self.init(base64: data.base64EncodedString())
    }
  }

  /// Hyper-parameters in alphabetical order.
  init(_ values: [String: HyperparameterValue]) {
    self = .object(
      values.sorted { $0.key < $1.key }.map { name, value in
        switch value {
        case .text(let text): (name: name, value: .text(text))
        case .flag(let flag): (name: name, value: .flag(flag))
        case .number(let number):
          (name: name, value: Int64(exactly: number).map { .integer($0) } ?? .number(number))
        }
      })
  }
}
