/// The school's own settings: boarding, when pupils go home, its windows, its filed rules. It begins with what stands on the chosen day,
/// and only what differs is recorded.
@MainActor
public final class ProfileModel: HeadModel {
  /// The ends of a school's own windows, in this order, by the keys of their words.
  public nonisolated static let ends = ["settings-morning-from", "settings-morning-to", "settings-afternoon-from", "settings-afternoon-to"]

  /// What is filled in.
  public struct Fields: Codable, Equatable, Sendable {
    public var boarding = false
    public var dismissal = ""
    /// The ends of its own windows, `08:30`; all empty where those of the scheme hold.
    public var windows = ProfileModel.ends.map { _ in "" }
    public var rulesVersion = ""
  }

  /// From which day on it holds.
  public var from = "" { didSet { if !oldValue.isEmpty, from != oldValue { Task { await load() } } } }
  public var fields = Fields()
  /// The school has windows of its own, or may have them.
  public private(set) var hasWindows = false
  /// Some ends of the windows are filled in and others not.
  public private(set) var isHalfFilled = false
  /// What stands, of which school on which day; absent until it is read.
  private var stands: (fields: Fields, school: String, day: String)?

  public override func load() async {
    await super.load()
    if from.isEmpty { from = today }
    guard let school, !from.isEmpty else { return }
    let day = from
    guard let found = await read({ try $0.profile(school: school, day: day) }), day == from, school == self.school else { return }
    hasWindows = found.shiftsWindows || !found.windows.isEmpty
    let before = stands.flatMap { $0.school == school ? $0.fields : nil }
    let now = Fields(found)
    show(\.boarding, of: now, before)
    show(\.dismissal, of: now, before)
    show(\.windows, of: now, before)
    show(\.rulesVersion, of: now, before)
    stands = (now, school, day)
    changed()
  }

  /// It is known what stands.
  public var isReady: Bool { stands.map { $0.school == school && $0.day == from } ?? false }

  /// Records it.
  public func save() async {
    guard isReady else { return }
    let ends = fields.windows.compactMap(\.filled)
    isHalfFilled = !ends.isEmpty && ends.count < Self.ends.count
    changed()
    guard !isHalfFilled else { return }
    let profile = Profile(
      from: from, boarding: fields.boarding, dismissal: fields.dismissal.filled, windows: ends, rulesVersion: fields.rulesVersion.filled)
    _ = await direct { try $0.setProfile(school: $1, profile: profile) }
  }

  /// Shows what stands of a field, unless somebody changed it meanwhile.
  private func show(_ field: WritableKeyPath<Fields, some Equatable>, of now: Fields, _ before: Fields?) {
    if let before, fields[keyPath: field] != before[keyPath: field] { return }
    fields[keyPath: field] = now[keyPath: field]
  }
}

extension ProfileModel.Fields {
  fileprivate init(_ profile: SchoolProfile) {
    (boarding, dismissal, rulesVersion) = (profile.boarding, profile.dismissal ?? "", profile.rulesVersion ?? "")
    if profile.windows.count == windows.count { windows = profile.windows }
  }
}
