import Foundation
import RunStore
import Testing

@testable import book

@Suite("Running the chapters in any order")
struct ShuffleTests {
  private let chapters = (1...13).map {
    ChapterFolder(number: $0, url: URL(fileURLWithPath: "/chapters/\($0)-name"))
  }

  @Test(
    "An order has each chapter twice, and only its seed decides it",
    arguments: [0, 7, 4_294_967_295])
  func order(seed: Int) {
    let order = Shuffle.order(of: chapters, seed: seed).map(\.number)
    #expect(order == Shuffle.order(of: chapters, seed: seed).map(\.number))
    #expect(order.sorted() == chapters.flatMap { [$0.number, $0.number] })
    #expect(order != Shuffle.order(of: chapters, seed: seed ^ 1).map(\.number))
  }

  @Test("A run that fails, fails a check or makes none is named, with what ran before it")
  func failures() throws {
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite")
      let failures = try Shuffle.walk([chapters[2], chapters[8]], store: store) { chapter in
        URL(fileURLWithPath: chapter.number == 9 ? "/bin/false" : "/bin/true")
      }
      #expect(failures.count == 2)
      #expect(failures[0].hasPrefix("chapter 3, behind : it recorded no check"))
      #expect(failures[1].hasPrefix("chapter 9, behind 3: it ended with status 1"))
    }
  }
}
