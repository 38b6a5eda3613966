import Files
import Foundation

/// Who is working: a name that nothing proves, by which what is recorded can be told apart, exported and deleted.
public enum Learner {
  /// The name in `RESNET_LEARNER`, else the login name.
  public static let current = name(in: ProcessInfo.processInfo.environment)

  /// The same for other environments.
  public static func name(in environment: [String: String]) -> String {
    let given = environment["RESNET_LEARNER"]?.trimmingCharacters(in: .whitespaces) ?? ""
    if !given.isEmpty { return given.withoutNUL.cut(to: RunStore.longestName) }
    return NSUserName().isEmpty ? "learner" : NSUserName()
  }
}
