import Foundation
import Testing

@testable import book

/// The tables that `swift run book mutate` goes through.
@Suite("Faults that the chapters' checks have to notice")
struct MutationTests {
  @Test(
    "Every check on a chapter's page has a fault that it has to notice, and every fault a check")
  func complete() throws {
    for chapter in try ChapterFolder.all() {
      let page = try String(contentsOf: chapter.page, encoding: .utf8)
      let claims = page.components(separatedBy: "\n").filter { $0.hasPrefix("- ✓ ") }
        .map { String($0.dropFirst("- ✓ ".count)) }
      let faults = try Mutation.table(of: chapter.number, in: ChapterFolder.package)
      #expect(claims.count >= 6, "\(chapter.name) has only \(claims.count) checks")
      for claim in claims {
        #expect(
          faults.contains { claim.hasPrefix($0.check) }, "\(chapter.name): no fault for: \(claim)")
      }
      for fault in faults {
        #expect(
          claims.contains { $0.hasPrefix(fault.check) },
          "\(chapter.name): no check begins with: \(fault.check)")
        #expect(
          fault.seeds != nil,
          "\(chapter.name): over how many seeds (0: nothing random) was measured: \(fault.check)")
      }
    }
  }

  @Test("Every fault can be planted: what it replaces stands in its file once")
  func plantable() throws {
    for chapter in try ChapterFolder.all() {
      for fault in try Mutation.table(of: chapter.number, in: ChapterFolder.package) {
        let file = ChapterFolder.package.appendingPathComponent(fault.file)
        let source = try String(contentsOf: file, encoding: .utf8)
        #expect(
          source.components(separatedBy: fault.replace).count == 2,
          "\(chapter.name), \(fault.check): \(fault.replace)")
        #expect(fault.replace != fault.by)
      }
    }
  }
}
