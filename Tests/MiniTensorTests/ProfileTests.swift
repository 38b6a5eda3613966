import Testing

@testable import MiniTensor

@Suite struct ProfileTests {
  @Test("A profile adds up the calls of an operation, and only while it is the current one")
  func entries() {
    let profile = Profile()
    let operation = { profiled("double", multiplyAdds: 3, floats: 10) { 2 } }
    #expect(operation() == 2)
    #expect(profile.entries.isEmpty)
    Profile.$current.withValue(profile) {
      #expect(operation() == 2 && operation() == 2)
    }
    _ = operation()
    let entry = profile.entries["double"]
    #expect(entry?.calls == 2 && entry?.multiplyAdds == 6 && entry?.bytes == 80)
    #expect(entry.map { $0.seconds >= 0 } == true)
  }
}
