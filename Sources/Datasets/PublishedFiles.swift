import Foundation

/// The names under which the files of published data sets travel, and where they are looked for.
struct PublishedFiles {
  let name: Dataset.Name
  let part: Dataset.Part
  let folder: DataFolder

  /// - Throws: `DatasetError` if there is no such folder.
  init(_ name: Dataset.Name, _ part: Dataset.Part, in folder: URL) throws(DatasetError) {
    (self.name, self.part) = (name, part)
    self.folder = try DataFolder(
      folder, expected: "the folder with the files of \(name.rawValue)",
      remedy: "Run `resnet fetch \(name.fetched)`, or give the folder that holds them.")
  }

  /// The images and the labels of the MNIST family: as the publisher calls them or with a dot
  /// (`train-images.idx3-ubyte`), packed or not, in a folder of that very name, or where torchvision puts
  /// them (`MNIST/raw`). Both from one place.
  func imagesAndLabels() throws(DatasetError) -> (images: URL, labels: URL) {
    let prefix = part == .train ? "train" : "t10k"
    let stems = [("\(prefix)-images", "idx3-ubyte"), ("\(prefix)-labels", "idx1-ubyte")]
    let inner = [Dataset.Name.fashionMNIST: "FashionMNIST", .kmnist: "KMNIST"][name] ?? "MNIST"
    for place in ["", inner, "raw", inner + "/raw"].compactMap(folder.folder) {
      let found = stems.compactMap { file(of: $0, in: place) }
      if found.count == 2 { return (found[0], found[1]) }
    }
    throw missing(
      stems.map { "\($0)-\($1)" }.joined(separator: " and ")
        + " (or with .gz) in one place, the folder itself or \(inner)/raw")
  }

  private func file(of stem: (String, String), in place: DataFolder) -> URL? {
    let names = ["-", "."].flatMap { dot in
      ["", ".gz"].map { "\(stem.0)\(dot)\(stem.1)\($0)" }
    }
    for name in names {
      guard let entry = place.entry(name) else { continue }
      guard DataFolder.isFolder(entry) else { return entry }
      guard let inner = try? DataFolder(entry) else { continue }
      if let file = names.compactMap(inner.entry).first(where: { !DataFolder.isFolder($0) }) {
        return file
      }
    }
    return nil
  }

  /// Files of CIFAR's binary version, in the folder or in the one that the archive makes. All from one
  /// place.
  func binaryFiles() throws(DatasetError) -> (files: [URL], place: DataFolder) {
    let (names, inner) =
      name == .cifar10
      ? (
        part == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"],
        "cifar-10-batches-bin"
      ) : (["\(part.rawValue).bin"], "cifar-100-binary")
    var absent = names
    for place in ["", inner].compactMap(folder.folder) {
      let found = names.compactMap(place.entry)
      if found.count == names.count { return (found, place) }
      if !found.isEmpty { absent = names.filter { place.entry($0) == nil } }
    }
    throw missing("\(absent.joined(separator: ", ")) in the folder itself or \(inner)")
  }

  /// Says what was looked for, what is there, and how the one becomes the other.
  private func missing(_ expected: String) -> DatasetError {
    let fetch = "`resnet fetch \(name.fetched)`"
    let archives = Archive.all.first { $0.name.rawValue == name.fetched }?.files.map(\.name) ?? []
    let names = folder.names.map { $0.lowercased() }
    let extensions = Set(names.map { ($0 as NSString).pathExtension })
    let remedy =
      if names.contains(where: { archives.contains($0) && $0.hasSuffix(".tar.gz") }) {
        "The archive is still packed: \(fetch) with --to \(folder.url.path) unpacks it."
      } else if names.contains(where: { name in
        name == "data_batch_1" || name.hasPrefix("cifar") && name.hasSuffix("-py")
          || name.contains("-python")
      }) {
        "That is the version for Python; \(fetch) gets the binary one."
      } else if extensions.contains("zip") {
        "Unpack the ZIP archive, or let \(fetch) get the files."
      } else if !extensions.isDisjoint(with: ["npz", "npy", "pkl", "parquet", "csv", "mat", "h5"]) {
        "Other forms of the data set aren't read; \(fetch) gets this one."
      } else {
        "Run \(fetch), or give the folder that holds them."
      }
    return DatasetError(
      fault: .missing, file: folder.url.path, offset: nil, expected: expected,
      found: folder.contents, remedy: remedy)
  }
}

extension Dataset {
  /// Looks for the files of a data set, without reading them.
  ///
  /// - Returns: the files of both parts; of pictures in folders, the folder of each part.
  /// - Throws: `DatasetError` with what was looked for and what is there.
  @discardableResult
  public static func find(_ name: Name, in folder: URL) throws(DatasetError) -> [URL] {
    var found: [URL] = []
    for part in Part.allCases where name != .digits {
      let files = try PublishedFiles(name, part, in: folder)
      switch name {
      case .digits: break
      case .cifar10, .cifar100, .cifar100Coarse: found += try files.binaryFiles().files
      case .mnist, .fashionMNIST, .kmnist:
        let (images, labels) = try files.imagesAndLabels()
        found += [images, labels]
      case .folder: found += [files.folder.entry(part.rawValue)].compactMap(\.self)
      }
    }
    return found
  }
}

extension Dataset.Name {
  /// What `resnet fetch` calls it: the superclasses are in the files of CIFAR-100.
  var fetched: String { self == .cifar100Coarse ? Self.cifar100.rawValue : rawValue }
}
