import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct PlaceTests {
  /// A place finder that counts how often it is asked.
  final class Finder: PlaceFinder, @unchecked Sendable {
    private let lock = NSLock()
    private let found: Fix?
    private var asked = 0
    init(_ found: Fix?) { self.found = found }
    var times: Int { lock.withLock { asked } }
    func isAllowed() async -> Bool? { true }
    func ask() async -> Bool { true }
    func fix() async -> Fix? {
      lock.withLock { asked += 1 }
      return found
    }
  }

  private static let atSchool = Fix(latitude: 27.119, longitude: 104.727, accuracy: 12, mock: false)

  @Test("Nobody is asked for a place as long as the county doesn't want it")
  func unwanted() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let finder = Finder(Self.atSchool)
    let pocket = Pocket(clock, places: finder)
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    let today = TodayModel(try pocket.office)
    await today.load()
    await today.tap()
    #expect(today.day?.checks.count == 1 && finder.times == 0)
  }

  @Test("Where the county wants it the place is asked for once at the tap; without permission the check is saved all the same")
  func wanted() async throws {
    for found in [Self.atSchool, nil] {
      let clock = SchoolClock()
      let relay = try Relay.start(clock)
      try relay.run("county", "import", try Self.county().path)
      let finder = Finder(found)
      let pocket = Pocket(clock, places: finder)
      try await pocket.enrol(relay.invite(Relay.teacher).qr)
      let today = TodayModel(try pocket.office)
      await today.load()
      await today.tap()
      #expect(today.trouble == nil && today.day?.checks.count == 1)
      #expect(finder.times == 1 && !today.isFindingPlace)
      try await pocket.sync()
    }
  }

  /// The organisation that comes with the program, with its place turned on and the ground of one school.
  private static func county() throws -> URL {
    let data = URL(fileURLWithPath: setting("SANJI_PROJECT")).appendingPathComponent("server/data/hezhang.toml")
    let name = "name = \"\(Relay.school)\"\n"
    let text = try String(contentsOf: data, encoding: .utf8)
      .replacingOccurrences(of: "# place = true", with: "place = true")
      .replacingOccurrences(of: name, with: "\(name)area = { latitude = 27.119, longitude = 104.727, metres = 150 }\n")
    let file = newFolder("county").appendingPathComponent("county.toml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file
  }
}
