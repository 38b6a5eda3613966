import ArgumentParser

/// Refuses an empty path. To the system it is the folder where one works, so that what was meant for another place,
/// such as for that of a variable that isn't set, would be written there.
///
/// - Parameters:
///   - path: what was given, if anything was.
///   - option: the option or argument that took it.
/// - Throws: `ValidationError`.
public func requirePath(_ path: String?, of option: String) throws(ValidationError) {
  if path?.isEmpty == true {
    throw ValidationError("\(option) takes a path, and this one is empty.")
  }
}
