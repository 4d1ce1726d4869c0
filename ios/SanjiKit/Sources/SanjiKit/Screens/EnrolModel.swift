import Foundation

/// Makes this somebody's phone: by a scanned code, by a typed one, or beside a principal's phone without a network.
@MainActor
public final class EnrolModel: Model {
  public var address = ""
  public var code = ""
  /// This phone's key, to be shown to a principal's phone.
  public private(set) var deviceKey: String?
  /// It is done.
  public private(set) var isEnrolled = false

  /// A principal's phone shows its pass with this at its beginning.
  private static let pass = "SANJI1P:"

  public override func load() async {
    deviceKey = await read { try $0.deviceKey() }
    changed()
  }

  /// Takes the text of a scanned code: an invitation, or a pass.
  public func scanned(_ text: String) async {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.hasPrefix(Self.pass) {
      await finish { desk in try await desk.ask { try $0.enrolWithPass(pass: text) } }
    } else {
      await finish { desk in try await desk.fetch { try await $0.enrol(invitation: text) } }
    }
  }

  /// Takes what was typed.
  public func typed() async {
    let (address, code) = (address.filled ?? "", code.filled ?? "")
    await finish { desk in try await desk.fetch { try await $0.enrolTyped(address: address, code: code) } }
  }

  /// The key of what went wrong, in the words of enrolment where they say more.
  public var troubleKey: String? {
    switch trouble {
    case .offline: "enrol-needs-network"
    case .refused(.certificate): "enrol-expired"
    case .refused(.outdated): trouble?.key
    case .refused: "enrol-not-accepted"
    default: trouble?.key
    }
  }

  private func finish(_ enrol: (Desk) async throws -> Void) async {
    guard await act(enrol) != nil else { return }
    isEnrolled = true
    changed()
  }
}

/// After enrolment: who you are, your school, what is recorded about you and who sees it.
@MainActor
public final class WelcomeModel: Model {
  public private(set) var owner: Owner?

  public override func load() async {
    owner = await read { try $0.owner() }
    changed()
  }

  /// Names have not arrived yet: they come with the first connection.
  public var waitsForNames: Bool { owner?.postings.contains { $0.name == nil || $0.schoolName == nil } ?? true }
}
