import Foundation
import Testing

@testable import SanjiKit

/// What each source may name.
@Suite struct BoundaryTests {
  /// The lines outside of some files in which a pattern stands.
  private func lines(with pattern: Regex<Substring>, outside files: Set<String>) -> [String] {
    let pattern = pattern.wordBoundaryKind(.simple)
    return AppSource.all.filter { !files.contains($0.name) }.flatMap { source in
      source.code.filter { $0.contains(pattern) }.map { "\(source.name): \($0)" }
    }
  }

  @Test("Records are asked at the desk alone: nobody else opens them, keeps them, or gives them away")
  func desk() {
    let keeps = #/(?:let|var)\s+\w+\s*:\s*Phone\b|->\s*Phone\b|\bPhone\.open\b|\bPhone\(|\bask\s*\{\s*\$0\s*\}/#
    let found = lines(with: keeps, outside: [])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("Desk.swift") }, "\(found)")
    // Where else a phone is spoken of, it is given to what runs at the desk.
    let given = #/@Sendable \(Phone|_ phone: Phone\b|extension Phone \{/#
    let spoken = lines(with: #/\bPhone\b/#, outside: ["Desk.swift"])
    #expect(spoken.count > 10 && spoken.filter { !$0.contains(given) } == [])
  }

  @Test("Only one file names the generated module")
  func generated() {
    #expect(lines(with: #/\bSanjiCore\b/#, outside: ["Bindings.swift", "Package.swift"]) == [])
  }

  @Test("No screen asks the phone's own clock what day it is: the records know better")
  func clock() {
    #expect(lines(with: #/\bwallSecs\b/#, outside: ["DeviceClock.swift"]) == [])
    // The other clock, which only runs, is asked how long ago something was.
    #expect(!lines(with: #/\belapsedMs\b/#, outside: ["DeviceClock.swift"]).isEmpty)
  }
}
