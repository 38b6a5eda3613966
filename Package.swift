// swift-tools-version: 6.1
import Foundation
import PackageDescription

// `swift run` builds in debug, where Swift's loops are about fifty times slower. The targets that
// compute, and the chapters, are therefore optimised in every configuration. `-wmo` lets a generic
// be specialised in a file other than its own; `-num-threads` makes it work incrementally.
//
// On x86-64 they also use the vectors of the processor that builds them: AVX-512, or AVX2 and FMA, which every
// one since 2015 has. `RESNET_VECTORS=avx512|avx2|portable swift build` makes a build for another one, and
// `RESNET_PORTABLE=1` is the old name of the last. It is the compiler that looks at the processor, because what
// this manifest comes to is kept in a cache, and may be from another machine.
#if arch(x86_64)
  let portable = Context.environment["RESNET_PORTABLE"] == nil ? nil : "portable"
  let vectors = Context.environment["RESNET_VECTORS"] ?? portable ?? "native"
  let processors = [
    "native": "native", "avx512": "x86-64-v4", "avx2": "x86-64-v3", "portable": "x86-64",
  ]
  guard let processor = processors[vectors] else {
    fatalError("RESNET_VECTORS is \(vectors), and takes avx512, avx2 or portable.")
  }
  let vectorFlags = ["-march=\(processor)"]
  let isPortable = vectors == "portable"
#else
  let vectorFlags: [String] = []
  let isPortable = false
#endif
let optimised: [SwiftSetting] = [
  .unsafeFlags(
    ["-O", "-wmo", "-num-threads", "2", "-disable-batch-mode"]
      + vectorFlags.flatMap { ["-Xcc", $0] } + (isPortable ? ["-D", "PORTABLE"] : []))
]

// The sums of a convolution stay in the same registers from the first round of a loop to the last only if the compiler
// doesn't make a second loop for the rounds that are left over when it does several at once.
let inRegisters: [SwiftSetting] = [.unsafeFlags(["-Xllvm", "-unroll-runtime=false"])]

/// The chapters, in the order of the book: each a folder and the executable `chapterN`.
let chapters = [
  (number: 1, folder: "01-naive-loops"),
  (number: 2, folder: "02-fast-loops"),
  (number: 3, folder: "03-gradients"),
  (number: 4, folder: "04-first-network"),
  (number: 5, folder: "05-going-deeper"),
  (number: 6, folder: "06-degradation"),
  (number: 7, folder: "07-residual-block"),
  (number: 8, folder: "08-shortcuts"),
  (number: 9, folder: "09-plain-against-residual"),
  (number: 10, folder: "10-why-it-works"),
  (number: 11, folder: "11-bottlenecks"),
  (number: 12, folder: "12-full-resnet"),
  (number: 13, folder: "13-backbone"),
  (number: 14, folder: "14-is-this-real"),
  (number: 15, folder: "15-same-shortcut"),
]
let chapterPrograms = chapters.map { Target.Dependency(stringLiteral: "chapter\($0.number)") }

/// The chapters whose types their exercises use too: those types are in `chapters/NN-name/Library`.
let chaptersWithLibrary: [Int] = [3]
let chapterLibraries = chaptersWithLibrary.map { "Chapter\($0)Library" }

func isThere(_ path: String) -> Bool {
  FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(path)")
}

/// Whether the headers of Open MPI are there, and `pkg-config` to find them: where systems have them, or where
/// `PKG_CONFIG_PATH` says, as clusters' modules do. `RESNET_MPI=none swift build` does without.
func hasMPI() -> Bool {
  func anyHas(_ file: String, of folders: [String]) -> Bool {
    folders.contains { FileManager.default.fileExists(atPath: "\($0)/\(file)") }
  }
  let prefixes = ["/usr", "/usr/local", "/opt/homebrew"]
  let libraries =
    ["lib", "lib64", "lib64/openmpi/lib"]
    + ["x86_64", "aarch64"].map { "lib/\($0)-linux-gnu" }
  let named = (Context.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":").map(String.init)
  return Context.environment["RESNET_MPI"] != "none" && anyHas("bin/pkg-config", of: prefixes)
    && (anyHas("ompi-c.pc", of: named)
      || libraries.contains { anyHas("\($0)/pkgconfig/ompi-c.pc", of: prefixes) })
}

/// `resnet-mpi`; without MPI a program that says what to install.
let programOfManyMachines: [Target] =
  hasMPI()
  ? [
    .systemLibrary(name: "OpenMPI", path: "Sources/OpenMPI", pkgConfig: "ompi-c"),
    .executableTarget(
      name: "resnet-mpi",
      dependencies: [
        "OpenMPI", "ResNetCommands", "Training", "Networks", "MiniTensor", "Datasets", "Commands",
        "Files",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ]
  : [
    .executableTarget(
      name: "resnet-mpi", dependencies: ["Commands"], path: "Sources/resnet-mpi-missing")
  ]

func chapter(_ number: Int, _ folder: String) -> [Target] {
  let path = "chapters/\(folder)"
  let library = "Chapter\(number)Library"
  let hasLibrary = chaptersWithLibrary.contains(number)
  let program = Target.executableTarget(
    name: "chapter\(number)",
    dependencies: [
      "MiniTensor", "ElementaryFunctions", "Networks", "Optimization", "Datasets", "Training",
      "RunStore", "Statistics", "Charts", "Notebook", "ChapterExperiments", "Commands", "Graders",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ] + (hasLibrary ? [.byName(name: library)] : []),
    path: path,
    // What a reader writes in Exercises is built by a package of its own (chapters/Package.swift).
    exclude: ["README.md", "ko.po", "figures", "Exercises", "Library"].filter {
      isThere("\(path)/\($0)")
    },
    // Recorded runs that a chapter reads.
    resources: isThere("\(path)/Reference") ? [.copy("Reference")] : [],
    swiftSettings: optimised
  )
  guard hasLibrary else { return [program] }
  return [program, .target(name: library, path: "\(path)/Library", swiftSettings: optimised)]
}

let kernelNotes = [
  "Kernels/Convolution/README.md", "Kernels/Normalization/README.md", "Kernels/Pooling/README.md",
  "Kernels/Runtime/README.md", "Kernels/Tokens/README.md",
]

let modules: [Target] = [
  .target(
    name: "ExerciseKit",
    dependencies: ["MiniTensor", "ElementaryFunctions", "Networks", "RunStore"]),
  .target(
    name: "Exercises",
    dependencies: [
      "ExerciseKit", "MiniTensor", "RunStore", "Commands", "Files", "Charts", "Translation",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .target(
    name: "Graders",
    dependencies: [
      "Exercises", "ExerciseKit", "MiniTensor", "Networks", "Optimization", "RunStore",
      "Statistics", "Translation",
    ]
      + chapterLibraries.map { .byName(name: $0) },
    swiftSettings: optimised),
  .target(name: "BuildFlags", cSettings: [.unsafeFlags(vectorFlags)]),
  .target(
    name: "Processor", dependencies: ["BuildFlags"],
    cSettings: isPortable ? [.define("PORTABLE")] : []),
  .target(
    name: "MiniTensor", dependencies: ["Processor", "BuildFlags", "ElementaryFunctions"],
    exclude: kernelNotes,
    swiftSettings: optimised + inRegisters),
  .target(name: "ElementaryFunctions", swiftSettings: optimised),
  .target(name: "Architectures"),
  .target(name: "Files", swiftSettings: optimised),
  .target(name: "Translation"),
  .target(
    name: "Optimization", dependencies: ["MiniTensor", "ElementaryFunctions"],
    swiftSettings: optimised),
  .target(
    name: "Networks", dependencies: ["MiniTensor", "Architectures", "Files"],
    swiftSettings: optimised),
  .target(
    name: "Datasets", dependencies: ["MiniTensor", "Files"], exclude: ["README.md"],
    resources: [.copy("Digits")], swiftSettings: optimised),
  .target(
    name: "Playground",
    dependencies: ["MiniTensor", "Architectures", "Networks", "Optimization", "Datasets"],
    exclude: ["Web"], swiftSettings: optimised),
  .target(
    name: "Training",
    dependencies: ["MiniTensor", "Networks", "Optimization", "Datasets", "RunStore", "Files"],
    swiftSettings: optimised),
  .target(
    name: "RunStore",
    dependencies: [
      "Architectures", "Files", "StoreDefence",
      .product(name: "GRDB", package: "GRDB.swift"),
    ], exclude: ["README.md"]),
  .target(name: "Statistics", swiftSettings: optimised),
  .target(
    name: "Reports",
    dependencies: ["RunStore", "Statistics", "Commands", "Files", "Architectures"],
    swiftSettings: optimised),
  .target(name: "StoreDefence", linkerSettings: [.linkedLibrary("sqlite3")]),
  .target(name: "Charts", dependencies: ["ElementaryFunctions"], exclude: ["README.md"]),
  .target(
    name: "ChapterExperiments",
    dependencies: [
      "MiniTensor", "Networks", "Datasets", "Training", "RunStore", "Statistics", "Charts",
      "Notebook", "Commands", "Translation",
    ],
    swiftSettings: optimised),
  .target(
    name: "Notebook",
    dependencies: [
      "Charts", "Exercises", "RunStore", "Commands", "Files", "Translation",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], exclude: ["README.md"]),
  .executableTarget(
    name: "metrics",
    dependencies: [
      "RunStore", "Reports", "Statistics", "Charts", "Commands", "Files",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], exclude: ["README.md"]),
  .target(
    name: "Commands",
    dependencies: [
      "Charts", "Files", "Translation",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .executableTarget(name: "resnet", dependencies: ["ResNetCommands"], swiftSettings: optimised),
  .target(
    name: "ResNetCommands",
    dependencies: [
      "MiniTensor", "Architectures", "Networks", "Optimization", "Datasets", "Training",
      "RunStore", "Charts", "Commands", "Files",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: optimised),
  .executableTarget(
    name: "book",
    dependencies: [
      "Charts", "Commands", "Files", "RunStore", "Statistics", "Translation", "Exercises",
      "Graders", "Networks", "Playground",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ] + chapterPrograms,
    // The book's pages get these files as they are.
    exclude: ["Site/README.md", "Site/book.css", "Site/book.js", "Site/figures.js"],
    swiftSettings: isPortable ? [.define("PORTABLE")] : []),
  .executableTarget(
    name: "classroom",
    dependencies: [
      "Exercises", "Graders", "Teaching", "Charts", "Commands", "Files",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .target(
    name: "Teaching",
    dependencies: ["Exercises", "RunStore", "Commands", "Files"]),
  .executableTarget(
    name: "bench",
    dependencies: [
      "BuildFlags", "MiniTensor", "Networks", "Optimization", "Charts", "Commands",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: optimised),
]

// A target names all modules that it imports. One that it only meets through another isn't looked at when the
// package manager decides what to compile again, and its tests then work with memory laid out as it used to be.
let tests: [Target] = [
  .target(name: "BuiltPrograms", path: "Tests/BuiltPrograms"),
  .testTarget(
    name: "ElementaryFunctionsTests", dependencies: ["ElementaryFunctions"],
    resources: [.copy("Fixtures")], swiftSettings: optimised),
  .testTarget(
    name: "MiniTensorTests", dependencies: ["MiniTensor"], resources: [.copy("Vectors")],
    swiftSettings: optimised),
  // Prints hashes of what operations and short training runs come to: the same ones on all processors.
  .executableTarget(
    name: "Fingerprint", dependencies: ["MiniTensor", "Networks", "Optimization", "Architectures"],
    path: "Tests/Fingerprint", swiftSettings: optimised),
  .testTarget(
    name: "FingerprintTests", dependencies: ["Fingerprint", "BuiltPrograms"],
    resources: [.copy("fingerprints.txt")],
    swiftSettings: optimised),
  .testTarget(
    name: "StatisticsTests", dependencies: ["Statistics"], resources: [.copy("Fixtures")]),
  .testTarget(
    name: "ReportsTests", dependencies: ["Reports", "RunStore", "Statistics", "Architectures"]),
  .testTarget(name: "ArchitecturesTests", dependencies: ["Architectures"]),
  .testTarget(
    name: "OptimizationTests", dependencies: ["Optimization", "MiniTensor"],
    resources: [.copy("Vectors")],
    swiftSettings: optimised),
  .testTarget(
    name: "NetworksTests", dependencies: ["Networks", "Architectures", "MiniTensor"],
    resources: [.copy("Fixtures")],
    swiftSettings: optimised),
  .testTarget(
    name: "DatasetsTests", dependencies: ["Datasets", "MiniTensor"],
    resources: [.copy("Fixtures")],
    swiftSettings: optimised),
  .testTarget(
    name: "PlaygroundTests",
    dependencies: [
      "Playground", "ChapterExperiments", "Datasets", "MiniTensor", "Networks", "Training",
    ],
    swiftSettings: optimised),
  .testTarget(
    name: "TrainingTests",
    dependencies: [
      "Training", "Optimization", "Datasets", "Files", "MiniTensor", "Networks", "RunStore",
    ],
    resources: [.copy("Vectors")],
    swiftSettings: optimised),
  // A process that records until it is stopped: several of them share a store in the tests.
  .executableTarget(
    name: "StoreWriter", dependencies: ["Architectures", "RunStore"], path: "Tests/StoreWriter"),
  .testTarget(
    name: "RunStoreTests",
    dependencies: [
      "RunStore", "Architectures", "StoreWriter", "BuiltPrograms",
      .product(name: "GRDB", package: "GRDB.swift"),
      .product(name: "GRDBSQLite", package: "GRDB.swift"),
    ],
    resources: [.copy("Fixtures")]),
  .testTarget(
    name: "CommandsTests",
    dependencies: [
      "Commands", "Charts", "Files", "Translation",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]
  ),
  // Asks every program that is built beside it.
  .testTarget(name: "ProcessorTests"),
  .testTarget(
    name: "OptionTests", dependencies: ["resnet", "metrics", "bench", "RunStore", "BuiltPrograms"]),
  .testTarget(name: "FilesTests", dependencies: ["Files"]),
  .testTarget(
    name: "ExerciseTests",
    dependencies: [
      "Exercises", "ExerciseKit", "Graders", "MiniTensor", "RunStore", "Files", "Translation",
      "classroom",
    ], exclude: ["Solutions"]),
  .testTarget(
    name: "ClassroomTests",
    dependencies: [
      "Teaching", "Exercises", "ExerciseKit", "Graders", "MiniTensor", "RunStore", "Commands",
      "Files",
    ]),
  .testTarget(name: "ChartsTests", dependencies: ["Charts"]),
  .testTarget(name: "TranslationTests", dependencies: ["Translation"]),
  .testTarget(
    name: "NotebookTests",
    dependencies: [
      "Notebook", "Commands", "Charts", "RunStore", "Translation",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    resources: [.copy("Golden")]),
  .testTarget(
    name: "ResNetTests",
    dependencies: [
      "resnet", "resnet-mpi", "ResNetCommands", "Architectures", "MiniTensor", "Networks",
      "Datasets", "Training", "RunStore", "Files", "Commands", "BuiltPrograms",
    ]),
  .testTarget(
    name: "BookTests",
    dependencies: [
      "book", "Charts", "Translation", "Commands", "Exercises", "Graders", "ChapterExperiments",
      "resnet", "ResNetCommands", "RunStore",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .testTarget(
    name: "DocumentationTests",
    dependencies: [
      "resnet", "ResNetCommands", "metrics", "bench", "book", "classroom", "Notebook",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ] + chapterPrograms),
  .testTarget(
    name: "ChapterTests",
    dependencies: ["book", "Networks", "Optimization", "RunStore", "Training"] + chapterPrograms,
    exclude: ["Mutations"], swiftSettings: optimised),
  .testTarget(
    name: "MetricsTests",
    dependencies: [
      "metrics", "RunStore", "Architectures", "BuiltPrograms",
      .product(name: "GRDB", package: "GRDB.swift"),
    ]),
]

let package = Package(
  name: "resnet-by-hand",
  platforms: [.macOS(.v14)],
  products: [
    .library(
      name: "ExerciseSupport", type: .dynamic,
      targets: ["ExerciseKit", "MiniTensor", "Networks", "Optimization"] + chapterLibraries)
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  // What is handed out to students has no tests.
  targets: modules + programOfManyMachines + chapters.flatMap { chapter($0.number, $0.folder) }
    + (isThere("Tests") ? tests : []),
  swiftLanguageModes: [.v6]
)
