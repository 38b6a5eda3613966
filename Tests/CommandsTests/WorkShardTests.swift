import Commands
import Testing

@Suite("A part of a list of work")
struct WorkShardTests {
  @Test("The parts of a list have each item once, and differ in size by one at most")
  func parts() throws {
    for (items, count) in [(0, 1), (0, 3), (1, 4), (7, 1), (7, 3), (50, 8), (3, 1000)] {
      let list = Array(0..<items)
      let parts = (1...count).map { WorkShard(index: $0, count: count).part(of: list) }
      #expect(parts.joined().sorted() == list)
      #expect(parts.map(\.count).max()! - parts.map(\.count).min()! <= 1)
      #expect(parts.allSatisfy { $0 == $0.sorted() })
    }
    #expect(WorkShard(index: 2, count: 3).part(of: ["a", "b", "c", "d", "e"]) == ["b", "e"])
  }

  @Test("It is written as it is read")
  func text() throws {
    let shard = try WorkShard("2/3")
    #expect(shard == WorkShard(index: 2, count: 3) && "\(shard)" == "2/3")
    for text in ["", "2", "0/3", "4/3", "1/0", "2/3/4", "-1/3", "1/1000001", "a/b", "1/3 "] {
      #expect(throws: (any Error).self, "\(text)") { try WorkShard(text) }
    }
  }
}
