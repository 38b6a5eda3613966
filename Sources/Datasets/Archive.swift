import Foundation

/// A published data set: where it is, and how to know that it arrived.
public struct Archive: Sendable {
  /// One file of it.
  public struct File: Sendable {
    /// What it is called on the server.
    public let name: String
    /// Its MD5 checksum, as published.
    public let md5: String

    /// A file from its parts.
    public init(name: String, md5: String) { (self.name, self.md5) = (name, md5) }
  }

  /// The data set.
  public let name: Dataset.Name
  /// The folder on the publisher's server.
  public let source: String
  /// What it consists of.
  public let files: [File]
  /// Whether the files are tar archives; otherwise they are compressed files.
  public let isTar: Bool
  /// More bytes than any of the files has, packed.
  public var largestFile: Int { isTar ? 200_000_000 : 30_000_000 }

  /// A data set from its parts.
  public init(name: Dataset.Name, source: String, files: [File], isTar: Bool = false) {
    (self.name, self.source, self.files, self.isTar) = (name, source, files, isTar)
  }

  /// All that can be fetched.
  ///
  /// The checksums of CIFAR are those on the page of A. Krizhevsky that offers the archives. The others are
  /// not published beside the files; these are the ones that torchvision checks
  /// (`torchvision/datasets/mnist.py`).
  public static let all = [
    Archive(
      name: .cifar10, source: "https://www.cs.toronto.edu/~kriz/",
      files: [File(name: "cifar-10-binary.tar.gz", md5: "c32a1d4ab5d03f1284b67883e8d87530")],
      isTar: true),
    Archive(
      name: .cifar100, source: "https://www.cs.toronto.edu/~kriz/",
      files: [File(name: "cifar-100-binary.tar.gz", md5: "03b5dce01913d631647c71ecec9e9cb8")],
      isTar: true),
    Archive(
      name: .mnist, source: "https://ossci-datasets.s3.amazonaws.com/mnist/",
      files: idx(
        "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c")),
    Archive(
      name: .fashionMNIST,
      source: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      files: idx(
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310")),
    Archive(
      name: .kmnist, source: "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
      files: idx(
        "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
        "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134")),
  ]

  private static func idx(_ sums: String...) -> [File] {
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    return zip(names, sums).map { File(name: "\($0)-ubyte.gz", md5: $1) }
  }
}
