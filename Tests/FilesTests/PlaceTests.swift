import Foundation
import Testing

@testable import Files

@Suite("Places that mustn't be the same, or lie in each other")
struct PlaceTests {
  private let scratch: Scratch

  /// Pictures in two classes, one of which is a link, and links to them.
  init() throws {
    scratch = try Scratch()
    for folder in ["data/train/cat", "data/test/cat", "dogs", "out"] {
      try FileManager.default.createDirectory(
        atPath: scratch.path(folder), withIntermediateDirectories: true)
    }
    try scratch.put("cat", "data/train/cat/1.ppm")
    try scratch.put("dog", "dogs/1.ppm")
    try scratch.link("data/train/dog", to: "../../dogs")
    try scratch.link("shown", to: "data")
    try scratch.link("deep", to: "data/train/cat")
    try FileManager.default.linkItem(
      atPath: scratch.path("data/train/cat/1.ppm"), toPath: scratch.path("out/second"))
  }

  private func conflict(writing outputs: [String], reading inputs: [String]) -> String? {
    do {
      try checkPlaces(
        reading: inputs.map { Place(scratch.path($0), as: "--data") },
        writing: outputs.map { Place(scratch.path($0), as: "--output") })
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "What is written into a folder that is read is refused, however its path is written",
    arguments: [
      "data/new", "data/train/new/deeper", "data/./train/../new", "shown/new", "deep/new",
      "out/../data/new", "nothing/../data/new", "dogs/new", "dogs/1.ppm", "out/second",
      "data/train/cat/1.ppm", "nothing/../out/second", "data/\u{301}new",
    ])
  func inside(output: String) {
    for input in ["data", "shown", "out/../data"] {
      let found = conflict(writing: [output], reading: [input])
      #expect(found?.contains("lies in --data") == true, "\(output): \(found ?? "")")
    }
  }

  @Test(
    "What is written in the place of what is read is refused",
    arguments: [
      ("data", "data"), ("shown", "data"), ("out/second", "data/train/cat/1.ppm"),
      ("nothing", "out/../nothing"), ("data/new/x", "shown/new/x"),
      ("data/new/..", "data"), ("new/../data/train/cat/1.ppm", "data/train/cat/1.ppm"),
    ])
  func same(output: String, input: String) {
    let found = conflict(writing: [output], reading: [input])
    #expect(found?.contains("would replace") == true, "\(found ?? "")")
    let twice = conflict(writing: [output, "out/other", input], reading: [])
    #expect(twice?.contains("both are written") == true, "\(twice ?? "")")
  }

  @Test(
    "What lies beside it, around it, or begins like it is not",
    arguments: ["new", "data2", "data.sqlite", "out/new", ".", "data/../new", "out/data"])
  func apart(output: String) throws {
    try scratch.put("x", "data2")
    #expect(conflict(writing: [output, "elsewhere"], reading: ["data", "none"]) == nil)
  }
}
