import Foundation
import Notebook
import Testing

@testable import book
@testable import chapter4

@Suite("Exercises of chapter 4")
struct Chapter4Exercises {
  @Test("1: weight decay belongs to the gradient, and so into the velocity")
  func decay() throws {
    #expect(
      try decayedStepHolds { weight, gradient, velocity, rate, momentum, decay in
        let velocity = momentum * velocity + gradient + decay * weight
        return (weight - rate * velocity, velocity)
      })
    #expect(
      try !decayedStepHolds { weight, gradient, velocity, rate, momentum, decay in
        let velocity = momentum * velocity + gradient
        return (weight - rate * (velocity + decay * weight), velocity)
      })
    #expect(throws: Unsolved(1)) {
      try decayedStepHolds {
        try decayedStep(
          weight: $0, gradient: $1, velocity: $2, rate: $3, momentum: $4, decay: $5)
      }
    }
  }

  @Test("2: a class is among the first k if fewer than k logits are larger")
  func topK() throws {
    func error(_ logits: [[Float]], _ labels: [Int], allowed: Int) -> Double {
      let misses = zip(logits, labels).count { row, label in
        row.count { $0 > row[label] } >= allowed
      }
      return Double(misses) / Double(labels.count)
    }
    #expect(try topErrorHolds { error($0, $1, allowed: $2) })
    #expect(try !topErrorHolds { error($0, $1, allowed: $2 + 1) })
    #expect(throws: Unsolved(2)) { try topErrorHolds { try topError($0, $1, k: $2) } }
  }

  @Test("3: the velocity is carried on, so it isn't steps times the rate")
  func carried() throws {
    #expect(
      try displacementHolds { steps, rate, momentum in
        var (velocity, moved) = (0.0, 0.0)
        for _ in 0..<steps {
          velocity = momentum * velocity + 1
          moved += rate * velocity
        }
        return moved
      })
    #expect(try !displacementHolds { Double($0) * $1 / (1 - $2) })
    #expect(throws: Unsolved(3)) {
      try displacementHolds { try displacement(steps: $0, rate: $1, momentum: $2) }
    }
  }

  @Test("The functions that chapter 4 calls are chapter 3's, word for word")
  func copied() throws {
    let chapters = ChapterFolder.package.appendingPathComponent("chapters")
    func text(_ path: String) throws -> String {
      try String(contentsOf: chapters.appendingPathComponent(path), encoding: .utf8)
    }
    let original =
      try text("03-gradients/main.swift") + text("03-gradients/Convolution.swift")
    let copy = try text("04-first-network/ByHand.swift")
    var declarations: [String] = []
    var lines: [String] = []
    for line in copy.components(separatedBy: "\n") {
      if lines.isEmpty, !["func", "struct", "extension", "final"].contains(where: line.hasPrefix) {
        continue
      }
      lines.append(line)
      if line == "}" || (lines.count == 1 && line.hasSuffix("}")) {
        declarations.append(lines.joined(separator: "\n"))
        lines = []
      }
    }
    #expect(declarations.count == 16 && lines.isEmpty)
    for declaration in declarations {
      #expect(original.contains(declaration), "\(declaration)")
    }
  }
}
