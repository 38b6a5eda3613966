import Foundation
import RunStore
import Testing
import Training

/// Signals are for a whole process, so each test has one of its own.
@Suite struct InterruptionTests {
  @Test("Ctrl-C is noticed instead of ending the process, and stays noticed")
  func interrupt() async {
    await #expect(processExitsWith: .success) {
      let interruption = Interruption()
      #expect(!interruption.isRequested)
      send(SIGINT, untilNoticedBy: interruption)
      #expect(interruption.isRequested)
      #expect(interruption.isRequested)
    }
  }

  @Test("So is a request to terminate, and the closing of the terminal")
  func terminate() async {
    await #expect(processExitsWith: .success) {
      // Whoever runs the tests may have said nohup.
      signal(SIGHUP, SIG_DFL)
      // Each one who watches after another, too.
      for number in [SIGTERM, SIGHUP, SIGINT, SIGTERM] {
        let interruption = Interruption()
        send(number, untilNoticedBy: interruption)
        #expect(interruption.isRequested)
      }
    }
  }

  @Test("A second signal ends the process when the first takes too long")
  func twice() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let interruption = Interruption()
      send(SIGINT, untilNoticedBy: interruption)
      for _ in 0..<6000 {
        kill(getpid(), SIGINT)
        usleep(10_000)
      }
      withExtendedLifetime(interruption) {}
    }
  }

  @Test("What was to be ignored stays ignored")
  func ignored() async {
    await #expect(processExitsWith: .success) {
      signal(SIGHUP, SIG_IGN)
      for _ in 0..<2 {
        let interruption = Interruption()
        for _ in 0..<20 {
          kill(getpid(), SIGHUP)
          usleep(10_000)
        }
        #expect(!interruption.isRequested)
      }
    }
  }

  @Test("Ctrl-C ends the process again when nobody watches any more")
  func released() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      _ = Interruption()
      // Letting go takes effect on another thread; a signal before that would still be held back.
      usleep(500_000)
      for _ in 0..<1000 {
        kill(getpid(), SIGINT)
        usleep(10_000)
      }
    }
  }

  @Test("An interrupted run is stored as such, with every epoch that was complete")
  func training() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let store = try RunStore(opening: folder.store)
      let interruption = Interruption()
      var last = 0
      let error = #expect(throws: TrainingError.self) {
        _ = try Trainer(store).train(
          try .sample(), interruption: interruption,
          onStep: { report in
            last = report.step
            if report.step == 30 { send(SIGINT, untilNoticedBy: interruption) }
          })
      }
      guard case .interrupted(epoch: 2) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(last == 30)
      let run = try #require(try store.runs().first)
      #expect(run.status == .interrupted)
      #expect(run.message == error!.description)
      let metrics = try store.metrics(of: run.id)
      #expect(metrics.count == 5 && metrics.allSatisfy { $0.epoch == 1 && $0.step == 23 })
      #expect(try Trainer(store).stored(try .sample()) == nil)
    }
  }
}

/// Sends this process a signal until it is noticed: the first may come before the system listens.
private func send(_ number: Int32, untilNoticedBy interruption: Interruption) {
  for _ in 0..<1000 where !interruption.isRequested {
    kill(getpid(), number)
    usleep(10_000)
  }
}
