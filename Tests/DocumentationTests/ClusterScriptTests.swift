import Foundation
import Testing

@testable import book

#if os(Linux)
  /// A machine whose programs only write down how they were started, and whose `sbatch` runs a task at once.
  private struct StubCluster {
    let folder: URL

    init() throws {
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("cluster-\(UUID().uuidString)", isDirectory: true)
      let record = "#!/bin/bash\nprintf '%s\\0' \"${0##*/}\" \"$@\" '' >>\"$HOME/record\"\n"
      // Makes what the program would have made.
      let make = """
        while [ $# -gt 0 ]; do
          case $1 in
            --store) touch "$2" ;;
            --into) case $2 in *.sqlite) touch "$2" ;; *) mkdir -p "$2" ;; esac ;;
          esac
          shift
        done

        """
      let resnet = """
        part=$SLURM_ARRAY_TASK_ID
        [ ! -e "$HOME/fails-$part" ] || exit "$(cat "$HOME/fails-$part")"
        echo '{"finished": '"$([ -e "$HOME/lacks-$part" ] && echo false || echo true)"'}'

        """
      let sbatch = """
        failed=$HOME/failed array= after=
        while [[ $1 == --* ]]; do
          case $1 in
            --parsable) shift && continue ;;
            --array) array=$2 ;;
            --dependency) after=$2 ;;
          esac
          shift 2
        done
        [ -n "$after" ] || rm -f "$failed"
        echo 41
        exec >>"$HOME/log" 2>&1
        [ ! -e "$failed" ] || exit 0
        export SLURM_JOB_ID=42 SLURM_ARRAY_JOB_ID=41 SLURM_CPUS_PER_TASK=${PROCESSORS:-3}
        for SLURM_ARRAY_TASK_ID in ${array//,/ }; do
          export SLURM_ARRAY_TASK_ID
          bash "$@" || touch "$failed"
        done
        unset SLURM_ARRAY_TASK_ID
        [ -n "$array" ] || bash "$@" || true

        """
      for (name, body) in [
        ("resnet", make + resnet), ("metrics", make), ("classroom", make), ("sbatch", sbatch),
        ("scontrol", ""),
      ] {
        try write(record + body, to: "bin/\(name)", mode: 0o755)
      }
      // Nobody waits here.
      try write("#!/bin/bash\nexec /usr/bin/sleep 0.01\n", to: "bin/sleep", mode: 0o755)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("submissions"), withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to path: String, mode: Int = 0o644) throws {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    func has(_ path: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
    }

    /// Runs a command line in the package's folder. The machine's programs are those of `bin`.
    func run(_ line: String) throws -> (status: Int32, output: String, started: [[String]]) {
      try write("", to: "record")
      try write("", to: "log")
      let (process, pipe) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", line]
      process.currentDirectoryURL = ChapterFolder.package
      let programs = folder.appendingPathComponent("bin").path
      process.environment = [
        "PATH": programs + ":/usr/bin:/bin", "HOME": folder.path, "RESNET_PROGRAMS": programs,
      ]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      var output = String(
        decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      output += try String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)
      let words = try String(contentsOf: folder.appendingPathComponent("record"), encoding: .utf8)
        .components(separatedBy: "\0")
      return (process.terminationStatus, output, words.split(separator: "").map(Array.init))
    }
  }

  @Suite("Scripts for a cluster")
  struct ClusterScriptTests {
    static let scripts =
      (try? FileManager.default.contentsOfDirectory(
        atPath: ChapterFolder.package.appendingPathComponent("cluster").path))?.sorted() ?? []
    static let hasShellCheck = FileManager.default.isExecutableFile(atPath: "/usr/bin/shellcheck")

    private func text(_ path: String) throws -> String {
      try String(
        contentsOf: ChapterFolder.package.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("A shell can read each of them", arguments: scripts)
    func parse(script: String) throws {
      #expect(Self.scripts.count >= 8)
      let cluster = try StubCluster()
      defer { cluster.remove() }
      let syntax = try cluster.run("bash -n cluster/\(script)")
      #expect(syntax.status == 0, "\(syntax.output)")
      guard Self.hasShellCheck else { return }
      let style = try cluster.run("shellcheck -x cluster/\(script)")
      #expect(style.status == 0, "\(style.output)")
    }

    @Test(
      "What docs/cluster.md and the scripts' heads submit starts programs in a way that they understand"
    )
    func documented() throws {
      let shown = try (["docs/cluster.md"] + Self.scripts.map { "cluster/\($0)" }).flatMap {
        try text($0).matches(of: /(?m)^#? *(cluster\/submit-\w+ \d+ .+)$/).map { String($0.1) }
      }
      #expect(Set(shown).count == 4)
      for line in Set(shown) {
        let cluster = try StubCluster()
        defer { cluster.remove() }
        let (status, output, started) = try cluster.run(line)
        #expect(status == 0, "\(line): \(output)")
        #expect(output.contains("Part 8 of 8 is complete."), "\(line): \(output)")
        let own = started.filter { $0[0] != "sbatch" }
        #expect(own.count >= 10)
        for words in own {
          do {
            try CommandsInTextTests.parse(words)
          } catch {
            Issue.record("\(line) starts \(words): \(error)")
          }
        }
        // What is behind `--` is for Slurm, and for it alone.
        let queued = started.filter { $0[0] == "sbatch" }
        #expect(queued.count == 2)
        for words in queued {
          let script = try #require(words.firstIndex { $0.hasSuffix(".sbatch") })
          #expect(words[..<script].contains("--time") && !words[script...].contains("--time"))
        }
      }
    }

    @Test("Each part is trained once, with a store of its own, and words arrive as they were given")
    func sweep() throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      let line =
        "cluster/submit-sweep 3 ~/'two  words, 100%a' --depths 8 --experiment $'it\\'s\\nnew' --threads 7"
      let (status, output, started) = try cluster.run(line)
      #expect(status == 0, "\(output)")
      let trained = started.filter { $0[0] == "resnet" }.dropFirst()
      #expect(trained.count == 3)
      for (index, words) in trained.enumerated() {
        func value(_ option: String) -> String? {
          words.lastIndex(of: option).map { words[$0 + 1] }
        }
        #expect(value("--shard") == "\(index + 1)/3")
        #expect(value("--experiment") == "it's\nnew")
        // The reader's own number counts, not that of the task's processors.
        #expect(value("--threads") == "7" && words.contains("3"))
        #expect(value("--store")?.hasPrefix(cluster.folder.path) == false)
        #expect(value("--checkpoints")?.hasSuffix("two  words, 100%a/checkpoints") == true)
      }
      #expect(Set(trained.map { $0[$0.firstIndex(of: "--store")! + 1] }).count == 3)
      let merge = try #require(started.last { $0[0] == "metrics" })
      #expect(merge.count { $0.contains(/part-[123]-of-3\.sqlite$/) } == 3)
      #expect(cluster.has("two  words, 100%a/runs.sqlite"))
      let array = try #require(started.first { $0[0] == "sbatch" })
      #expect(array.contains { $0.hasSuffix("/two  words, 100%%a/log-%a.txt") })
      // Again: there is nothing to train.
      let again = try cluster.run(line)
      #expect(again.output.contains("All 3 parts are complete."))
      #expect(again.started.count { $0[0] == "resnet" } == 1)
    }

    @Test("A task uses no more processors than its program takes")
    func largeNode() throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      for (processors, jobs, threads) in [("5", "5", "5"), ("384", "64", "256")] {
        let (status, output, started) = try cluster.run(
          "export PROCESSORS=\(processors); cluster/submit-regrade 1 ~/marks-$PROCESSORS ~/submissions && "
            + "cluster/submit-sweep 1 ~/sweep-$PROCESSORS --depths 8")
        #expect(status == 0, "\(output)")
        func given(_ option: String, to program: String) -> [String] {
          started.filter { $0[0] == program }.compactMap { words in
            words.firstIndex(of: option).map { words[$0 + 1] }
          }
        }
        #expect(given("--jobs", to: "classroom") == [jobs])
        #expect(given("--threads", to: "resnet") == [threads])
      }
    }

    @Test("CDPATH, which makes cd print and lead elsewhere, makes no difference")
    func searchPath() throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      try cluster.write("", to: "elsewhere/cluster/x")
      let (status, output, _) = try cluster.run(
        "export CDPATH=~/elsewhere:$PWD; cluster/submit-sweep 1 ~/sweep --depths 8"
          + " && cd ~ && bash \"$OLDPWD\"/cluster/submit-regrade 1 ~/marks submissions")
      #expect(status == 0 && !output.contains("No such file"), "\(output)")
      #expect(cluster.has("sweep/runs.sqlite") && cluster.has("marks/results"))
    }

    @Test("A part that failed is named, isn't merged, and is submitted again by the same command")
    func failed() throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      try cluster.write("1", to: "fails-2")
      try cluster.write("", to: "lacks-3")
      let line = "cluster/submit-sweep 4 ~/sweep --depths 8"
      let first = try cluster.run(line)
      #expect(first.output.contains("part 2 of 4 failed with status 1"), "\(first.output)")
      #expect(first.output.contains("part 3 of 4 lacks a network"), "\(first.output)")
      #expect(!cluster.has("sweep/runs.sqlite") && !cluster.has("sweep/part-2-of-4.complete"))
      // What there is has been copied all the same.
      #expect(cluster.has("sweep/part-2-of-4.sqlite"))
      let folder = cluster.folder.path
      let merge = try cluster.run(
        "cluster/merge.sbatch \"$PWD\" ~/bin ~/sweep 4; cluster/join.sbatch \"$PWD\" ~/bin ~/sweep 4 /"
      )
      #expect(merge.output.contains("so nothing is merged: 2,3."), "\(merge.output)")
      #expect(merge.output.contains("so there is no gradebook: 2,3."), "\(merge.output)")
      #expect(merge.started.isEmpty)
      try FileManager.default.removeItem(atPath: folder + "/fails-2")
      try FileManager.default.removeItem(atPath: folder + "/lacks-3")
      let second = try cluster.run(line)
      #expect(second.output.contains("parts 2,3 of 4"), "\(second.output)")
      #expect(second.started.count { $0[0] == "resnet" } == 3)
      #expect(cluster.has("sweep/runs.sqlite"))
    }

    @Test(
      "A program that was killed is started again three times, and no more", arguments: [0, 2, 3])
    func killed(restarts: Int) throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      try cluster.write("137", to: "fails-1")
      let (_, output, started) = try cluster.run(
        "SLURM_RESTART_COUNT=\(restarts) cluster/submit-sweep 1 ~/sweep --depths 8")
      let requeues = started.filter { $0[0] == "scontrol" }
      #expect(requeues == (restarts < 3 ? [["scontrol", "requeue", "41_1"]] : []))
      #expect(output.contains(restarts < 3 ? "Back into the queue" : "at its fourth start"))
    }

    @Test("What can't be submitted is said, and nothing is")
    func refused() throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      for (arguments, words) in [
        ("submit-sweep 8", "cluster/submit-sweep N FOLDER"),
        ("submit-sweep 0 ~/a --depths 8", "from 1 to 1000, not '0'"),
        ("submit-sweep x ~/a --depths 8", "from 1 to 1000, not 'x'"),
        ("submit-regrade 1001 ~/a ~/submissions", "from 1 to 1000, not '1001'"),
        ("submit-sweep 2 ~/a --store b", "each task gives --store by itself"),
        ("submit-sweep 2 ~/a --shard=1/2", "each task gives --shard by itself"),
        ("submit-sweep 2 ~/a --fresh", "each task gives --fresh by itself"),
        (#"submit-sweep 2 ~/'a\b' --depths 8"#, "a folder with a backslash"),
        ("submit-regrade 2 ~/a", "cluster/submit-regrade N FOLDER SUBMISSIONS"),
        ("submit-regrade 2 ~/a ~/nobody", "SUBMISSIONS is a folder"),
        ("submit-regrade 2 ~/a ~/submissions --output c", "each task gives --output by itself"),
      ] {
        let (status, output, started) = try cluster.run("cluster/" + arguments)
        #expect(status != 0 && output.contains(words), "\(arguments): \(output)")
        #expect(!started.contains { $0[0] == "sbatch" }, "\(arguments)")
      }
      #expect(try cluster.run("cluster/submit-sweep 2 ~/a --depths 8").status == 0)
      let other = try cluster.run("cluster/submit-sweep 2 ~/a --depths 14")
      #expect(other.status != 0 && other.output.contains("came of other options: 2 --depths 8"))
      let without = try cluster.run(
        "PATH=/usr/bin:/bin RESNET_PROGRAMS=/nowhere cluster/submit-sweep 2 ~/b")
      #expect(without.output.contains("swift build -c release --product resnet"))
    }

    @Test("A part that another task has in hand isn't begun")
    func taken() throws {
      let cluster = try StubCluster()
      defer { cluster.remove() }
      let (_, output, started) = try cluster.run(
        "mkdir ~/a && exec 8>~/a/part-1-of-2.lock && flock 8 && cluster/submit-sweep 2 ~/a --depths 8 8>&-; true"
      )
      #expect(output.contains("another task has part 1 of 2 in hand"), "\(output)")
      #expect(started.count { $0[0] == "resnet" } == 2)
    }
  }
#endif
