import Notebook
import Testing

@testable import chapter13

@Suite("Exercises of chapter 13")
struct Chapter13Exercises {
  @Test("1: precision counts the first neighbours of every query against its own class")
  func precisionOfNeighbours() throws {
    #expect(
      try precisionHolds { found, count, labels, asked in
        let hits = zip(found, asked).map { rows, label in
          rows.prefix(count).count { labels[$0] == label }
        }
        return Double(hits.reduce(0, +)) / Double(count * asked.count)
      })
    // Looks at all neighbours, however many are asked for.
    #expect(
      try !precisionHolds { found, _, labels, asked in
        let hits = zip(found, asked).map { rows, label in rows.count { labels[$0] == label } }
        return Double(hits.reduce(0, +)) / Double(found.joined().count)
      })
    #expect(throws: Unsolved(1)) {
      try precisionHolds { try precision(of: $0, first: $1, labels: $2, asked: $3) }
    }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test("2: the nearest class mean isn't always the class of the nearest row")
  func means() throws {
    #expect(
      try nearestMeanHolds { query, rows, labels, classes in
        let means = (0..<classes).map { label -> [Double] in
          let own = zip(rows, labels).filter { $0.1 == label }.map(\.0)
          return query.indices.map { axis in
            own.reduce(0) { $0 + $1[axis] } / Double(own.count)
          }
        }
        return means.indices.min { distance(means[$0], query) < distance(means[$1], query) }!
      })
    #expect(
      try !nearestMeanHolds { query, rows, labels, _ in
        labels[rows.indices.min { distance(rows[$0], query) < distance(rows[$1], query) }!]
      })
    #expect(throws: Unsolved(2)) {
      try nearestMeanHolds { try nearestMean(of: $0, rows: $1, labels: $2, classes: $3) }
    }
  }

  @Test("3: a share of variance is measured from the mean, along a direction of length 1")
  func shares() throws {
    func share(_ direction: [Double], _ rows: [[Double]], centred: Bool) -> Double {
      let mean = direction.indices.map { axis in
        centred ? rows.reduce(0) { $0 + $1[axis] } / Double(rows.count) : 0
      }
      let differences = rows.map { zip($0, mean).map { $0 - $1 } }
      let along = differences.map { row in zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 } }
      let squares = { (values: [Double]) in values.reduce(0) { $0 + $1 * $1 } }
      return squares(along) / squares(direction) / differences.map(squares).reduce(0, +)
    }
    #expect(try varianceShareHolds { share($0, $1, centred: true) })
    #expect(try !varianceShareHolds { share($0, $1, centred: false) })
    #expect(throws: Unsolved(3)) {
      try varianceShareHolds { try varianceShare(along: $0, rows: $1) }
    }
  }
}
