import Foundation

/// Where data sets are kept: `resnet-by-hand` in the folder for things that can be fetched again.
///
/// - SeeAlso: the XDG base directory specification.
public enum CacheFolder {
  /// `$XDG_CACHE_HOME/resnet-by-hand`, or `~/.cache/resnet-by-hand`.
  public static func url(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL {
    // The specification: a relative path is to be ignored.
    let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let cache =
      named.map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    return cache.appendingPathComponent("resnet-by-hand")
  }

  /// The folder of one data set, where `resnet fetch` puts its files.
  public static func folder(of dataset: Dataset.Name) -> URL {
    url().appendingPathComponent(dataset.fetched)
  }
}
