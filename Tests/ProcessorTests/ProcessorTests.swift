import Foundation
import Testing

#if arch(x86_64)
  /// `Processor.c` runs before `main` and asks the processor; here it is compiled for tests in which another one
  /// answers.
  @Suite("The check of the processor before main")
  struct ProcessorTests {
    /// Builds a program for some processor, runs it on one that has what `has` says of an instruction's name, and
    /// gives its status and what it said.
    private func run(
      builtFor flags: [String], on has: String
    ) throws -> (status: Int32, output: String, messages: String) {
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("processor-test-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
      try Data("#include <stdio.h>\nint main(void) { puts(\"in main\"); }\n".utf8)
        .write(to: folder.appendingPathComponent("main.c"))
      func clang(_ arguments: [String]) throws {
        let (status, _, messages) = try Self.run("/usr/bin/env", ["clang"] + arguments, in: folder)
        try #require(status == 0, "\(messages)")
      }
      let include = "-I" + sources.appendingPathComponent("BuildFlags/include").path
      let isPortable = flags == ["-march=x86-64"]
      // Only this file has the flags, as in Package.swift.
      try clang(
        flags + [include, "-c", sources.appendingPathComponent("BuildFlags/BuildFlags.c").path])
      try clang(
        (isPortable ? ["-DPORTABLE"] : []) + [
          include, "-include", "string.h", "-D__builtin_cpu_supports(name)=(\(has))", "-c",
          sources.appendingPathComponent("Processor/Processor.c").path,
        ])
      try clang(["main.c", "BuildFlags.o", "Processor.o", "-o", "program"])
      return try Self.run(folder.appendingPathComponent("program").path, [], in: folder)
    }

    private static func run(
      _ program: String, _ arguments: [String], in folder: URL
    ) throws -> (status: Int32, output: String, messages: String) {
      let (process, output, messages) = (Process(), Pipe(), Pipe())
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.currentDirectoryURL = folder
      process.standardOutput = output
      process.standardError = messages
      try process.run()
      let (said, told) = (
        output.fileHandleForReading.readDataToEndOfFile(),
        messages.fileHandleForReading.readDataToEndOfFile()
      )
      process.waitUntilExit()
      return (
        process.terminationStatus, String(decoding: said, as: UTF8.self),
        String(decoding: told, as: UTF8.self)
      )
    }

    @Test(
      "A build for another processor says which instructions are missing and what to do, and ends",
      arguments: [
        // Built for AVX-512, run where there are AVX2 and FMA only, and where there is nothing.
        (["-march=x86-64-v4"], #"strncmp(name, "avx512", 6) != 0"#, "no avx512f", "avx2"),
        (["-march=x86-64-v4"], "0", "no fma", "portable"),
        (["-march=x86-64-v3"], "0", "no fma", "portable"),
        (["-march=x86-64-v3"], #"strcmp(name, "bmi2") != 0"#, "no bmi2", "avx2"),
      ])
    func another(flags: [String], has: String, missing: String, vectors: String) throws {
      let (status, output, messages) = try run(builtFor: flags, on: has)
      #expect(status == 2 && output.isEmpty)
      #expect(messages.contains("built for another processor"), "\(messages)")
      #expect(messages.contains(missing), "\(messages)")
      #expect(messages.contains("RESNET_VECTORS=\(vectors) swift run"), "\(messages)")
    }

    @Test(
      "The fast build says so too where the compiler was allowed nothing, and the portable one runs"
    )
    func portable() throws {
      let fast = try run(builtFor: [], on: "0")
      #expect(fast.status == 2 && fast.output.isEmpty)
      #expect(fast.messages.contains("AVX2 and FMA") && fast.messages.contains("portable"))
      let portable = try run(builtFor: ["-march=x86-64"], on: "0")
      #expect(portable.status == 0 && portable.output == "in main\n" && portable.messages.isEmpty)
    }

    @Test("A processor that has everything is told nothing")
    func whole() throws {
      let answer = try run(builtFor: ["-march=x86-64-v4"], on: "1")
      #expect(answer.status == 0 && answer.output == "in main\n" && answer.messages.isEmpty)
    }
  }
#endif
